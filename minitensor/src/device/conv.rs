//! Convolution and its gradients.

use super::Storage;
use super::geometry::Conv2dGeometry;

/// Convolution and its gradients.
///
/// Every storage is contiguous and holds exactly the elements of its tensor. A `grad` is the gradient of the result, by
/// which the loss depends on it.
pub trait ConvKernels: Sized {
    /// The convolution of this input with a weight, plus a bias.
    fn conv2d(&self, geometry: &Conv2dGeometry, weight: &Self, bias: Option<&Self>) -> Self;

    /// The gradient of a convolution's input; `self` is `grad`.
    fn conv2d_grad_input(&self, geometry: &Conv2dGeometry, weight: &Self) -> Self;

    /// The gradient of a convolution's weight; `self` is `grad`.
    fn conv2d_grad_weight(&self, geometry: &Conv2dGeometry, input: &Self) -> Self;
}

/// Hands a call to the device that holds `self`; the others were checked to be there too.
impl ConvKernels for Storage {
    fn conv2d(&self, geometry: &Conv2dGeometry, weight: &Self, bias: Option<&Self>) -> Self {
        match self {
            Storage::Cpu(x) => Storage::Cpu(x.conv2d(geometry, weight.cpu(), bias.map(Storage::cpu))),
        }
    }

    fn conv2d_grad_input(&self, geometry: &Conv2dGeometry, weight: &Self) -> Self {
        match self {
            Storage::Cpu(grad) => Storage::Cpu(grad.conv2d_grad_input(geometry, weight.cpu())),
        }
    }

    fn conv2d_grad_weight(&self, geometry: &Conv2dGeometry, input: &Self) -> Self {
        match self {
            Storage::Cpu(grad) => Storage::Cpu(grad.conv2d_grad_weight(geometry, input.cpu())),
        }
    }
}
