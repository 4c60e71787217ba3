//! Normalisation of each image by itself, by groups of its channels.

use crate::device::{BatchNormKernels, BatchNormShape, RowNorm};
use crate::error::{Error, OrPanic, Result};
use crate::tensor::Tensor;

use super::norm::{BatchNormOptions, move_towards};

impl Tensor {
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

    /// `(x - mean) / sqrt(variance + eps) * weight + bias`, each channel of each image by its own statistics (Ulyanov,
    /// Vedaldi and Lempitsky, 2016).
    ///
    /// The options are batch norm's. When training, `running` (mean and variance) moves towards the average of the images'
    /// statistics; otherwise `running` is what normalises.
    ///
    /// # Shapes
    /// x (N, C, …) → the same; running, weight and bias (C)
    ///
    /// # Panics
    /// If shapes or dtypes do not fit, if a channel of an image is a single number in training, or if there is no `running`
    /// outside of it.
    #[track_caller]
    pub fn instance_norm(
        &self,
        running: Option<[&Tensor; 2]>,
        weight: Option<&Tensor>,
        bias: Option<&Tensor>,
        options: BatchNormOptions,
    ) -> Tensor {
        if !options.training {
            return self.batch_norm(running, weight, bias, options);
        }
        let norm = self.instance_rule(running, [weight, bias]).or_panic();
        if let Some(running) = running {
            self.track_instances(&norm, running, options.momentum);
        }
        self.row_norm("instance_norm", RowNorm { eps: options.eps, ..norm }, weight, bias)
    }

    /// Moves the running statistics towards the average of those of the images.
    fn track_instances(&self, norm: &RowNorm, running: [&Tensor; 2], momentum: f64) {
        if norm.images == 0 {
            return;
        }
        let rows = BatchNormShape { images: 1, channels: norm.rows(), length: norm.length };
        let each = [norm.images, norm.groups]; // (N, C)
        let [mean, variance] = self.packed().batch_norm_moments(rows);
        let [mean, variance] = [mean, variance].map(|of| Tensor::contiguous_of(of, each).mean_dim(0, false));
        let bessel = norm.length as f64 / (norm.length as f64 - 1.0);
        move_towards(running[0], &mean, momentum);
        move_towards(running[1], &variance.mul_scalar(bessel), momentum);
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

    fn instance_rule(&self, running: Option<[&Tensor; 2]>, affine: [Option<&Tensor>; 2]) -> Result<RowNorm> {
        let norm = self.group_rule("instance_norm", None, affine)?;
        if norm.length == 1 {
            let message = format!(
                "training needs more than one number a channel of an image to find a variance, but the input has shape {:?}",
                self.shape()
            );
            return Err(Error::shape("instance_norm", message));
        }
        let wanted = [norm.groups].into();
        for (running, name) in running.into_iter().flatten().zip(["running mean", "running variance"]) {
            self.parameter_rule("instance_norm", running, name, &wanted)?;
        }
        Ok(norm)
    }
}
