//! The convolution layer for volumes.

use rand::Rng;

use crate::ops::Conv3dOptions;
use crate::tensor::Tensor;

use super::conv::{PerAxis, channels_per_group, weights};
use super::module::{Module, Visitor};

/// The same filters at every place of a volume.
///
/// # Shapes
/// x (N, in, D, H, W) → y (N, out, OD, OH, OW), see [`Tensor::conv3d`]; weight (out, in / groups, KD, KH, KW), bias (out)
pub struct Conv3d {
    /// (out, in / groups, KD, KH, KW)
    pub weight: Tensor,
    /// (out), unless the layer has none.
    pub bias: Option<Tensor>,
    options: Conv3dOptions,
}

impl Module for Conv3d {
    fn forward(&self, x: &Tensor) -> Tensor {
        x.conv3d(&self.weight, self.bias.as_ref(), self.options)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.parameter("weight", &self.weight);
        visitor.optional_parameter("bias", &self.bias);
    }
}

impl Conv3d {
    /// Filters of equal sides with a bias, moved by one step, without padding.
    pub fn new(inputs: usize, outputs: usize, kernel: usize, rng: &mut impl Rng) -> Conv3d {
        Conv3d::with(inputs, outputs, kernel).build(rng)
    }

    /// The same with other options, built when they are said:
    ///
    /// ```
    /// # use minitensor::{Tensor, nn::{Conv3d, Module}};
    /// # use rand::{SeedableRng, rngs::ChaCha8Rng};
    /// # let mut rng = ChaCha8Rng::seed_from_u64(0);
    /// let conv = Conv3d::with(1, 4, [1, 3, 3]).padding([0, 1, 1]).bias(false).build(&mut rng);
    /// assert_eq!(conv.forward(&Tensor::zeros([1, 1, 5, 8, 8])).shape()[..], [1, 4, 5, 8, 8]);
    /// ```
    pub fn with(inputs: usize, outputs: usize, kernel: impl PerAxis<3>) -> Conv3dBuilder {
        let (kernel, options) = (kernel.per_axis(), Conv3dOptions::default());
        Conv3dBuilder { inputs, outputs, kernel, bias: true, options }
    }
}

/// The options of a [`Conv3d`] that is to be built.
#[derive(Debug, Clone, Copy)]
#[must_use = "nothing is built before `build`"]
pub struct Conv3dBuilder {
    inputs: usize,
    outputs: usize,
    kernel: [usize; 3],
    bias: bool,
    options: Conv3dOptions,
}

impl Conv3dBuilder {
    /// Steps between neighbouring outputs.
    pub fn stride(mut self, stride: impl PerAxis<3>) -> Conv3dBuilder {
        self.options.stride = stride.per_axis();
        self
    }

    /// Zeros on each side.
    pub fn padding(mut self, padding: impl PerAxis<3>) -> Conv3dBuilder {
        self.options.padding = padding.per_axis();
        self
    }

    /// Steps between neighbouring elements of a filter.
    pub fn dilation(mut self, dilation: impl PerAxis<3>) -> Conv3dBuilder {
        self.options.dilation = dilation.per_axis();
        self
    }

    /// Channels cut into groups that do not see each other.
    pub fn groups(mut self, groups: usize) -> Conv3dBuilder {
        self.options.groups = groups;
        self
    }

    /// Whether there is a bias; before a batch norm there need be none.
    pub fn bias(self, bias: bool) -> Conv3dBuilder {
        Conv3dBuilder { bias, ..self }
    }

    /// The layer, initialised as PyTorch's: weight and bias uniform within ±1/√fan_in.
    ///
    /// # Panics
    /// If the channels cannot be cut into these groups.
    #[track_caller]
    pub fn build(self, rng: &mut impl Rng) -> Conv3d {
        let inputs = channels_per_group("conv3d", self.inputs, self.outputs, self.options.groups);
        let shape = [&[self.outputs, inputs], &self.kernel[..]].concat();
        let (weight, bias) = weights(&shape, self.outputs, self.bias, rng);
        Conv3d { weight, bias, options: self.options }
    }
}
