//! Keeping gradients from exploding.

use crate::autograd::no_grad;

use super::optimizer::Parameters;

/// Scales all gradients by one factor so that their common Euclidean norm is at most `max_norm`, and returns the norm
/// that they had (Pascanu et al., 2013).
pub fn clip_grad_norm(parameters: &Parameters, max_norm: f64) -> f64 {
    let grads = || parameters.iter().filter_map(|(_, tensor)| Some((tensor, tensor.grad()?)));
    no_grad(|| {
        let norm = grads().map(|(_, grad)| grad.square().sum().item()).sum::<f64>().sqrt();
        let scale = max_norm / (norm + 1e-6);
        if scale < 1.0 {
            grads().for_each(|(tensor, grad)| tensor.set_grad(Some(grad.mul_scalar(scale))));
        }
        norm
    })
}

/// Keeps every element of every gradient within ±`max_value`.
pub fn clip_grad_value(parameters: &Parameters, max_value: f64) {
    no_grad(|| {
        for (_, tensor) in parameters.iter() {
            if let Some(grad) = tensor.grad() {
                tensor.set_grad(Some(grad.clamp(-max_value, max_value)));
            }
        }
    });
}
