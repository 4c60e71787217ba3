//! Running statistics.

use crate::autograd::no_grad;
use crate::tensor::Tensor;

use super::module::Visitor;

/// Averages of mean and variance over the batches seen in training, by which evaluation normalises.
pub struct RunningStats {
    /// (C)
    pub mean: Tensor,
    /// (C), the unbiased one.
    pub var: Tensor,
    /// How many batches the averages have seen: a cumulative average needs it, and PyTorch's checkpoints have it.
    pub num_batches_tracked: Tensor,
}

impl RunningStats {
    /// Before any batch: mean 0, variance 1.
    pub(super) fn new(channels: usize) -> RunningStats {
        RunningStats {
            mean: Tensor::zeros([channels]),
            var: Tensor::ones([channels]),
            num_batches_tracked: Tensor::scalar(0i64),
        }
    }

    /// Mean and variance, as the ops take them.
    pub(super) fn tensors(&self) -> [&Tensor; 2] {
        [&self.mean, &self.var]
    }

    /// Counts one more batch.
    pub(super) fn count(&self) {
        no_grad(|| self.num_batches_tracked.copy_(&self.num_batches_tracked.add_scalar(1.0)));
    }

    /// Shows the buffers by PyTorch's names.
    pub(super) fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.buffer("running_mean", &self.mean);
        visitor.buffer("running_var", &self.var);
        visitor.buffer("num_batches_tracked", &self.num_batches_tracked);
    }
}
