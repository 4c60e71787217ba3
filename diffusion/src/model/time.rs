//! How a network is told the time.

use minitensor::{DType, Tensor};

// ANCHOR: time_features
/// Each step t as `width` waves of it, slow and fast: sin(t ω₀), …, cos(t ω₀), … with frequencies ω that fall from 1 to
/// nearly 1/10,000 (Vaswani et al., 2017, section 3.5). Near steps look alike, distant ones do not.
///
/// # Shapes
/// steps (B) in `I64` → (B, width)
///
/// # Panics
/// If `width` is odd or 0.
#[track_caller]
pub fn time_features(steps: &Tensor, width: usize) -> Tensor {
    assert!(
        width > 0 && width.is_multiple_of(2),
        "time_features: half of the features are sines and half cosines, so their number must be even, not {width}"
    );
    let half = width / 2;
    let numbers = steps.device().scope(|| Tensor::arange(half)).to_dtype(DType::F32);
    let frequencies = (numbers * (-(10_000f64.ln()) / half as f64)).exp();
    let angles = steps.to_dtype(DType::F32).unsqueeze(1).mul(&frequencies); // (B, width / 2)
    Tensor::cat(&[&angles.sin(), &angles.cos()], 1) // (B, width)
}
// ANCHOR_END: time_features
