//! Convolution and its gradients.

use super::geometry::Conv2dGeometry;
use super::{Storage, on_device};

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

/// Hands a call to the device that holds `self`.
impl ConvKernels for Storage {
    fn conv2d(&self, geometry: &Conv2dGeometry, weight: &Self, bias: Option<&Self>) -> Self {
        on_device!(self, x: S => x.conv2d(geometry, weight.on::<S>(), bias.map(|bias| bias.on::<S>())).into())
    }

    fn conv2d_grad_input(&self, geometry: &Conv2dGeometry, weight: &Self) -> Self {
        on_device!(self, grad: S => grad.conv2d_grad_input(geometry, weight.on::<S>()).into())
    }

    fn conv2d_grad_weight(&self, geometry: &Conv2dGeometry, input: &Self) -> Self {
        on_device!(self, grad: S => grad.conv2d_grad_weight(geometry, input.on::<S>()).into())
    }
}
