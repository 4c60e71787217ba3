//! First values of weights, drawn so that signals neither die nor explode on their way through many layers.
//!
//! Each function makes a fresh `F32` tensor. `fan_in` is how many numbers a unit sums: for a weight (out, in, …) the
//! product of all sizes but the first.

use rand::Rng;

use crate::shape::Shape;
use crate::tensor::Tensor;

/// Drawn evenly from [−bound, bound).
pub fn uniform(shape: impl Into<Shape>, bound: f64, rng: &mut impl Rng) -> Tensor {
    Tensor::rand(shape, rng).add_scalar(-0.5).mul_scalar(2.0 * bound)
}

/// Drawn from the normal distribution of mean 0 and this deviation.
pub fn normal(shape: impl Into<Shape>, std: f64, rng: &mut impl Rng) -> Tensor {
    Tensor::randn(shape, rng).mul_scalar(std)
}

/// Uniform within ±√(6 / ((1 + a²) · fan_in)), for layers before a leaky relu of slope `a`; 0 for a relu
/// (He et al., 2015, "Delving deep into rectifiers", equation 15). PyTorch's layers use a = √5.
pub fn kaiming_uniform(shape: impl Into<Shape>, a: f64, rng: &mut impl Rng) -> Tensor {
    let shape = shape.into();
    let (fan_in, _) = fans(&shape);
    uniform(shape, (6.0 / ((1.0 + a * a) * fan_in)).sqrt(), rng)
}

/// Normal with deviation √(2 / fan), for layers before a relu (He et al., 2015). The fan is that of the inputs, or with
/// `fan_out` that of the outputs, which keeps gradients rather than activations in size: what ResNets use.
pub fn kaiming_normal(shape: impl Into<Shape>, fan_out: bool, rng: &mut impl Rng) -> Tensor {
    let shape = shape.into();
    let (fan_in, outputs) = fans(&shape);
    normal(shape, (2.0 / if fan_out { outputs } else { fan_in }).sqrt(), rng)
}

/// Uniform within ±√(6 / (fan_in + fan_out)), for layers before a tanh (Glorot and Bengio, 2010, equation 16).
pub fn xavier_uniform(shape: impl Into<Shape>, rng: &mut impl Rng) -> Tensor {
    let shape = shape.into();
    let (fan_in, fan_out) = fans(&shape);
    uniform(shape, (6.0 / (fan_in + fan_out)).sqrt(), rng)
}

/// Normal with deviation √(2 / (fan_in + fan_out)) (Glorot and Bengio, 2010).
pub fn xavier_normal(shape: impl Into<Shape>, rng: &mut impl Rng) -> Tensor {
    let shape = shape.into();
    let (fan_in, fan_out) = fans(&shape);
    normal(shape, (2.0 / (fan_in + fan_out)).sqrt(), rng)
}

/// How many numbers a unit sums, and in how many sums each input takes part: (out, in, …) gives in·… and out·….
fn fans(shape: &Shape) -> (f64, f64) {
    assert!(
        shape.len() >= 2,
        "init: a weight of shape {shape:?} has no inputs and outputs; it needs (out, in, …)"
    );
    let receptive: usize = shape[2..].iter().product();
    ((shape[1] * receptive) as f64, (shape[0] * receptive) as f64)
}
