//! Convolution layers.

use rand::Rng;

use crate::device::Conv2dOptions;
use crate::ops::{Conv1dOptions, Conv3dOptions, PadMode};
use crate::tensor::Tensor;

use super::conv_builder::{ConvBuilder, PerAxis};
use super::module::{Module, Visitor};
use super::weight_norm::Weighted;

// ANCHOR: conv
/// The same filters at every place of a signal, an image or a volume: a [`Conv1d`], [`Conv2d`] or [`Conv3d`].
///
/// # Shapes
/// x (N, in, …) → y (N, out, …), see [`Tensor::conv2d`]; weight (out, in / groups, K…), bias (out)
pub struct Conv<const N: usize> {
    /// (out, in / groups, K…)
    pub weight: Tensor,
    /// (out), unless the layer has none.
    pub bias: Option<Tensor>,
    pub(super) steps: Steps<N>,
    pub(super) around: Around<N>,
}
// ANCHOR_END: conv

/// For signals (N, C, L).
pub type Conv1d = Conv<1>;
/// For images (N, C, H, W).
pub type Conv2d = Conv<2>;
/// For volumes (N, C, D, H, W).
pub type Conv3d = Conv<3>;

/// Where the filters are laid.
#[derive(Debug, Clone, Copy)]
pub(super) struct Steps<const N: usize> {
    pub(super) stride: [usize; N],
    pub(super) dilation: [usize; N],
    pub(super) groups: usize,
}

/// What lies around the input: `[before, after]` of each dimension.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<const N: usize> {
    pub(super) sides: [[usize; 2]; N],
    pub(super) mode: PadMode,
}

impl<const N: usize> Around<N> {
    /// The input as the op is to see it, and the padding that is left to the op: zeros, as many on both sides.
    fn lay(&self, x: &Tensor) -> (Tensor, [usize; N]) {
        let even = self.sides.iter().all(|[before, after]| before == after);
        if even && self.mode == PadMode::Constant(0.0) {
            return (x.clone(), self.sides.map(|[before, _]| before));
        }
        // `pad` wants the last dimension first
        let amounts: Vec<isize> = self.sides.iter().rev().flatten().map(|&n| n as isize).collect();
        (x.pad(&amounts, self.mode), [0; N])
    }
}

macro_rules! layer {
    ($n:literal, $name:literal, $op:ident, |$steps:ident, $padding:ident| $options:expr) => {
        impl Module for Conv<$n> {
            fn forward(&self, x: &Tensor) -> Tensor {
                let ($steps, (x, $padding)) = (self.steps, self.around.lay(x));
                x.$op(&self.weight, self.bias.as_ref(), $options)
            }

            fn visit(&self, visitor: &mut Visitor<'_>) {
                visitor.parameter("weight", &self.weight);
                visitor.optional_parameter("bias", &self.bias);
            }

            fn kind(&self) -> &'static str {
                $name
            }
        }
    };
}

layer!(1, "Conv1d", conv1d, |steps, padding| {
    let Steps { stride: [stride], dilation: [dilation], groups } = steps;
    Conv1dOptions { stride, padding: padding[0], dilation, groups }
});
layer!(2, "Conv2d", conv2d, |steps, padding| {
    let Steps { stride, dilation, groups } = steps;
    Conv2dOptions { stride, padding, dilation, groups }
});
layer!(3, "Conv3d", conv3d, |steps, padding| {
    let Steps { stride, dilation, groups } = steps;
    Conv3dOptions { stride, padding, dilation, groups }
});

impl<const N: usize> Conv<N> {
    /// Filters of equal sides with a bias, moved by one step, without padding.
    pub fn new(inputs: usize, outputs: usize, kernel: usize, rng: &mut impl Rng) -> Conv<N> {
        Conv::with(inputs, outputs, kernel).build(rng)
    }

    /// The same with other options, built when they are said:
    ///
    /// ```
    /// # use minitensor::nn::{Conv2d, Conv3d, Module};
    /// # use minitensor::{Tensor, ops::PadMode};
    /// # use rand::{SeedableRng, rngs::ChaCha8Rng};
    /// # let mut rng = ChaCha8Rng::seed_from_u64(0);
    /// let conv = Conv2d::with(3, 16, 3).stride(2).padding(1).bias(false).build(&mut rng);
    /// assert_eq!(conv.num_parameters(), 16 * 3 * 3 * 3);
    /// let conv = Conv3d::with(1, 4, [1, 3, 4]).padding_same().padding_mode(PadMode::Reflect).build(&mut rng);
    /// assert_eq!(conv.forward(&Tensor::zeros([1, 1, 5, 8, 8])).shape()[..], [1, 4, 5, 8, 8]);
    /// ```
    pub fn with(inputs: usize, outputs: usize, kernel: impl PerAxis<N>) -> ConvBuilder<N> {
        ConvBuilder::new(inputs, outputs, kernel.per_axis())
    }
}

impl<const N: usize> Weighted for Conv<N>
where
    Conv<N>: Module,
{
    fn weight(&self) -> &Tensor {
        &self.weight
    }

    fn bias(&self) -> &Option<Tensor> {
        &self.bias
    }

    fn with_weight(&self, weight: Tensor) -> Conv<N> {
        Conv { weight, bias: self.bias.clone(), steps: self.steps, around: self.around }
    }
}
