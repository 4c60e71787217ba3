//! Normalisation of each example by itself, over its last dimensions.

use crate::device::{RowNorm, RowNormKernels};
use crate::error::{Error, OrPanic, Result};
use crate::shape::Shape;
use crate::tensor::Tensor;

impl Tensor {
    // ANCHOR: layer_norm
    /// `(x - mean) / sqrt(variance + eps) * weight + bias`, mean and variance taken over the last dimensions, those of
    /// `normalized_shape` (Ba, Kiros and Hinton, 2016). PyTorch's default `eps` is 1e-5.
    ///
    /// # Shapes
    /// x (…, normalized_shape) → the same; weight and bias normalized_shape
    ///
    /// # Panics
    /// If the shape does not end so, or the dtypes are not one floating-point type.
    #[track_caller]
    pub fn layer_norm(
        &self,
        normalized_shape: impl Into<Shape>,
        weight: Option<&Tensor>,
        bias: Option<&Tensor>,
        eps: f64,
    ) -> Tensor {
        let norm = self.last_dims_rule("layer_norm", &normalized_shape.into(), [weight, bias]).or_panic();
        self.row_norm("layer_norm", RowNorm { eps, ..norm }, weight, bias)
    }
    // ANCHOR_END: layer_norm

    // ANCHOR: layer_norm_plain
    /// [`Tensor::layer_norm`] out of smaller ops.
    #[track_caller]
    pub fn layer_norm_plain(
        &self,
        normalized_shape: impl Into<Shape>,
        weight: Option<&Tensor>,
        bias: Option<&Tensor>,
        eps: f64,
    ) -> Tensor {
        let dims: Vec<isize> = (1..=normalized_shape.into().len() as isize).map(|d| -d).collect();
        let centred = self.sub(&self.mean_dim(&dims[..], true));
        let variance = centred.square().mean_dim(&dims[..], true);
        let normal = centred.div(&variance.add_scalar(eps).sqrt());
        let scaled = weight.map_or(normal.clone(), |weight| normal.mul(weight));
        bias.map_or(scaled.clone(), |bias| scaled.add(bias))
    }
    // ANCHOR_END: layer_norm_plain

    /// `x / sqrt(mean of x² + eps) * weight` over the last dimensions: layer norm that leaves the mean where it is
    /// (Zhang and Sennrich, 2019). Without an `eps` it is the dtype's rounding step, as in PyTorch.
    ///
    /// # Shapes
    /// x (…, normalized_shape) → the same; weight normalized_shape
    ///
    /// # Panics
    /// As [`Tensor::layer_norm`].
    #[track_caller]
    pub fn rms_norm(
        &self,
        normalized_shape: impl Into<Shape>,
        weight: Option<&Tensor>,
        eps: Option<f64>,
    ) -> Tensor {
        let norm = self.last_dims_rule("rms_norm", &normalized_shape.into(), [weight, None]).or_panic();
        let eps = eps.unwrap_or_else(|| self.dtype().epsilon());
        self.row_norm("rms_norm", RowNorm { eps, centred: false, ..norm }, weight, None)
    }

    /// [`Tensor::rms_norm`] out of smaller ops.
    #[track_caller]
    pub fn rms_norm_plain(
        &self,
        normalized_shape: impl Into<Shape>,
        weight: Option<&Tensor>,
        eps: Option<f64>,
    ) -> Tensor {
        let dims: Vec<isize> = (1..=normalized_shape.into().len() as isize).map(|d| -d).collect();
        let eps = eps.unwrap_or_else(|| self.dtype().epsilon());
        let normal = self.div(&self.square().mean_dim(&dims[..], true).add_scalar(eps).sqrt());
        weight.map_or(normal.clone(), |weight| normal.mul(weight))
    }

    /// The result of the rows' kernel, with its gradients.
    pub(super) fn row_norm(
        &self,
        name: &'static str,
        norm: RowNorm,
        weight: Option<&Tensor>,
        bias: Option<&Tensor>,
    ) -> Tensor {
        let (x, w, b) = (self.packed(), weight.map(Tensor::packed), bias.map(Tensor::packed));
        let (y, scales) = x.row_norm(&norm, w.as_deref(), b.as_deref());
        let y = Tensor::contiguous_of(y, self.shape());
        let own = self.shape().clone();
        let affine = weight.or(bias).map(|parameter| parameter.shape().clone());
        y.record_joint(name, [Some(self), weight, bias], move |grad, needed| {
            let g = grad.packed();
            let to_x = needed[0].then(|| {
                Tensor::contiguous_of(g.row_norm_grad_input(&norm, &x, &scales, w.as_deref()), &own)
            });
            let affine = affine.as_ref().filter(|_| needed[1] || needed[2]);
            let sums = affine.map(|shape| {
                g.row_norm_grad_affine(&norm, &x, &scales).map(|sum| Tensor::contiguous_of(sum, shape))
            });
            let [to_weight, to_bias] = sums.map_or([None, None], |sums| sums.map(Some));
            [to_x, to_weight.filter(|_| needed[1]), to_bias.filter(|_| needed[2])]
        })
    }

    /// (…, normalized_shape): one row for each place of the dimensions before.
    fn last_dims_rule(
        &self,
        op: &'static str,
        normalized: &Shape,
        affine: [Option<&Tensor>; 2],
    ) -> Result<RowNorm> {
        self.needs_float(op)?;
        if normalized.is_empty() || !self.shape().ends_with(normalized) {
            let message = format!(
                "the input must end in the normalized shape {normalized:?}, but has shape {:?}",
                self.shape()
            );
            return Err(Error::shape(op, message));
        }
        self.affine_rule(op, normalized, affine)?;
        let images = self.shape()[..self.rank() - normalized.len()].iter().product();
        Ok(RowNorm { images, groups: 1, channels: normalized.numel(), length: 1, centred: true, eps: 0.0 })
    }

    pub(super) fn affine_rule(
        &self,
        op: &'static str,
        wanted: &Shape,
        affine: [Option<&Tensor>; 2],
    ) -> Result<()> {
        for (parameter, name) in affine.iter().zip(["weight", "bias"]) {
            parameter.map_or(Ok(()), |parameter| self.parameter_rule(op, parameter, name, wanted))?;
        }
        Ok(())
    }

    pub(super) fn parameter_rule(
        &self,
        op: &'static str,
        parameter: &Tensor,
        name: &str,
        wanted: &Shape,
    ) -> Result<()> {
        self.same_dtype(op, parameter)?;
        if parameter.shape() == wanted {
            return Ok(());
        }
        let message = format!(
            "input {:?} needs a {name} of shape {wanted:?}, not {:?}",
            self.shape(),
            parameter.shape()
        );
        Err(Error::shape(op, message))
    }
}
