//! Group norm.

use crate::tensor::Tensor;

use super::module::{Module, Visitor};

// ANCHOR: group_norm
/// Each image's groups of channels brought to mean 0 and deviation 1, then each channel scaled and shifted by what is
/// learned (Wu and He, 2018). One group is a layer norm of the image, a group for each channel an instance norm; neither
/// depends on the rest of the batch, so that small batches do no harm.
///
/// # Shapes
/// x (N, C) or (N, C, …) → the same; weight and bias (C)
pub struct GroupNorm {
    /// The learned scale, (C), unless the layer has none.
    pub weight: Option<Tensor>,
    /// The learned shift, (C), unless the layer has none.
    pub bias: Option<Tensor>,
    groups: usize,
    eps: f64,
}

impl GroupNorm {
    /// Group norm of this many groups and channels, which starts as nothing but the normalisation.
    ///
    /// # Panics
    /// If the channels cannot be cut into the groups.
    #[track_caller]
    pub fn new(groups: usize, channels: usize) -> GroupNorm {
        assert!(
            groups > 0 && channels.is_multiple_of(groups),
            "group_norm: {channels} channels cannot be cut into {groups} equal groups"
        );
        let weight = Tensor::ones([channels]).requires_grad_();
        let bias = Tensor::zeros([channels]).requires_grad_();
        GroupNorm { weight: Some(weight), bias: Some(bias), groups, eps: 1e-5 }
    }

    /// What is added to the variance; 1e-5 if nothing else is said.
    pub fn eps(self, eps: f64) -> GroupNorm {
        GroupNorm { eps, ..self }
    }

    /// The same with nothing learned: PyTorch's `affine=False`.
    pub fn without_affine(self) -> GroupNorm {
        GroupNorm { weight: None, bias: None, ..self }
    }
}

impl Module for GroupNorm {
    fn forward(&self, x: &Tensor) -> Tensor {
        x.group_norm(self.groups, self.weight.as_ref(), self.bias.as_ref(), self.eps)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.optional_parameter("weight", &self.weight);
        visitor.optional_parameter("bias", &self.bias);
    }
}
// ANCHOR_END: group_norm
