//! Pooling layers.

use crate::ops::Pool2dOptions;
use crate::tensor::Tensor;

use super::module::Module;

/// The largest number of each window; see [`Tensor::max_pool2d`].
#[derive(Debug, Clone, Copy)]
pub struct MaxPool2d(pub Pool2dOptions);

impl Module for MaxPool2d {
    fn forward(&self, x: &Tensor) -> Tensor {
        x.max_pool2d(self.0)
    }
}

/// The mean of each window; see [`Tensor::avg_pool2d`].
#[derive(Debug, Clone, Copy)]
pub struct AvgPool2d(pub Pool2dOptions);

impl Module for AvgPool2d {
    fn forward(&self, x: &Tensor) -> Tensor {
        x.avg_pool2d(self.0)
    }
}

/// As many means as the output is to have, whatever the size of the image; see [`Tensor::adaptive_avg_pool2d`].
#[derive(Debug, Clone, Copy)]
pub struct AdaptiveAvgPool2d(pub [usize; 2]);

impl Module for AdaptiveAvgPool2d {
    fn forward(&self, x: &Tensor) -> Tensor {
        x.adaptive_avg_pool2d(self.0)
    }
}
