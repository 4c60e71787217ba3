//! Batch norm and its gradients.

use super::{Storage, on_device};

/// Batch norm and its gradients.
///
/// Every storage is contiguous and holds exactly the elements of its tensor. A `grad` is the gradient of the result, by
/// which the loss depends on it.
pub trait BatchNormKernels: Sized {
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

/// Hands a call to the device that holds `self`.
impl BatchNormKernels for Storage {
    fn batch_norm_moments(&self, shape: BatchNormShape) -> [Self; 2] {
        on_device!(self, x: S => x.batch_norm_moments(shape).map(Into::into))
    }

    fn batch_norm(&self, shape: BatchNormShape, affine: &Affine<&Self>) -> Self {
        on_device!(self, x: S => x.batch_norm(shape, &affine.map(|part| part.on::<S>())).into())
    }

    fn batch_norm_grad_affine(&self, shape: BatchNormShape, x: &Self, affine: &Affine<&Self>) -> [Self; 2] {
        on_device!(self, grad: S => {
            let affine = affine.map(|part| part.on::<S>());
            grad.batch_norm_grad_affine(shape, x.on::<S>(), &affine).map(Into::into)
        })
    }

    fn batch_norm_grad_input(
        &self,
        shape: BatchNormShape,
        x: &Self,
        affine: &Affine<&Self>,
        sums: Option<[&Self; 2]>,
    ) -> Self {
        on_device!(self, grad: S => {
            let affine = affine.map(|part| part.on::<S>());
            let sums = sums.map(|sums| sums.map(|sum| sum.on::<S>()));
            grad.batch_norm_grad_input(shape, x.on::<S>(), &affine, sums).into()
        })
    }
}
