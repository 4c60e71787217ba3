//! Checks of chapter 1. Wherever there is a formula to find, the measured slope is the judge of it.

mod central_difference;
mod descend;
mod neuron_gradient;
mod residual_gradient;
mod two_layers;

#[allow(unused_imports, reason = "`../main.rs` has its own")]
use tests::my_chapter as chapter;

crate::chapter! {
    #[path = "../../mine/ch01_derivatives.rs"]
    ch01_derivatives: central_difference, neuron_gradient, two_layers, residual_gradient, descend
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// The slope of `f` at `x`, measured.
fn slope(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    (f(x + 1e-5) - f(x - 1e-5)) / 2e-5
}
