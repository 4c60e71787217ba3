//! Batch norm layers.

use crate::ops::BatchNormOptions;
use crate::tensor::Tensor;

use super::module::{Mode, Module, Visitor};
use super::running::RunningStats;

// ANCHOR: batch_norm
/// Each channel brought to mean 0 and deviation 1, then scaled and shifted by what is learned (Ioffe and Szegedy, 2015).
///
/// While training, the statistics are the batch's, and running averages of them are kept; in evaluation mode the running
/// averages normalise, so that one image's result does not depend on the others.
///
/// # Shapes
/// x (N, C) or (N, C, …) → the same: vectors, signals, images and volumes alike
pub struct BatchNorm {
    /// The learned scale, (C), unless the layer has none.
    pub weight: Option<Tensor>,
    /// The learned shift, (C), unless the layer has none.
    pub bias: Option<Tensor>,
    /// What evaluation normalises by; a layer without them always uses the batch.
    pub running: Option<RunningStats>,
    momentum: Option<f64>,
    eps: f64,
    mode: Mode,
}

impl Module for BatchNorm {
    fn forward(&self, x: &Tensor) -> Tensor {
        let track = self.running.as_ref().filter(|_| self.mode.is_training());
        let momentum = track.map_or(0.0, |running| self.momentum_of_batch(running));
        let training = self.mode.is_training() || self.running.is_none();
        let options = BatchNormOptions { training, momentum, eps: self.eps };
        let running = self.running.as_ref().map(RunningStats::tensors);
        x.batch_norm(running, self.weight.as_ref(), self.bias.as_ref(), options)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.optional_parameter("weight", &self.weight);
        visitor.optional_parameter("bias", &self.bias);
        if let Some(running) = &self.running {
            running.visit(visitor);
        }
        visitor.mode(&self.mode);
    }
}
// ANCHOR_END: batch_norm

/// Batch norm of vectors (N, C) and signals (N, C, L), by PyTorch's name.
pub type BatchNorm1d = BatchNorm;
/// Batch norm of images (N, C, H, W), by PyTorch's name.
pub type BatchNorm2d = BatchNorm;
/// Batch norm of volumes (N, C, D, H, W), by PyTorch's name.
pub type BatchNorm3d = BatchNorm;

impl BatchNorm {
    /// Batch norm of this many channels, which starts as nothing but the normalisation.
    ///
    /// Options follow: `BatchNorm2d::new(16).momentum(0.01).eps(1e-3)`.
    pub fn new(channels: usize) -> BatchNorm {
        BatchNorm {
            weight: Some(Tensor::ones([channels]).requires_grad_()),
            bias: Some(Tensor::zeros([channels]).requires_grad_()),
            running: Some(RunningStats::new(channels)),
            momentum: Some(0.1),
            eps: 1e-5,
            mode: Mode::default(),
        }
    }

    /// How far the running averages move to the statistics of a batch; 0.1 if nothing else is said.
    pub fn momentum(self, momentum: f64) -> BatchNorm {
        BatchNorm { momentum: Some(momentum), ..self }
    }

    /// Running averages in which every batch seen counts alike: PyTorch's `momentum=None`.
    pub fn cumulative(self) -> BatchNorm {
        BatchNorm { momentum: None, ..self }
    }

    /// What is added to the variance; 1e-5 if nothing else is said.
    pub fn eps(self, eps: f64) -> BatchNorm {
        BatchNorm { eps, ..self }
    }

    /// The same with nothing learned: PyTorch's `affine=False`.
    pub fn without_affine(self) -> BatchNorm {
        BatchNorm { weight: None, bias: None, ..self }
    }

    /// The same without running averages, so that evaluation uses the batch too: PyTorch's `track_running_stats=False`.
    pub fn without_running_stats(self) -> BatchNorm {
        BatchNorm { running: None, ..self }
    }

    /// Counts the batch; a cumulative average moves by 1 / n at the n-th.
    fn momentum_of_batch(&self, running: &RunningStats) -> f64 {
        running.count();
        self.momentum.unwrap_or_else(|| 1.0 / running.num_batches_tracked.item())
    }
}
