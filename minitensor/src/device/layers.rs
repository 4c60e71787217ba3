//! What a device can do faster in one kernel than out of primitives: convolution, pooling, normalisation, softmax and
//! cross-entropy, each way.
//!
//! Every storage here is contiguous and holds exactly the elements of its tensor. A `grad` is the gradient of the
//! result, by which the loss depends on it.

use std::sync::Arc;

use crate::error::Result;

use super::Storage;
use super::geometry::{Conv2dGeometry, PoolGeometry};

/// Kernels of whole layers, beside the primitives of [`Kernels`](super::Kernels).
pub trait LayerKernels: Sized {
    /// The convolution of this input with a weight, plus a bias.
    fn conv2d(&self, geometry: &Conv2dGeometry, weight: &Self, bias: Option<&Self>) -> Self;

    /// The gradient of a convolution's input; `self` is `grad`.
    fn conv2d_grad_input(&self, geometry: &Conv2dGeometry, weight: &Self) -> Self;

    /// The gradient of a convolution's weight; `self` is `grad`.
    fn conv2d_grad_weight(&self, geometry: &Conv2dGeometry, input: &Self) -> Self;

    /// The largest number of each window, and its position in its plane (`I64`).
    fn max_pool2d(&self, geometry: &PoolGeometry) -> (Self, Self);

    /// The gradient of max pooling's input; `self` is `grad`.
    fn max_pool2d_grad(&self, geometry: &PoolGeometry, positions: &Self) -> Self;

    /// The mean of each window.
    fn avg_pool2d(&self, geometry: &PoolGeometry) -> Self;

    /// The gradient of average pooling's input; `self` is `grad`.
    fn avg_pool2d_grad(&self, geometry: &PoolGeometry) -> Self;

    /// Mean and biased variance of each channel.
    fn batch_norm_moments(&self, shape: BatchNormShape) -> [Self; 2];

    /// `(x - mean) * inverse_deviation * weight + bias`, channel by channel.
    fn batch_norm(&self, shape: BatchNormShape, affine: &Affine<&Self>) -> Self;

    /// The gradients of weight and bias; `self` is `grad`.
    fn batch_norm_grad_affine(&self, shape: BatchNormShape, x: &Self, affine: &Affine<&Self>) -> [Self; 2];

    /// The gradient of the input; `self` is `grad`. `sums` are the gradients of weight and bias where the moments
    /// are those of this very input, and nothing where they are fixed.
    fn batch_norm_grad_input(
        &self,
        shape: BatchNormShape,
        x: &Self,
        affine: &Affine<&Self>,
        sums: Option<[&Self; 2]>,
    ) -> Self;

    /// The softmax of each row of `width` numbers, or its logarithm.
    fn softmax(&self, width: usize, log: bool) -> Self;

    /// The gradient of [`LayerKernels::softmax`]'s input from its output `y`; `self` is `grad`.
    fn softmax_grad(&self, width: usize, log: bool, y: &Self) -> Self;

    /// The cross-entropy of each row of `classes` logits and its label.
    ///
    /// # Errors
    /// If a label is neither a class nor `ignore_index`.
    fn cross_entropy(
        &self,
        classes: usize,
        labels: &Self,
        options: &LabelOptions<&Self>,
    ) -> Result<LabelLoss<Self>>;

    /// The gradient of the logits; `self` is `grad`, one number a row, and `scales` those of the forward pass.
    fn cross_entropy_grad(
        &self,
        classes: usize,
        logits: &Self,
        labels: &Self,
        options: &LabelOptions<&Self>,
        scales: &Self,
    ) -> Self;
}

/// Sizes of what batch norm normalises: (N, C, L).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchNormShape {
    /// N.
    pub images: usize,
    /// C.
    pub channels: usize,
    /// L: the product of the spatial sizes, 1 where there are none.
    pub length: usize,
}

/// What normalises a channel: `(x - mean) * inverse_deviation`, then `* weight + bias`. Each has one number a channel.
#[derive(Debug, Clone, Copy)]
pub struct Affine<X> {
    /// The mean.
    pub mean: X,
    /// `1 / sqrt(variance + eps)`.
    pub inverse_deviation: X,
    /// The scale, or one.
    pub weight: Option<X>,
    /// The shift, or zero.
    pub bias: Option<X>,
}

impl<X> Affine<X> {
    /// The same with every part changed by `f`.
    pub fn map<Y>(self, f: impl Fn(X) -> Y) -> Affine<Y> {
        Affine {
            mean: f(self.mean),
            inverse_deviation: f(self.inverse_deviation),
            weight: self.weight.map(&f),
            bias: self.bias.map(&f),
        }
    }
}

/// How labels count.
#[derive(Debug, Clone, Copy)]
pub struct LabelOptions<X> {
    /// Rows with this label count for nothing.
    pub ignore_index: i64,
    /// This part of a label's weight is spread over all classes (Szegedy et al., 2016, section 7).
    pub label_smoothing: f64,
    /// How much each class counts; one each where there are none.
    pub class_weights: Option<X>,
}

impl LabelOptions<Arc<Storage>> {
    /// The same with its class weights borrowed.
    pub fn as_deref(&self) -> LabelOptions<&Storage> {
        LabelOptions {
            ignore_index: self.ignore_index,
            label_smoothing: self.label_smoothing,
            class_weights: self.class_weights.as_deref(),
        }
    }
}

