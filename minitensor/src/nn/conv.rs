//! Convolution layers.

use rand::Rng;

use crate::device::Conv2dOptions;
use crate::ops::Conv1dOptions;
use crate::tensor::Tensor;

use super::init;
use super::module::{Module, Visitor};
use super::weight_norm::Weighted;

// ANCHOR: conv2d
/// The same filters at every place of an image.
///
/// # Shapes
/// x (N, in, H, W) → y (N, out, OH, OW), see [`Tensor::conv2d`]; weight (out, in / groups, KH, KW), bias (out)
pub struct Conv2d {
    /// (out, in / groups, KH, KW)
    pub weight: Tensor,
    /// (out), unless the layer has none.
    pub bias: Option<Tensor>,
    options: Conv2dOptions,
}

impl Module for Conv2d {
    fn forward(&self, x: &Tensor) -> Tensor {
        x.conv2d(&self.weight, self.bias.as_ref(), self.options)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.parameter("weight", &self.weight);
        if let Some(bias) = &self.bias {
            visitor.parameter("bias", bias);
        }
    }
}
// ANCHOR_END: conv2d

impl Conv2d {
    /// Square filters with a bias, moved by one pixel, without padding.
    pub fn new(inputs: usize, outputs: usize, kernel: usize, rng: &mut impl Rng) -> Conv2d {
        Conv2d::with(inputs, outputs, kernel).build(rng)
    }

    /// The same with other options, built when they are said:
    ///
    /// ```
    /// # use minitensor::nn::{Conv2d, Module};
    /// # use rand::{SeedableRng, rngs::ChaCha8Rng};
    /// # let mut rng = ChaCha8Rng::seed_from_u64(0);
    /// let conv = Conv2d::with(3, 16, 3).stride(2).padding(1).bias(false).build(&mut rng);
    /// assert_eq!(conv.num_parameters(), 16 * 3 * 3 * 3);
    /// ```
    pub fn with(inputs: usize, outputs: usize, kernel: usize) -> Conv2dBuilder {
        Conv2dBuilder { inputs, outputs, kernel: [kernel; 2], bias: true, options: Conv2dOptions::default() }
    }
}

/// A size for each of `N` dimensions: one number for all of them, or `[height, width]`.
pub trait PerAxis<const N: usize> {
    /// One number a dimension.
    fn per_axis(self) -> [usize; N];
}

impl<const N: usize> PerAxis<N> for usize {
    fn per_axis(self) -> [usize; N] {
        [self; N]
    }
}

impl<const N: usize> PerAxis<N> for [usize; N] {
    fn per_axis(self) -> [usize; N] {
        self
    }
}

/// The options of a [`Conv2d`] that is to be built.
#[derive(Debug, Clone, Copy)]
#[must_use = "nothing is built before `build`"]
pub struct Conv2dBuilder {
    inputs: usize,
    outputs: usize,
    kernel: [usize; 2],
    bias: bool,
    options: Conv2dOptions,
}

impl Conv2dBuilder {
    /// Filters of another height and width.
    pub fn kernel(self, kernel: impl PerAxis<2>) -> Conv2dBuilder {
        Conv2dBuilder { kernel: kernel.per_axis(), ..self }
    }

    /// Pixels between neighbouring outputs.
    pub fn stride(mut self, stride: impl PerAxis<2>) -> Conv2dBuilder {
        self.options.stride = stride.per_axis();
        self
    }

    /// Zeros on each side.
    pub fn padding(mut self, padding: impl PerAxis<2>) -> Conv2dBuilder {
        self.options.padding = padding.per_axis();
        self
    }

    /// Pixels between neighbouring elements of a filter.
    pub fn dilation(mut self, dilation: impl PerAxis<2>) -> Conv2dBuilder {
        self.options.dilation = dilation.per_axis();
        self
    }

    /// Channels cut into groups that do not see each other.
    pub fn groups(mut self, groups: usize) -> Conv2dBuilder {
        self.options.groups = groups;
        self
    }

    /// Whether there is a bias; before a batch norm there need be none.
    pub fn bias(self, bias: bool) -> Conv2dBuilder {
        Conv2dBuilder { bias, ..self }
    }

    /// The layer, initialised as PyTorch's: weight and bias uniform within ±1/√fan_in.
    ///
    /// # Panics
    /// If the channels cannot be cut into these groups.
    #[track_caller]
    pub fn build(self, rng: &mut impl Rng) -> Conv2d {
        let [height, width] = self.kernel;
        let inputs = channels_per_group("conv2d", self.inputs, self.outputs, self.options.groups);
        let (weight, bias) = weights(&[self.outputs, inputs, height, width], self.outputs, self.bias, rng);
        Conv2d { weight, bias, options: self.options }
    }
}

/// The same filters at every place of a signal.
///
/// # Shapes
/// x (N, in, L) → y (N, out, OL), see [`Tensor::conv1d`]; weight (out, in / groups, K), bias (out)
pub struct Conv1d {
    /// (out, in / groups, K)
    pub weight: Tensor,
    /// (out)
    pub bias: Option<Tensor>,
    options: Conv1dOptions,
}

impl Conv1d {
    /// Filters with a bias, initialised as PyTorch's.
    ///
    /// # Panics
    /// If the channels cannot be cut into the groups that the options ask for.
    #[track_caller]
    pub fn new(
        inputs: usize,
        outputs: usize,
        kernel: usize,
        options: Conv1dOptions,
        rng: &mut impl Rng,
    ) -> Conv1d {
        let inputs = channels_per_group("conv1d", inputs, outputs, options.groups);
        let (weight, bias) = weights(&[outputs, inputs, kernel], outputs, true, rng);
        Conv1d { weight, bias, options }
    }
}

impl Module for Conv1d {
    fn forward(&self, x: &Tensor) -> Tensor {
        x.conv1d(&self.weight, self.bias.as_ref(), self.options)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.parameter("weight", &self.weight);
        if let Some(bias) = &self.bias {
            visitor.parameter("bias", bias);
        }
    }
}

macro_rules! weighted {
    ($layer:ident) => {
        impl Weighted for $layer {
            fn weight(&self) -> &Tensor {
                &self.weight
            }

            fn bias(&self) -> &Option<Tensor> {
                &self.bias
            }

            fn with_weight(&self, weight: Tensor) -> $layer {
                $layer { weight, bias: self.bias.clone(), options: self.options }
            }
        }
    };
}

weighted!(Conv1d);
weighted!(Conv2d);

#[track_caller]
pub(super) fn channels_per_group(op: &str, inputs: usize, outputs: usize, groups: usize) -> usize {
    assert!(
        groups > 0 && inputs.is_multiple_of(groups) && outputs.is_multiple_of(groups),
        "{op}: {inputs} input and {outputs} output channels cannot both be cut into {groups} equal groups"
    );
    inputs / groups
}

/// Weight of this shape and bias of as many numbers as there are outputs, uniform within ±1/√fan_in. PyTorch takes all
/// dimensions of a weight but the first for its fan-in, also where the first are the inputs.
pub(super) fn weights(
    shape: &[usize],
    outputs: usize,
    bias: bool,
    rng: &mut impl Rng,
) -> (Tensor, Option<Tensor>) {
    let fan_in: usize = shape[1..].iter().product();
    let bound = 1.0 / (fan_in as f64).sqrt();
    let weight = init::uniform(shape, bound, rng).requires_grad_();
    let bias = bias.then(|| init::uniform([outputs], bound, rng).requires_grad_());
    (weight, bias)
}
