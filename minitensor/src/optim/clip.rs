//! Keeping gradients from exploding.

use crate::autograd::no_grad;
use crate::tensor::Tensor;

use super::parameters::Parameters;

/// Scales all gradients by one factor so that their common Euclidean norm is at most `max_norm`, and returns the norm
/// that they had (Pascanu et al., 2013).
pub fn clip_grad_norm(parameters: &Parameters, max_norm: f64) -> f64 {
    clip_grad_p_norm(parameters, max_norm, 2.0)
}

/// [`clip_grad_norm`] by another norm, as [`grad_norm`] takes it.
#[track_caller]
pub fn clip_grad_p_norm(parameters: &Parameters, max_norm: f64, p: f64) -> f64 {
    let norm = grad_norm(parameters, p);
    let scale = max_norm / (norm + 1e-6);
    if scale < 1.0 {
        change(parameters, |grad| grad.mul_scalar(scale));
    }
    norm
}

/// The norm of all gradients taken as one vector: (Σ|g|ᵖ)^(1/p), or for p = ∞ the largest |g|.
///
/// # Panics
/// If p is not above 0.
#[track_caller]
pub fn grad_norm(parameters: &Parameters, p: f64) -> f64 {
    assert!(p > 0.0, "grad_norm: there is no {p}-norm; p is above 0, and infinity asks for the largest");
    let grads = || parameters.iter().filter_map(|(_, tensor)| tensor.grad()).filter(|grad| grad.numel() > 0);
    no_grad(|| match p {
        2.0 => grads().map(|grad| grad.square().sum().item()).sum::<f64>().sqrt(),
        // a NaN stays one, which `f64::max` would drop
        f64::INFINITY => grads()
            .map(|grad| grad.abs().max().item())
            .fold(0.0, |most, next| if next > most || next.is_nan() { next } else { most }),
        _ => grads().map(|grad| grad.abs().powf(p).sum().item()).sum::<f64>().powf(1.0 / p),
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
