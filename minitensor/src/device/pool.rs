//! Pooling and its gradients.

use super::geometry::PoolGeometry;
use super::{Storage, on_device};

/// Pooling and its gradients.
///
/// Every storage is contiguous and holds exactly the elements of its tensor. A `grad` is the gradient of the result, by
/// which the loss depends on it.
pub trait PoolKernels: Sized {
    /// The largest number of each window, and its position in its plane (`I64`).
    fn max_pool2d(&self, geometry: &PoolGeometry) -> (Self, Self);

    /// The gradient of max pooling's input; `self` is `grad`.
    fn max_pool2d_grad(&self, geometry: &PoolGeometry, positions: &Self) -> Self;

    /// The mean of each window.
    fn avg_pool2d(&self, geometry: &PoolGeometry) -> Self;

    /// The gradient of average pooling's input; `self` is `grad`.
    fn avg_pool2d_grad(&self, geometry: &PoolGeometry) -> Self;
}

/// Hands a call to the device that holds `self`.
impl PoolKernels for Storage {
    fn max_pool2d(&self, geometry: &PoolGeometry) -> (Self, Self) {
        on_device!(self, x: S => {
            let (values, positions) = x.max_pool2d(geometry);
            (values.into(), positions.into())
        })
    }

    fn max_pool2d_grad(&self, geometry: &PoolGeometry, positions: &Self) -> Self {
        on_device!(self, grad: S => grad.max_pool2d_grad(geometry, positions.on::<S>()).into())
    }

    fn avg_pool2d(&self, geometry: &PoolGeometry) -> Self {
        on_device!(self, x: S => x.avg_pool2d(geometry).into())
    }

    fn avg_pool2d_grad(&self, geometry: &PoolGeometry) -> Self {
        on_device!(self, grad: S => grad.avg_pool2d_grad(geometry).into())
    }
}
