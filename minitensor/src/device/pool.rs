//! Pooling and its gradients.

use super::Storage;
use super::geometry::PoolGeometry;

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

/// Hands a call to the device that holds `self`; the others were checked to be there too.
impl PoolKernels for Storage {
    fn max_pool2d(&self, geometry: &PoolGeometry) -> (Self, Self) {
        match self {
            Storage::Cpu(x) => {
                let (values, positions) = x.max_pool2d(geometry);
                (Storage::Cpu(values), Storage::Cpu(positions))
            }
        }
    }

    fn max_pool2d_grad(&self, geometry: &PoolGeometry, positions: &Self) -> Self {
        match self {
            Storage::Cpu(grad) => Storage::Cpu(grad.max_pool2d_grad(geometry, positions.cpu())),
        }
    }

    fn avg_pool2d(&self, geometry: &PoolGeometry) -> Self {
        match self {
            Storage::Cpu(x) => Storage::Cpu(x.avg_pool2d(geometry)),
        }
    }

    fn avg_pool2d_grad(&self, geometry: &PoolGeometry) -> Self {
        match self {
            Storage::Cpu(grad) => Storage::Cpu(grad.avg_pool2d_grad(geometry)),
        }
    }
}
