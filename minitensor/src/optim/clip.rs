//! Keeping gradients from exploding.

use crate::autograd::no_grad;
use crate::device::Device;
use crate::tensor::Tensor;

use super::parameters::Parameters;

/// Scales all gradients by one factor so that their common Euclidean norm is at most `max_norm`, and returns the norm
/// that they had (Pascanu et al., 2013): a single number, which stays on the gradients' device until it is read.
pub fn clip_grad_norm(parameters: &Parameters, max_norm: f64) -> Tensor {
    clip_grad_p_norm(parameters, max_norm, 2.0)
}

/// [`clip_grad_norm`] by another norm, as [`grad_norm`] takes it.
#[track_caller]
pub fn clip_grad_p_norm(parameters: &Parameters, max_norm: f64, p: f64) -> Tensor {
    let norm = grad_norm(parameters, p);
    // To look at the norm costs nothing here, and saves a pass over gradients that are short enough.
    if norm.device() == Device::Cpu && norm.item() + 1e-6 <= max_norm {
        return norm;
    }
    let scale = no_grad(|| norm.add_scalar(1e-6).recip().mul_scalar(max_norm).clamp(f64::NEG_INFINITY, 1.0));
    change(parameters, |grad| grad.mul(&scale.to_dtype(grad.dtype())));
    norm
}

/// The norm of all gradients taken as one vector: (Σ|g|ᵖ)^(1/p), or for p = ∞ the largest |g|.
///
/// # Panics
/// If p is not above 0.
#[track_caller]
pub fn grad_norm(parameters: &Parameters, p: f64) -> Tensor {
    assert!(p > 0.0, "grad_norm: there is no {p}-norm; p is above 0, and infinity asks for the largest");
    let grads = || parameters.iter().filter_map(|(_, tensor)| tensor.grad()).filter(|grad| grad.numel() > 0);
    let total = |part: fn(&Tensor, f64) -> Tensor, both: fn(&Tensor, &Tensor) -> Tensor| {
        let parts = grads().map(|grad| part(&grad, p));
        parts.reduce(|a, b| both(&a, &b.to_dtype(a.dtype()))).unwrap_or_else(|| Tensor::zeros([]))
    };
    no_grad(|| match p {
        2.0 => total(|grad, _| grad.square().sum(), Tensor::add).sqrt(),
        f64::INFINITY => total(|grad, _| grad.abs().max(), Tensor::maximum),
        _ => total(|grad, p| grad.abs().powf(p).sum(), Tensor::add).powf(1.0 / p),
    })
}

/// Keeps every element of every gradient within ±`max_value`.
pub fn clip_grad_value(parameters: &Parameters, max_value: f64) {
    change(parameters, |grad| grad.clamp(-max_value, max_value));
}

fn change(parameters: &Parameters, f: impl Fn(&Tensor) -> Tensor) {
    no_grad(|| {
        for (_, tensor) in parameters.iter() {
            if let Some(grad) = tensor.grad() {
                tensor.set_grad(Some(f(&grad)));
            }
        }
    });
}
