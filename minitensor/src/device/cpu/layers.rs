//! The layer kernels of the CPU: chooses the element type, makes room for the results.

use crate::device::geometry::{Conv2dGeometry, PoolGeometry};
use crate::device::layers::{Affine, BatchNormShape, LabelLoss, LabelOptions, LayerKernels};
use crate::dtype::{DType, Element};
use crate::error::Result;

use super::{CpuStorage, batch_norm, conv, cross_entropy, indices, pool, softmax};

/// Runs `$body` with `$T` the storage's element type, which the ops have checked to be a floating-point one.
macro_rules! with_float {
    ($storage:expr, $T:ident => $body:expr) => {
        match $storage.dtype() {
            DType::F32 => {
                type $T = f32;
                $body
            }
            DType::F64 => {
                type $T = f64;
                $body
            }
            other => unreachable!("an op let {other} through"),
        }
    };
}

/// The elements of an operand; the ops have checked that its dtype is that of the others.
fn of<T: Element>(storage: &CpuStorage) -> &[T] {
    storage
        .as_slice()
        .unwrap_or_else(|| unreachable!("an op let dtypes {} and {} meet", storage.dtype(), T::DTYPE))
}

/// A storage of `numel` elements that `write` fills in.
fn filled<T: Element>(numel: usize, write: impl FnOnce(&mut [T])) -> CpuStorage {
    let mut elements = vec![T::default(); numel];
    write(&mut elements);
    CpuStorage::from_vec(elements)
}

impl LayerKernels for CpuStorage {
    fn conv2d(&self, geometry: &Conv2dGeometry, weight: &Self, bias: Option<&Self>) -> Self {
        let numel = geometry.output_shape().iter().product();
        with_float!(self, T => filled::<T>(numel, |out| {
            conv::conv2d_forward(geometry, of(self), of(weight), bias.map(of), out);
        }))
    }

    fn conv2d_grad_input(&self, geometry: &Conv2dGeometry, weight: &Self) -> Self {
        let numel = geometry.input_shape().iter().product();
        with_float!(self, T => filled::<T>(numel, |out| {
            conv::conv2d_backward_input(geometry, of(weight), of(self), out);
        }))
    }

    fn conv2d_grad_weight(&self, geometry: &Conv2dGeometry, input: &Self) -> Self {
        let numel = geometry.weight_shape().iter().product();
        with_float!(self, T => filled::<T>(numel, |out| {
            conv::conv2d_backward_weight(geometry, of(input), of(self), out);
        }))
    }

    fn max_pool2d(&self, geometry: &PoolGeometry) -> (Self, Self) {
        with_float!(self, T => {
            let mut positions = vec![0; geometry.output_numel()];
            let values = filled::<T>(geometry.output_numel(), |out| {
                pool::max_pool_forward(geometry, of(self), out, &mut positions);
            });
            (values, CpuStorage::I64(positions))
        })
    }

    fn max_pool2d_grad(&self, geometry: &PoolGeometry, positions: &Self) -> Self {
        with_float!(self, T => filled::<T>(geometry.input_numel(), |out| {
            pool::max_pool_backward(geometry, indices(positions), of(self), out);
        }))
    }

    fn avg_pool2d(&self, geometry: &PoolGeometry) -> Self {
        with_float!(self, T => filled::<T>(geometry.output_numel(), |out| {
            pool::avg_pool_forward(geometry, of(self), out);
        }))
    }

    fn avg_pool2d_grad(&self, geometry: &PoolGeometry) -> Self {
        with_float!(self, T => filled::<T>(geometry.input_numel(), |out| {
            pool::avg_pool_backward(geometry, of(self), out);
        }))
    }

    fn batch_norm_moments(&self, shape: BatchNormShape) -> [Self; 2] {
        with_float!(self, T => {
            let mut mean = vec![0.0; shape.channels];
            let variance = filled::<T>(shape.channels, |variance| {
                batch_norm::batch_norm_statistics(shape, of(self), &mut mean, variance);
            });
            [CpuStorage::from_vec::<T>(mean), variance]
        })
    }

    fn batch_norm(&self, shape: BatchNormShape, affine: &Affine<&Self>) -> Self {
        with_float!(self, T => filled::<T>(self.numel(), |out| {
            batch_norm::batch_norm_forward(shape, of(self), &affine.map(of), out);
        }))
    }

    fn batch_norm_grad_affine(&self, shape: BatchNormShape, x: &Self, affine: &Affine<&Self>) -> [Self; 2] {
        with_float!(self, T => {
            let mut grad_weight = vec![0.0; shape.channels];
            let grad_bias = filled::<T>(shape.channels, |grad_bias| {
                let affine = affine.map(of);
                batch_norm::batch_norm_backward_affine(shape, of(x), &affine, of(self), &mut grad_weight, grad_bias);
            });
            [CpuStorage::from_vec::<T>(grad_weight), grad_bias]
        })
    }

    fn batch_norm_grad_input(
        &self,
        shape: BatchNormShape,
        x: &Self,
        affine: &Affine<&Self>,
        sums: Option<[&Self; 2]>,
    ) -> Self {
        with_float!(self, T => filled::<T>(self.numel(), |out| {
            let affine = affine.map(of);
            match sums {
                Some(sums) => {
                    batch_norm::batch_norm_backward_input(shape, of(x), &affine, of(self), sums.map(of), out);
                }
                None => batch_norm::batch_norm_backward_input_fixed(shape, &affine, of(self), out),
            }
        }))
    }

    fn softmax(&self, width: usize, log: bool) -> Self {
        with_float!(self, T => filled::<T>(self.numel(), |out| match log {
            true => softmax::log_softmax_forward(width, of(self), out),
            false => softmax::softmax_forward(width, of(self), out),
        }))
    }

    fn softmax_grad(&self, width: usize, log: bool, y: &Self) -> Self {
        with_float!(self, T => filled::<T>(self.numel(), |out| match log {
            true => softmax::log_softmax_backward(width, of(y), of(self), out),
            false => softmax::softmax_backward(width, of(y), of(self), out),
        }))
    }

    fn cross_entropy(
        &self,
        classes: usize,
        labels: &Self,
        options: &LabelOptions<&Self>,
    ) -> Result<LabelLoss<Self>> {
        let labels = indices(labels);
        cross_entropy::check_labels("cross_entropy", labels, classes, options.ignore_index)?;
        with_float!(self, T => {
            let mut losses = vec![T::default(); labels.len()];
            let mut total = T::default();
            let scales = filled::<T>(2 * labels.len(), |scales| {
                let options = options.map(of);
                total = cross_entropy::cross_entropy_forward(classes, of(self), labels, &options, &mut losses, scales);
            });
            Ok(LabelLoss { losses: CpuStorage::from_vec(losses), scales, total: total.to_f64() })
        })
    }

    fn cross_entropy_grad(
        &self,
        classes: usize,
        logits: &Self,
        labels: &Self,
        options: &LabelOptions<&Self>,
        scales: &Self,
    ) -> Self {
        let labels = indices(labels);
        with_float!(self, T => filled::<T>(logits.numel(), |out| {
            let (logits, options, scales) = (of(logits), options.map(of), of(scales));
            cross_entropy::cross_entropy_backward(classes, logits, labels, &options, scales, of(self), out);
        }))
    }
}
