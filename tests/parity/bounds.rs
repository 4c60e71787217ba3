//! How close is close enough: the one place that says so.

use minitensor::{DType, Device, Tensor};

/// What the error of a case may be at most.
///
/// The error of one number is `|got − want| / max(|want|, floor · largest)`, where `largest` is the largest finite
/// magnitude in the tensor (at least `floor`, so that a gradient of zero, met to the last bit, is no division by zero).
/// Infinities and NaNs must be met exactly.
#[derive(Clone, Copy)]
pub(crate) struct Bound {
    /// For outputs.
    pub(crate) forward: f64,
    /// For gradients.
    pub(crate) backward: f64,
    /// Numbers below this part of the largest are judged by the absolute error: sums that cancel have no better.
    pub(crate) floor: f64,
}

const fn bound(forward: f64, backward: f64, floor: f64) -> Bound {
    Bound { forward, backward, floor }
}

// ANCHOR: bounds
/// The bound of a topic, or of one op in it, for F32 and F64.
const BOUNDS: &[(&str, Bound, Bound)] = &[
    ("creation", bound(1e-6, 0.0, 0.02), bound(1e-15, 0.0, 0.02)),
    // Each number by itself.
    ("elementwise", bound(1e-6, 1e-5, 1e-30), bound(2e-15, 2e-14, 1e-200)),
    // 1 − tanh² and 1 + erf lose their digits in the tails, PyTorch's too.
    ("tanh", bound(1e-6, 5e-5, 0.02), bound(2e-15, 5e-13, 0.02)),
    ("gelu", bound(1e-5, 1e-5, 0.02), bound(2e-15, 2e-14, 0.02)),
    ("gelu_tanh", bound(1e-5, 1e-5, 0.02), bound(2e-15, 2e-14, 0.02)),
    ("gelu_plain", bound(1e-5, 1e-5, 0.02), bound(2e-15, 2e-14, 0.02)),
    // PyTorch multiplies its gradient with a sixth in F32.
    ("hardsigmoid", bound(1e-6, 1e-5, 1e-2), bound(2e-15, 1e-7, 1e-2)),
    ("activations", bound(1e-6, 1e-5, 1e-2), bound(2e-15, 2e-14, 1e-2)),
    ("functions", bound(1e-6, 1e-5, 1e-30), bound(2e-15, 2e-14, 1e-200)),
    // Sums: the order of the terms is ours.
    ("reductions", bound(5e-6, 1e-5, 0.02), bound(5e-15, 2e-14, 0.02)),
    ("matmul", bound(2e-6, 2e-6, 0.05), bound(5e-15, 5e-15, 0.05)),
    ("linear", bound(2e-6, 2e-6, 0.05), bound(5e-15, 5e-15, 0.05)),
    // Copies: to the bit, but for gradients that add up.
    ("movement", bound(0.0, 5e-7, 0.02), bound(0.0, 2e-15, 0.02)),
    ("measures", bound(5e-6, 1e-5, 0.02), bound(5e-15, 2e-14, 0.02)),
    ("sorting", bound(2e-6, 5e-6, 0.02), bound(5e-15, 1e-14, 0.02)),
    ("rearranging", bound(0.0, 1e-6, 0.02), bound(0.0, 5e-15, 0.02)),
    ("picking", bound(0.0, 1e-6, 0.02), bound(0.0, 2e-15, 0.02)),
    ("indexing", bound(2e-7, 5e-7, 0.02), bound(1e-15, 1e-15, 0.02)),
    ("losses", bound(2e-6, 5e-6, 0.02), bound(5e-15, 2e-14, 0.02)),
    // The gradient of a softmax is a difference of numbers that are nearly equal, PyTorch's too.
    ("attention", bound(5e-6, 2e-5, 0.05), bound(1e-14, 3e-14, 0.05)),
    ("transformer", bound(5e-5, 5e-5, 0.05), bound(2e-13, 2e-13, 0.05)),
    // The gradient of a bias adds up numbers of both signs, in an order of ours.
    ("conv", bound(2e-6, 1e-5, 0.05), bound(5e-15, 2e-14, 0.05)),
    ("conv_layers", bound(3e-6, 1e-5, 0.05), bound(5e-15, 2e-14, 0.05)),
    ("fold", bound(2e-6, 5e-6, 0.05), bound(5e-15, 2e-14, 0.05)),
    ("conv3d", bound(2e-6, 5e-6, 0.05), bound(5e-15, 2e-14, 0.05)),
    ("conv_transpose", bound(2e-6, 5e-6, 0.05), bound(5e-15, 2e-14, 0.05)),
    // For F32 PyTorch places its pixels in F32 too.
    ("interpolate", bound(1e-5, 1e-5, 0.05), bound(1e-14, 2e-14, 0.05)),
    ("pool", bound(1e-6, 5e-6, 0.02), bound(1e-15, 1e-14, 0.02)),
    // The mean of a window: the order of its terms is the device's.
    ("avg_pool2d", bound(1e-6, 5e-6, 0.02), bound(2e-15, 1e-14, 0.02)),
    // The mean of means is rounded twice.
    ("avg_pool3d", bound(3e-6, 5e-6, 0.02), bound(1e-14, 1e-14, 0.02)),
    ("adaptive_avg_pool3d", bound(3e-6, 5e-6, 0.02), bound(1e-14, 1e-14, 0.02)),
    ("pooling", bound(1e-6, 5e-6, 0.02), bound(1e-15, 1e-14, 0.02)),
    ("norm", bound(2e-5, 2e-5, 0.05), bound(5e-14, 1e-13, 0.05)),
    ("row_norm", bound(5e-6, 2e-5, 0.05), bound(1e-14, 5e-14, 0.05)),
    ("embedding", bound(0.0, 5e-7, 0.02), bound(0.0, 1e-15, 0.02)),
    // Terms of both signs: what is left of a sum was rounded as its largest terms were.
    ("rnn", bound(1e-5, 2e-5, 0.05), bound(3e-14, 3e-14, 0.05)),
    // Many ops one after the other.
    ("layers", bound(1e-5, 5e-5, 0.05), bound(2e-14, 1e-13, 0.05)),
    ("optim", bound(2e-5, 2e-5, 0.05), bound(2e-13, 2e-13, 0.05)),
    // Twenty steps of a whole network: each starts from the rounding of those before it.
    ("models_gpt", bound(3e-4, 0.0, 0.05), bound(0.0, 0.0, 0.05)),
    ("models_resnet", bound(3e-4, 0.0, 0.05), bound(0.0, 0.0, 0.05)),
    ("models_unet", bound(3e-4, 0.0, 0.05), bound(0.0, 0.0, 0.05)),
    ("schedules", bound(1e-15, 0.0, 1e-3), bound(2e-15, 0.0, 1e-3)),
];
// ANCHOR_END: bounds