impl<X> LabelOptions<X> {
    /// The same with the class weights changed by `f`.
    pub fn map<Y>(self, f: impl Fn(X) -> Y) -> LabelOptions<Y> {
        LabelOptions {
            ignore_index: self.ignore_index,
            label_smoothing: self.label_smoothing,
            class_weights: self.class_weights.map(f),
        }
    }
}

/// What the forward pass of cross-entropy finds.
pub struct LabelLoss<S> {
    /// The loss of each row; 0 where the label is ignored.
    pub losses: S,
    /// (rows, 2): the largest logit, and ln of the sum of e^(x - largest).
    pub scales: S,
    /// The sum of the labels' weights, by which a mean divides.
    pub total: f64,
}

impl Storage {
    fn cpu(&self) -> &super::CpuStorage {
        match self {
            Storage::Cpu(cpu) => cpu,
        }
    }
}

/// Hands a call to the device that holds `self`; the others were checked to be there too.
impl LayerKernels for Storage {
    fn conv2d(&self, geometry: &Conv2dGeometry, weight: &Self, bias: Option<&Self>) -> Self {
        match self {
            Storage::Cpu(x) => Storage::Cpu(x.conv2d(geometry, weight.cpu(), bias.map(Storage::cpu))),
        }
    }

    fn conv2d_grad_input(&self, geometry: &Conv2dGeometry, weight: &Self) -> Self {
        match self {
            Storage::Cpu(grad) => Storage::Cpu(grad.conv2d_grad_input(geometry, weight.cpu())),
        }
    }

    fn conv2d_grad_weight(&self, geometry: &Conv2dGeometry, input: &Self) -> Self {
        match self {
            Storage::Cpu(grad) => Storage::Cpu(grad.conv2d_grad_weight(geometry, input.cpu())),
        }
    }

    fn max_pool2d(&self, geometry: &PoolGeometry) -> (Self, Self) {
        match self {
            Storage::Cpu(x) => {
                let (values, positions) = x.max_pool2d(geometry);
                (Storage::Cpu(values), Storage::Cpu(positions))
            }
        }
    }

    fn max_pool2d_grad(&self, geometry: &PoolGeometry, positions: &Self) -> Self {
        match self {
            Storage::Cpu(grad) => Storage::Cpu(grad.max_pool2d_grad(geometry, positions.cpu())),
        }
    }

    fn avg_pool2d(&self, geometry: &PoolGeometry) -> Self {
        match self {
            Storage::Cpu(x) => Storage::Cpu(x.avg_pool2d(geometry)),
        }
    }

    fn avg_pool2d_grad(&self, geometry: &PoolGeometry) -> Self {
        match self {
            Storage::Cpu(grad) => Storage::Cpu(grad.avg_pool2d_grad(geometry)),
        }
    }

    fn batch_norm_moments(&self, shape: BatchNormShape) -> [Self; 2] {
        match self {
            Storage::Cpu(x) => x.batch_norm_moments(shape).map(Storage::Cpu),
        }
    }

    fn batch_norm(&self, shape: BatchNormShape, affine: &Affine<&Self>) -> Self {
        match self {
            Storage::Cpu(x) => Storage::Cpu(x.batch_norm(shape, &affine.map(Storage::cpu))),
        }
    }

    fn batch_norm_grad_affine(&self, shape: BatchNormShape, x: &Self, affine: &Affine<&Self>) -> [Self; 2] {
        match self {
            Storage::Cpu(grad) => {
                grad.batch_norm_grad_affine(shape, x.cpu(), &affine.map(Storage::cpu)).map(Storage::Cpu)
            }
        }
    }

    fn batch_norm_grad_input(
        &self,
        shape: BatchNormShape,
        x: &Self,
        affine: &Affine<&Self>,
        sums: Option<[&Self; 2]>,
    ) -> Self {
        let (affine, sums) = (affine.map(Storage::cpu), sums.map(|sums| sums.map(Storage::cpu)));
        match self {
            Storage::Cpu(grad) => Storage::Cpu(grad.batch_norm_grad_input(shape, x.cpu(), &affine, sums)),
        }
    }

    fn softmax(&self, width: usize, log: bool) -> Self {
        match self {
            Storage::Cpu(x) => Storage::Cpu(x.softmax(width, log)),
        }
    }

    fn softmax_grad(&self, width: usize, log: bool, y: &Self) -> Self {
        match self {
            Storage::Cpu(grad) => Storage::Cpu(grad.softmax_grad(width, log, y.cpu())),
        }
    }

    fn cross_entropy(
        &self,
        classes: usize,
        labels: &Self,
        options: &LabelOptions<&Self>,
    ) -> Result<LabelLoss<Self>> {
        match self {
            Storage::Cpu(logits) => {
                let loss = logits.cross_entropy(classes, labels.cpu(), &options.map(Storage::cpu))?;
                let (losses, scales) = (Storage::Cpu(loss.losses), Storage::Cpu(loss.scales));
                Ok(LabelLoss { losses, scales, total: loss.total })
            }
        }
    }

    fn cross_entropy_grad(
        &self,
        classes: usize,
        logits: &Self,
        labels: &Self,
        options: &LabelOptions<&Self>,
        scales: &Self,
    ) -> Self {
        let (logits, labels, options) = (logits.cpu(), labels.cpu(), options.map(Storage::cpu));
        match self {
            Storage::Cpu(grad) => {
                Storage::Cpu(grad.cross_entropy_grad(classes, logits, labels, &options, scales.cpu()))
            }
        }
    }
}
