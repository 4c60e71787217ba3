//! Instance norm layers.

use crate::ops::BatchNormOptions;
use crate::tensor::Tensor;

use super::module::{Mode, Module, Visitor};
use super::running::RunningStats;

// ANCHOR: instance_norm
/// Each channel of each image brought to mean 0 and deviation 1 by itself (Ulyanov, Vedaldi and Lempitsky, 2016): contrast
/// is taken out, which is why it serves pictures that change their style.
///
/// As in PyTorch nothing is learned and nothing tracked unless [`InstanceNorm::affine`] or
/// [`InstanceNorm::track_running_stats`] asks for it.
///
/// # Shapes
/// x (N, C, L), (N, C, H, W) or (N, C, D, H, W) → the same
pub struct InstanceNorm {
    /// The learned scale, (C), if the layer has one.
    pub weight: Option<Tensor>,
    /// The learned shift, (C), if the layer has one.
    pub bias: Option<Tensor>,
    /// What evaluation normalises by; a layer without them always uses the image.
    pub running: Option<RunningStats>,
    channels: usize,
    momentum: f64,
    eps: f64,
    mode: Mode,
}

impl Module for InstanceNorm {
    fn forward(&self, x: &Tensor) -> Tensor {
        let training = self.mode.is_training() || self.running.is_none();
        let options = BatchNormOptions { training, momentum: self.momentum, eps: self.eps };
        let running = self.running.as_ref().map(RunningStats::tensors);
        x.instance_norm(running, self.weight.as_ref(), self.bias.as_ref(), options)
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
// ANCHOR_END: instance_norm

/// Instance norm of signals (N, C, L), by PyTorch's name.
pub type InstanceNorm1d = InstanceNorm;
/// Instance norm of images (N, C, H, W), by PyTorch's name.
pub type InstanceNorm2d = InstanceNorm;
/// Instance norm of volumes (N, C, D, H, W), by PyTorch's name.
pub type InstanceNorm3d = InstanceNorm;

impl InstanceNorm {
    /// Instance norm of this many channels: nothing but the normalisation.
    pub fn new(channels: usize) -> InstanceNorm {
        InstanceNorm {
            weight: None,
            bias: None,
            running: None,
            channels,
            momentum: 0.1,
            eps: 1e-5,
            mode: Mode::default(),
        }
    }

    /// The same with a learned scale and shift, which start as 1 and 0.
    pub fn affine(self) -> InstanceNorm {
        InstanceNorm {
            weight: Some(Tensor::ones([self.channels]).requires_grad_()),
            bias: Some(Tensor::zeros([self.channels]).requires_grad_()),
            ..self
        }
    }

    /// The same with running averages of the images' statistics, by which evaluation normalises.
    ///
    /// As in PyTorch, their `num_batches_tracked` stays 0.
    pub fn track_running_stats(self) -> InstanceNorm {
        InstanceNorm { running: Some(RunningStats::new(self.channels)), ..self }
    }

    /// How far the running averages move to the statistics of a batch; 0.1 if nothing else is said.
    pub fn momentum(self, momentum: f64) -> InstanceNorm {
        InstanceNorm { momentum, ..self }
    }

    /// What is added to the variance; 1e-5 if nothing else is said.
    pub fn eps(self, eps: f64) -> InstanceNorm {
        InstanceNorm { eps, ..self }
    }
}
