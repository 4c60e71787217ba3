//! Softmax and its gradient.

use super::Storage;

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

/// Hands a call to the device that holds `self`; the others were checked to be there too.
impl SoftmaxKernels for Storage {
    fn softmax(&self, width: usize, log: bool) -> Self {
        match self {
            Storage::Cpu(x) => Storage::Cpu(x.softmax(width, log)),
        }
    }

    fn softmax_grad(&self, width: usize, log: bool, y: &Self) -> Self {
        match self {
            Storage::Cpu(grad) => Storage::Cpu(grad.softmax_grad(width, log, y.cpu())),
        }
    }
}
