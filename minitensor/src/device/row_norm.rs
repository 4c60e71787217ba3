//! Normalisation of rows, each by its own statistics: layer, group, instance and root-mean-square norm are one kernel
//! each way.
//!
//! Every storage is contiguous and holds exactly the elements of its tensor. A `grad` is the gradient of the result.

use super::{Storage, on_device};

/// Kernels of normalisation by rows, beside the primitives of [`Kernels`](super::Kernels).
pub trait RowNormKernels: Sized {
    /// Each row `(x - mean) / sqrt(variance + eps)`, then `* weight + bias`; and what normalised each row, which the
    /// gradients need: (rows, 3).
    fn row_norm(&self, norm: &RowNorm, weight: Option<&Self>, bias: Option<&Self>) -> (Self, Self);

    /// The gradient of the input; `self` is `grad`.
    fn row_norm_grad_input(&self, norm: &RowNorm, x: &Self, scales: &Self, weight: Option<&Self>) -> Self;

    /// The gradients of weight and bias; `self` is `grad`.
    fn row_norm_grad_affine(&self, norm: &RowNorm, x: &Self, scales: &Self) -> [Self; 2];
}

/// What is a row: (N, G, C, L) has N · G rows of C · L numbers; weight and bias are (G, C).
///
/// Layer norm has one group and length 1, group norm as many groups as it says, instance norm a group for each channel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RowNorm {
    /// N.
    pub images: usize,
    /// G.
    pub groups: usize,
    /// C: how many numbers of weight and bias a row has.
    pub channels: usize,
    /// L: over how many neighbouring numbers each of these extends.
    pub length: usize,
    /// Whether the mean is taken off; otherwise it counts as 0, and the variance is the mean square.
    pub centred: bool,
    /// Added to the variance.
    pub eps: f64,
}

impl RowNorm {
    /// N · G.
    pub fn rows(&self) -> usize {
        self.images * self.groups
    }

    /// C · L.
    pub fn width(&self) -> usize {
        self.channels * self.length
    }
}

/// Hands a call to the device that holds `self`.
impl RowNormKernels for Storage {
    fn row_norm(&self, norm: &RowNorm, weight: Option<&Self>, bias: Option<&Self>) -> (Self, Self) {
        on_device!(self, x: S => {
            let (y, scales) = x.row_norm(norm, weight.map(|w| w.on::<S>()), bias.map(|b| b.on::<S>()));
            (y.into(), scales.into())
        })
    }

    fn row_norm_grad_input(&self, norm: &RowNorm, x: &Self, scales: &Self, weight: Option<&Self>) -> Self {
        on_device!(self, grad: S => {
            grad.row_norm_grad_input(norm, x.on::<S>(), scales.on::<S>(), weight.map(|w| w.on::<S>())).into()
        })
    }

    fn row_norm_grad_affine(&self, norm: &RowNorm, x: &Self, scales: &Self) -> [Self; 2] {
        on_device!(self, grad: S => {
            grad.row_norm_grad_affine(norm, x.on::<S>(), scales.on::<S>()).map(Into::into)
        })
    }
}
