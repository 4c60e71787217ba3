//! Normalisation of each example by itself: layer norm, group norm and their kin.

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

    // ANCHOR: group_norm
    /// `(x - mean) / sqrt(variance + eps) * weight + bias`, mean and variance taken over each image's groups of
    /// neighbouring channels (Wu and He, 2018); weight and bias are the channels'. PyTorch's default `eps` is 1e-5.
    ///
    /// # Shapes
    /// x (N, C, …) → the same; weight and bias (C)
    ///
    /// # Panics
    /// If the channels cannot be cut into the groups, or shapes or dtypes do not fit.
    #[track_caller]
    pub fn group_norm(
        &self,
        groups: usize,
        weight: Option<&Tensor>,
        bias: Option<&Tensor>,
        eps: f64,
    ) -> Tensor {
        let norm = self.group_rule("group_norm", Some(groups), [weight, bias]).or_panic();
        self.row_norm("group_norm", RowNorm { eps, ..norm }, weight, bias)
    }
    // ANCHOR_END: group_norm

    /// [`Tensor::group_norm`] out of smaller ops.
    #[track_caller]
    pub fn group_norm_plain(
        &self,
        groups: usize,
        weight: Option<&Tensor>,
        bias: Option<&Tensor>,
        eps: f64,
    ) -> Tensor {
        let norm = self.group_rule("group_norm", Some(groups), [weight, bias]).or_panic();
        let rows = self.reshape([norm.images, groups, norm.width()]); // (N, G, C / G · …)
        let normal = rows.layer_norm_plain([norm.width()], None, None, eps).reshape(self.shape());
        let mut each_channel = vec![1; self.rank()];
        each_channel[1] = self.size(1);
        let scaled = weight.map_or(normal.clone(), |weight| normal.mul(&weight.reshape(&each_channel[..])));
        bias.map_or(scaled.clone(), |bias| scaled.add(&bias.reshape(&each_channel[..])))
    }

    fn row_norm(
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

    /// (N, C, …): one row for each group of each image; without `groups`, for each channel.
    fn group_rule(
        &self,
        op: &'static str,
        groups: Option<usize>,
        affine: [Option<&Tensor>; 2],
    ) -> Result<RowNorm> {
        self.needs_float(op)?;
        let [images, channels, ref spatial @ ..] = self.shape()[..] else {
            let message = format!("the input must be (N, C) or (N, C, …), but has shape {:?}", self.shape());
            return Err(Error::shape(op, message));
        };
        let groups = groups.unwrap_or(channels);
        if groups == 0 && channels > 0 || groups > 0 && !channels.is_multiple_of(groups) {
            let message = format!(
                "the {channels} channels of input {:?} cannot be cut into {groups} equal groups",
                self.shape()
            );
            return Err(Error::shape(op, message));
        }
        self.affine_rule(op, &[channels].into(), affine)?;
        let (channels, length) = (channels / groups.max(1), spatial.iter().product());
        Ok(RowNorm { images, groups, channels, length, centred: true, eps: 0.0 })
    }

    fn affine_rule(&self, op: &'static str, wanted: &Shape, affine: [Option<&Tensor>; 2]) -> Result<()> {
        for (parameter, name) in affine.iter().zip(["weight", "bias"]) {
            let Some(parameter) = parameter else { continue };
            self.same_dtype(op, parameter)?;
            if parameter.shape() != wanted {
                let message = format!(
                    "input {:?} needs a {name} of shape {wanted:?}, not {:?}",
                    self.shape(),
                    parameter.shape()
                );
                return Err(Error::shape(op, message));
            }
        }
        Ok(())
    }
}
