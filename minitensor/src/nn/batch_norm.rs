//! Batch norm layers.

use crate::autograd::no_grad;
use crate::ops::BatchNormOptions;
use crate::tensor::Tensor;

use super::module::{Mode, Module, Visitor};

// ANCHOR: batch_norm
/// Each channel brought to mean 0 and deviation 1, then scaled and shifted by what is learned (Ioffe and Szegedy, 2015).
///
/// While training, the statistics are the batch's, and running averages of them are kept; in evaluation mode the running
/// averages normalise, so that one image's result does not depend on the others.
///
/// # Shapes
/// x (N, C) or (N, C, …) → the same: vectors, signals, images and volumes alike
pub struct BatchNorm {
    /// The learned scale, (C).
    pub weight: Tensor,
    /// The learned shift, (C).
    pub bias: Tensor,
    /// (C)
    pub running_mean: Tensor,
    /// (C), the unbiased one.
    pub running_var: Tensor,
    /// How many batches the running averages have seen; kept because PyTorch's checkpoints have it.
    pub num_batches_tracked: Tensor,
    mode: Mode,
}
// ANCHOR_END: batch_norm

/// Batch norm of vectors (N, C) and signals (N, C, L), by PyTorch's name.
pub type BatchNorm1d = BatchNorm;
/// Batch norm of images (N, C, H, W), by PyTorch's name.
pub type BatchNorm2d = BatchNorm;

impl BatchNorm {
    /// Batch norm of this many channels, which starts as nothing but the normalisation.
    pub fn new(channels: usize) -> BatchNorm {
        BatchNorm {
            weight: Tensor::ones([channels]).requires_grad_(),
            bias: Tensor::zeros([channels]).requires_grad_(),
            running_mean: Tensor::zeros([channels]),
            running_var: Tensor::ones([channels]),
            num_batches_tracked: Tensor::scalar(0i64),
            mode: Mode::default(),
        }
    }
}

impl Module for BatchNorm {
    fn forward(&self, x: &Tensor) -> Tensor {
        let training = self.mode.is_training();
        if training {
            no_grad(|| self.num_batches_tracked.copy_(&self.num_batches_tracked.add_scalar(1.0)));
        }
        let options = BatchNormOptions { training, ..BatchNormOptions::default() };
        let running = [&self.running_mean, &self.running_var];
        x.batch_norm(Some(running), Some(&self.weight), Some(&self.bias), options)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.parameter("weight", &self.weight);
        visitor.parameter("bias", &self.bias);
        visitor.buffer("running_mean", &self.running_mean);
        visitor.buffer("running_var", &self.running_var);
        visitor.buffer("num_batches_tracked", &self.num_batches_tracked);
        visitor.mode(&self.mode);
    }
}
