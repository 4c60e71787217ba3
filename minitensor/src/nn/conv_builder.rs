//! What a convolution layer is made from.

use rand::Rng;

use crate::ops::PadMode;
use crate::tensor::Tensor;

use super::conv::{Around, Conv, Steps};
use super::init;

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

/// The options of a [`Conv`] that is to be built.
#[derive(Debug, Clone, Copy)]
#[must_use = "nothing is built before `build`"]
pub struct ConvBuilder<const N: usize> {
    inputs: usize,
    outputs: usize,
    kernel: [usize; N],
    bias: bool,
    steps: Steps<N>,
    /// As many on both sides; none said, as many as keep the size.
    padding: Option<[usize; N]>,
    mode: PadMode,
}

impl<const N: usize> ConvBuilder<N> {
    pub(super) fn new(inputs: usize, outputs: usize, kernel: [usize; N]) -> ConvBuilder<N> {
        let steps = Steps { stride: [1; N], dilation: [1; N], groups: 1 };
        let (padding, mode) = (Some([0; N]), PadMode::Constant(0.0));
        ConvBuilder { inputs, outputs, kernel, bias: true, steps, padding, mode }
    }

    /// Steps between neighbouring outputs.
    pub fn stride(mut self, stride: impl PerAxis<N>) -> Self {
        self.steps.stride = stride.per_axis();
        self
    }

    /// What is laid around the input on each side: zeros, unless there is a [`ConvBuilder::padding_mode`].
    pub fn padding(self, padding: impl PerAxis<N>) -> Self {
        Self { padding: Some(padding.per_axis()), ..self }
    }

    /// As much padding as the output needs to have the size of the input: PyTorch's `padding='same'`. Of an odd number the
    /// larger half comes last.
    pub fn padding_same(self) -> Self {
        Self { padding: None, ..self }
    }

    /// What the padding shows: with PyTorch's names 'zeros' (`Constant(0.0)`), 'reflect', 'replicate' or 'circular'.
    pub fn padding_mode(self, mode: PadMode) -> Self {
        Self { mode, ..self }
    }

    /// Steps between neighbouring elements of a filter.
    pub fn dilation(mut self, dilation: impl PerAxis<N>) -> Self {
        self.steps.dilation = dilation.per_axis();
        self
    }

    /// Channels cut into groups that do not see each other.
    pub fn groups(mut self, groups: usize) -> Self {
        self.steps.groups = groups;
        self
    }

    /// Whether there is a bias; before a batch norm there need be none.
    pub fn bias(self, bias: bool) -> Self {
        Self { bias, ..self }
    }

    /// The layer, initialised as PyTorch's: weight and bias uniform within ±1/√fan_in.
    ///
    /// # Panics
    /// If the channels cannot be cut into these groups, or the size is to be kept in spite of a stride.
    #[track_caller]
    pub fn build(self, rng: &mut impl Rng) -> Conv<N> {
        let around = Around { sides: self.sides(), mode: self.mode };
        let inputs = channels_per_group(&format!("conv{N}d"), self.inputs, self.outputs, self.steps.groups);
        let shape = [&[self.outputs, inputs], &self.kernel[..]].concat();
        let (weight, bias) = weights(&shape, self.outputs, self.bias, rng);
        Conv { weight, bias, steps: self.steps, around }
    }

    #[track_caller]
    fn sides(&self) -> [[usize; 2]; N] {
        if let Some(padding) = self.padding {
            return padding.map(|n| [n, n]);
        }
        let stride = self.steps.stride;
        assert!(
            stride == [1; N],
            "conv{N}d: with a stride of {stride:?} the output cannot keep the size; say how much `padding` there is to be"
        );
        std::array::from_fn(|d| {
            let lost = self.steps.dilation[d] * self.kernel[d].saturating_sub(1);
            [lost / 2, lost - lost / 2]
        })
    }
}

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
