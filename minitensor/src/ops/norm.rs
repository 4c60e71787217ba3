//! Normalisation by the statistics of a batch.

use crate::device::{Affine, BatchNormKernels, BatchNormShape};
use crate::error::{Error, OrPanic, Result};
use crate::tensor::Tensor;

/// How batch norm is done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BatchNormOptions {
    /// Whether mean and variance are those of this batch; otherwise they are the running ones.
    pub training: bool,
    /// How far the running statistics move to those of the batch: `running = (1 - momentum) running + momentum new`.
    pub momentum: f64,
    /// Added to the variance.
    pub eps: f64,
}

impl Default for BatchNormOptions {
    fn default() -> BatchNormOptions {
        BatchNormOptions { training: true, momentum: 0.1, eps: 1e-5 }
    }
}

impl Tensor {
    // ANCHOR: batch_norm
    /// `(x - mean) / sqrt(variance + eps) * weight + bias`, each channel by its own statistics (Ioffe and Szegedy, 2015).
    ///
    /// When training, mean and variance are those of the batch, and `running` (mean and variance) moves towards them,
    /// to the variance with Bessel's correction as PyTorch does; otherwise `running` is what normalises.
    ///
    /// # Shapes
    /// x (N, C) or (N, C, …); running, weight and bias (C)
    ///
    /// # Panics
    /// If shapes or dtypes do not fit, if there is one number a channel in training, or if there is no `running`
    /// outside of it.
    #[track_caller]
    pub fn batch_norm(
        &self,
        running: Option<[&Tensor; 2]>,
        weight: Option<&Tensor>,
        bias: Option<&Tensor>,
        options: BatchNormOptions,
    ) -> Tensor {
        let parameters = [running.map(|r| r[0]), running.map(|r| r[1]), weight, bias];
        let shape = self.batch_norm_rule(&parameters, &options).or_panic();
        let x = self.packed();
        let moments = match running {
            Some(running) if !options.training => running.map(Tensor::detach),
            _ => x.batch_norm_moments(shape).map(|moment| Tensor::contiguous_of(moment, [shape.channels])),
        };
        let count = (shape.images * shape.length) as f64;
        if let Some(running) = running.filter(|_| options.training && count > 0.0) {
            let [mean, variance] = &moments;
            move_towards(running[0], mean, options.momentum);
            move_towards(running[1], &variance.mul_scalar(count / (count - 1.0)), options.momentum);
        }
        let inverse_deviation = moments[1].add_scalar(options.eps).sqrt().recip().packed();
        let (mean, w, b) = (moments[0].packed(), weight.map(Tensor::packed), bias.map(Tensor::packed));
        let affine = Affine {
            mean: &*mean,
            inverse_deviation: &*inverse_deviation,
            weight: w.as_deref(),
            bias: b.as_deref(),
        };
        let y = Tensor::contiguous_of(x.batch_norm(shape, &affine), self.shape());
        let own = self.shape().clone();
        y.record_joint("batch_norm", [Some(self), weight, bias], move |grad, needed| {
            let affine = Affine {
                mean: &*mean,
                inverse_deviation: &*inverse_deviation,
                weight: w.as_deref(),
                bias: None,
            };
            let g = grad.packed();
            // x̂ = (x − mean) / deviation: the weight's gradient is Σ grad x̂, the bias's Σ grad
            let sums = g.batch_norm_grad_affine(shape, &x, &affine);
            let to_x = needed[0].then(|| {
                let sums = options.training.then_some(sums.each_ref());
                Tensor::contiguous_of(g.batch_norm_grad_input(shape, &x, &affine, sums), &own)
            });
            let [of_weight, of_bias] = sums.map(|sum| Tensor::contiguous_of(sum, [shape.channels]));
            [to_x, needed[1].then_some(of_weight), needed[2].then_some(of_bias)]
        })
    }
    // ANCHOR_END: batch_norm

    // ANCHOR: batch_norm_plain
    /// The same when training, out of smaller ops: what [`Tensor::batch_norm`] computes in two passes over memory.
    #[track_caller]
    pub fn batch_norm_plain(&self, weight: &Tensor, bias: &Tensor, eps: f64) -> Tensor {
        let dims: Vec<isize> = (0..self.rank() as isize).filter(|&d| d != 1).collect();
        let mut shape = vec![1; self.rank()];
        shape[1] = self.size(1);
        let mean = self.mean_dim(&dims[..], true);
        let variance = self.var_dim(&dims[..], 0, true);
        let normal = self.sub(&mean).div(&variance.add_scalar(eps).sqrt());
        normal.mul(&weight.reshape(&shape[..])).add(&bias.reshape(&shape[..]))
    }
    // ANCHOR_END: batch_norm_plain

    fn batch_norm_rule(
        &self,
        parameters: &[Option<&Tensor>; 4],
        options: &BatchNormOptions,
    ) -> Result<BatchNormShape> {
        self.needs_float("batch_norm")?;
        let broken = |message| Err(Error::shape("batch_norm", message));
        let [images, channels, ref spatial @ ..] = self.shape()[..] else {
            return broken(format!(
                "the input must be (N, C) or (N, C, …), but has shape {:?}",
                self.shape()
            ));
        };
        for (parameter, name) in parameters.iter().zip(["running mean", "running variance", "weight", "bias"])
        {
            let Some(parameter) = parameter else { continue };
            self.same_dtype("batch_norm", parameter)?;
            if parameter.shape()[..] != [channels] {
                return broken(format!(
                    "input {:?} has {channels} channels, so the {name} must have shape [{channels}], not {:?}",
                    self.shape(),
                    parameter.shape()
                ));
            }
        }
        let length = spatial.iter().product();
        if options.training && images * length == 1 {
            return broken(format!(
                "training needs more than one number a channel to find a variance, but the input has shape {:?}; \
                 use a larger batch, or `eval()`",
                self.shape()
            ));
        }
        if !options.training && parameters[0].is_none() {
            return broken(
                "without running statistics there is nothing to normalise by outside training".into(),
            );
        }
        Ok(BatchNormShape { images, channels, length })
    }
}

/// `running = (1 - momentum) running + momentum new`, outside the graph.
pub(super) fn move_towards(running: &Tensor, new: &Tensor, momentum: f64) {
    crate::no_grad(|| running.copy_(&running.mul_scalar(1.0 - momentum).add(&new.mul_scalar(momentum))));
}
