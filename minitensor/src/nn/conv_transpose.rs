//! Transposed convolution layers.

use rand::Rng;

use crate::ops::ConvTransposeOptions;
use crate::tensor::Tensor;

use super::conv_builder::{PerAxis, channels_per_group, weights};
use super::module::{Module, Visitor};

// ANCHOR: conv_transpose
/// A convolution's way back: filters that every input number lays over the output.
///
/// # Shapes
/// x (N, in, …) → y (N, out, …), see [`Tensor::conv_transpose2d`]; weight (in, out / groups, K…), bias (out)
pub struct ConvTranspose<const N: usize> {
    /// (in, out / groups, K…)
    pub weight: Tensor,
    /// (out), unless the layer has none.
    pub bias: Option<Tensor>,
    options: ConvTransposeOptions<N>,
}
// ANCHOR_END: conv_transpose

/// For signals (N, C, L).
pub type ConvTranspose1d = ConvTranspose<1>;
/// For images (N, C, H, W).
pub type ConvTranspose2d = ConvTranspose<2>;
/// For volumes (N, C, D, H, W).
pub type ConvTranspose3d = ConvTranspose<3>;

macro_rules! layer {
    ($n:literal, $op:ident) => {
        impl Module for ConvTranspose<$n> {
            fn forward(&self, x: &Tensor) -> Tensor {
                x.$op(&self.weight, self.bias.as_ref(), self.options)
            }

            fn visit(&self, visitor: &mut Visitor<'_>) {
                visitor.parameter("weight", &self.weight);
                if let Some(bias) = &self.bias {
                    visitor.parameter("bias", bias);
                }
            }
        }
    };
}

layer!(1, conv_transpose1d);
layer!(2, conv_transpose2d);
layer!(3, conv_transpose3d);

impl<const N: usize> ConvTranspose<N> {
    /// Filters of equal sides with a bias, one step from input to input, nothing cut off.
    pub fn new(inputs: usize, outputs: usize, kernel: usize, rng: &mut impl Rng) -> ConvTranspose<N> {
        ConvTranspose::with(inputs, outputs, kernel).build(rng)
    }

    /// The same with other options, built when they are said:
    ///
    /// ```
    /// # use minitensor::{Tensor, nn::{ConvTranspose2d, Module}};
    /// # use rand::{SeedableRng, rngs::ChaCha8Rng};
    /// # let mut rng = ChaCha8Rng::seed_from_u64(0);
    /// let double = ConvTranspose2d::with(4, 2, 3).stride(2).padding(1).output_padding(1).build(&mut rng);
    /// assert_eq!(double.forward(&Tensor::zeros([1, 4, 8, 8])).shape()[..], [1, 2, 16, 16]);
    /// ```
    pub fn with(inputs: usize, outputs: usize, kernel: impl PerAxis<N>) -> ConvTransposeBuilder<N> {
        let (kernel, options) = (kernel.per_axis(), ConvTransposeOptions::default());
        ConvTransposeBuilder { inputs, outputs, kernel, bias: true, options }
    }
}

/// The options of a [`ConvTranspose`] that is to be built.
#[derive(Debug, Clone, Copy)]
#[must_use = "nothing is built before `build`"]
pub struct ConvTransposeBuilder<const N: usize> {
    inputs: usize,
    outputs: usize,
    kernel: [usize; N],
    bias: bool,
    options: ConvTransposeOptions<N>,
}

impl<const N: usize> ConvTransposeBuilder<N> {
    /// Steps between where neighbouring inputs lay their filters.
    pub fn stride(mut self, stride: impl PerAxis<N>) -> Self {
        self.options.stride = stride.per_axis();
        self
    }

    /// What is cut off on each side.
    pub fn padding(mut self, padding: impl PerAxis<N>) -> Self {
        self.options.padding = padding.per_axis();
        self
    }

    /// What is added at the end.
    pub fn output_padding(mut self, output_padding: impl PerAxis<N>) -> Self {
        self.options.output_padding = output_padding.per_axis();
        self
    }

    /// Distance between neighbouring elements of a filter.
    pub fn dilation(mut self, dilation: impl PerAxis<N>) -> Self {
        self.options.dilation = dilation.per_axis();
        self
    }

    /// Channels cut into groups that do not see each other.
    pub fn groups(mut self, groups: usize) -> Self {
        self.options.groups = groups;
        self
    }

    /// Whether there is a bias.
    pub fn bias(self, bias: bool) -> Self {
        Self { bias, ..self }
    }

    /// The layer, initialised as PyTorch's.
    ///
    /// # Panics
    /// If the channels cannot be cut into these groups.
    #[track_caller]
    pub fn build(self, rng: &mut impl Rng) -> ConvTranspose<N> {
        let groups = self.options.groups;
        channels_per_group("conv_transpose", self.inputs, self.outputs, groups);
        let shape = [&[self.inputs, self.outputs / groups], &self.kernel[..]].concat();
        let (weight, bias) = weights(&shape, self.outputs, self.bias, rng);
        ConvTranspose { weight, bias, options: self.options }
    }
}