/// The bound of an op: its own, or its topic's.
pub(crate) fn of(topic: &str, op: &str, dtype: DType) -> Bound {
    let find = |name: &str| BOUNDS.iter().find(|(n, ..)| *n == name);
    let (_, f32, f64) = find(op).or_else(|| find(topic)).unwrap_or_else(|| panic!("{topic} has no bound"));
    let bound = if dtype == DType::F32 { *f32 } else { *f64 };
    match Device::current() {
        Device::Cpu => bound,
        // OpenCL lets a driver's exp be off by 3 units in the last place, tanh by 5, erf by 16 (OpenCL C 1.2, section 7.4)
        Device::OpenCl(_) => Bound { forward: 4.0 * bound.forward, backward: 4.0 * bound.backward, ..bound },
    }
}

/// The worst error of a tensor, or why the two cannot be compared.
pub(crate) fn error(got: &Tensor, want: &Tensor, floor: f64) -> Result<f64, String> {
    if got.dtype() != want.dtype() || got.shape() != want.shape() {
        return Err(format!(
            "it is {:?} of {}, and should be {:?} of {}",
            got.shape(),
            got.dtype(),
            want.shape(),
            want.dtype()
        ));
    }
    let (got, want) = (numbers(got), numbers(want));
    let largest = want.iter().filter(|x| x.is_finite()).fold(0.0f64, |m, x| m.max(x.abs()));
    let least = floor * largest.max(floor);
    let mut worst = 0.0f64;
    for (i, (&g, &w)) in got.iter().zip(&want).enumerate() {
        if g == w || g.is_nan() && w.is_nan() {
            continue;
        }
        if !g.is_finite() || !w.is_finite() {
            return Err(format!("element {i} is {g}, and should be {w}"));
        }
        worst = worst.max((g - w).abs() / w.abs().max(least));
    }
    Ok(worst)
}

fn numbers(x: &Tensor) -> Vec<f64> {
    x.to_dtype(DType::F64).to_vec()
}
