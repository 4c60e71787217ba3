//! Layer norm, and its kin without a mean.

use crate::shape::Shape;
use crate::tensor::Tensor;

use super::module::{Module, Visitor};

// ANCHOR: layer_norm
/// Each example's features brought to mean 0 and deviation 1, then scaled and shifted by what is learned (Ba, Kiros and
/// Hinton, 2016). It does the same in training and in evaluation, and needs no batch: what transformers use.
///
/// # Shapes
/// x (…, normalized_shape) → the same; weight and bias normalized_shape
pub struct LayerNorm {
    /// The learned scale, unless the layer has none.
    pub weight: Option<Tensor>,
    /// The learned shift, unless the layer has none.
    pub bias: Option<Tensor>,
    normalized_shape: Shape,
    eps: f64,
}

impl LayerNorm {
    /// Layer norm over the last dimensions, which starts as nothing but the normalisation: `LayerNorm::new([384])`.
    pub fn new(normalized_shape: impl Into<Shape>) -> LayerNorm {
        let shape = normalized_shape.into();
        let weight = Tensor::ones(&shape).requires_grad_();
        let bias = Tensor::zeros(&shape).requires_grad_();
        LayerNorm { weight: Some(weight), bias: Some(bias), normalized_shape: shape, eps: 1e-5 }
    }

    /// What is added to the variance; 1e-5 if nothing else is said.
    pub fn eps(self, eps: f64) -> LayerNorm {
        LayerNorm { eps, ..self }
    }

    /// The same without a shift.
    pub fn without_bias(self) -> LayerNorm {
        LayerNorm { bias: None, ..self }
    }

    /// The same with nothing learned: PyTorch's `elementwise_affine=False`.
    pub fn without_affine(self) -> LayerNorm {
        LayerNorm { weight: None, bias: None, ..self }
    }
}

impl Module for LayerNorm {
    fn forward(&self, x: &Tensor) -> Tensor {
        x.layer_norm(&self.normalized_shape, self.weight.as_ref(), self.bias.as_ref(), self.eps)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.optional_parameter("weight", &self.weight);
        visitor.optional_parameter("bias", &self.bias);
    }
}
// ANCHOR_END: layer_norm

/// Each example's features divided by the root of their mean square, then scaled by what is learned (Zhang and
/// Sennrich, 2019): layer norm without its mean and its shift, as Llama has it.
///
/// # Shapes
/// x (…, normalized_shape) → the same; weight normalized_shape
pub struct RMSNorm {
    /// The learned scale, unless the layer has none.
    pub weight: Option<Tensor>,
    normalized_shape: Shape,
    eps: Option<f64>,
}

impl RMSNorm {
    /// Root-mean-square norm over the last dimensions, which starts as nothing but the normalisation.
    pub fn new(normalized_shape: impl Into<Shape>) -> RMSNorm {
        let shape = normalized_shape.into();
        RMSNorm { weight: Some(Tensor::ones(&shape).requires_grad_()), normalized_shape: shape, eps: None }
    }

    /// What is added to the mean square; the dtype's rounding step if nothing else is said.
    pub fn eps(self, eps: f64) -> RMSNorm {
        RMSNorm { eps: Some(eps), ..self }
    }

    /// The same with nothing learned.
    pub fn without_affine(self) -> RMSNorm {
        RMSNorm { weight: None, ..self }
    }
}

impl Module for RMSNorm {
    fn forward(&self, x: &Tensor) -> Tensor {
        x.rms_norm(&self.normalized_shape, self.weight.as_ref(), self.eps)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.optional_parameter("weight", &self.weight);
    }
}
