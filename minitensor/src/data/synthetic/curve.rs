//! A curve to fit.

use super::{Kind, normal, source};
use crate::Tensor;

/// y = sin x with normal noise of deviation `noise`, at `count` evenly spaced x from -3 pi to 3 pi: two tensors of shape
/// (count, 1). No model can have a mean squared error much below `noise`² on points that it has not seen.
pub fn sine(count: usize, noise: f32, seed: u64) -> (Tensor, Tensor) {
    let mut rng = source(Kind::Sine, seed, 0);
    let end = 3.0 * std::f64::consts::PI;
    let x = Tensor::linspace(-end, end, count);
    let y = x.to_vec::<f32>().into_iter().map(|x| x.sin() + noise * normal(&mut rng)).collect();
    (x.reshape([count, 1]), Tensor::from_vec(y, [count, 1]))
}
