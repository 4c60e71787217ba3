//! Whether numbers were drawn from a distribution: their bounds and moments.

use minitensor::{DType, Tensor};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

pub(crate) fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// Mean and variance within five deviations of the estimate; `fourth` is the fourth central moment.
pub(crate) fn assert_moments(x: &Tensor, mean: f64, variance: f64, fourth: f64) {
    let (x, n) = (x.to_dtype(DType::F64), x.numel() as f64);
    let (got_mean, got_variance) = (x.mean().item(), x.var(1).item());
    assert!((got_mean - mean).abs() < 5.0 * (variance / n).sqrt(), "mean {got_mean}, not {mean}");
    let error = ((fourth - variance * variance) / n).sqrt();
    assert!((got_variance - variance).abs() < 5.0 * error, "variance {got_variance}, not {variance}");
}

pub(crate) fn assert_uniform(x: &Tensor, bound: f64) {
    let largest = x.detach().abs().max().item();
    let reached = 1.0 - 20.0 / x.numel() as f64;
    assert!(largest <= bound * 1.000_001 && largest > bound * reached, "{largest} of {bound}");
    assert_moments(&x.detach(), 0.0, bound * bound / 3.0, bound.powi(4) / 5.0);
}

pub(crate) fn assert_normal(x: &Tensor, std: f64) {
    assert_moments(x, 0.0, std * std, 3.0 * std.powi(4));
    // 4.6 % of a normal distribution lies outside two deviations
    let outside = x.abs().gt_scalar(2.0 * std).sum().item() / x.numel() as f64;
    assert!((outside - 0.0455).abs() < 0.01, "{outside} outside two deviations");
}
