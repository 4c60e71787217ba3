//! Softmax and its gradient.

use super::{Storage, on_device};

/// Softmax and its gradient.
///
/// Every storage is contiguous and holds exactly the elements of its tensor. A `grad` is the gradient of the result, by
/// which the loss depends on it.
pub trait SoftmaxKernels: Sized {
    /// The softmax of each row of `width` numbers, or its logarithm.
    fn softmax(&self, width: usize, log: bool) -> Self;

    /// The gradient of [`SoftmaxKernels::softmax`]'s input from its output `y`; `self` is `grad`.
    fn softmax_grad(&self, width: usize, log: bool, y: &Self) -> Self;
}

/// Hands a call to the device that holds `self`.
impl SoftmaxKernels for Storage {
    fn softmax(&self, width: usize, log: bool) -> Self {
        on_device!(self, x: S => x.softmax(width, log).into())
    }

    fn softmax_grad(&self, width: usize, log: bool, y: &Self) -> Self {
        on_device!(self, grad: S => grad.softmax_grad(width, log, y.on::<S>()).into())
    }
}
