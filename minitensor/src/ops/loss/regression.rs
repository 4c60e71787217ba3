//! How far numbers lie from what they should be.

use crate::error::{Error, OrPanic};
use crate::tensor::Tensor;

use super::Reduction;

impl Tensor {
    /// The mean of (x − target)².
    #[track_caller]
    pub fn mse_loss(&self, target: &Tensor) -> Tensor {
        self.mse_loss_with(target, Reduction::Mean)
    }

    /// [`Tensor::mse_loss`] with another reduction.
    #[track_caller]
    pub fn mse_loss_with(&self, target: &Tensor, reduction: Reduction) -> Tensor {
        self.same_shape("mse_loss", target).or_panic();
        self.sub(target).square().reduced(reduction)
    }

    /// The mean of |x − target|.
    #[track_caller]
    pub fn l1_loss(&self, target: &Tensor) -> Tensor {
        self.l1_loss_with(target, Reduction::Mean)
    }

    /// [`Tensor::l1_loss`] with another reduction.
    #[track_caller]
    pub fn l1_loss_with(&self, target: &Tensor, reduction: Reduction) -> Tensor {
        self.same_shape("l1_loss", target).or_panic();
        self.sub(target).abs().reduced(reduction)
    }

    /// d² / 2 for distances d = |x − target| up to `delta`, and the straight line `delta` (d − delta / 2) that goes on
    /// from there: an outlier pulls no harder than one at `delta` (Huber, 1964). PyTorch's default `delta` is 1.
    ///
    /// # Panics
    /// If the shapes differ, or unless `delta` is above 0.
    #[track_caller]
    pub fn huber_loss(&self, target: &Tensor, delta: f64, reduction: Reduction) -> Tensor {
        self.same_shape("huber_loss", target).or_panic();
        if delta.is_nan() || delta <= 0.0 {
            Err(Error::argument("huber_loss", format!("delta must be above 0, but it is {delta}"))).or_panic()
        }
        self.sub(target).huber(delta).reduced(reduction)
    }

    /// [`Tensor::huber_loss`] divided by its bound: d² / 2`beta` up to `beta`, then d − `beta` / 2 (Girshick, 2015,
    /// "Fast R-CNN"). With `beta` 0 it is the l1 loss; PyTorch's default is 1.
    ///
    /// # Panics
    /// If the shapes differ, or if `beta` is below 0.
    #[track_caller]
    pub fn smooth_l1_loss(&self, target: &Tensor, beta: f64, reduction: Reduction) -> Tensor {
        self.same_shape("smooth_l1_loss", target).or_panic();
        if beta.is_nan() || beta < 0.0 {
            Err(Error::argument("smooth_l1_loss", format!("beta must be at least 0, but it is {beta}")))
                .or_panic()
        }
        let difference = self.sub(target);
        match beta {
            0.0 => difference.abs().reduced(reduction),
            beta => difference.huber(beta).mul_scalar(1.0 / beta).reduced(reduction),
        }
    }

    /// With the distance cut at `delta`, c = min(d, delta), both branches are c (d − c / 2).
    fn huber(&self, delta: f64) -> Tensor {
        let distance = self.abs();
        let cut = distance.clamp(0.0, delta);
        cut.mul(&distance.sub(&cut.mul_scalar(0.5)))
    }
}
