//! Transposed convolution: each input lays its number times the filter over the output.

use crate::device::{Conv2dGeometry, Conv2dOptions, ConvKernels};
use crate::error::{Error, OrPanic, Result};
use crate::observe::as_one;
use crate::tensor::Tensor;

/// Options of a transposed convolution over `N` dimensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConvTransposeOptions<const N: usize> {
    /// Steps between where neighbouring inputs lay their filters.
    pub stride: [usize; N],
    /// What is cut off on each side.
    pub padding: [usize; N],
    /// What is added at the end: a convolution with a stride takes several sizes to one, and this says which to go back to.
    pub output_padding: [usize; N],
    /// Distance between neighbouring elements of the kernel.
    pub dilation: [usize; N],
    /// The channels are cut into this many groups that do not see each other.
    pub groups: usize,
}

impl<const N: usize> Default for ConvTransposeOptions<N> {
    fn default() -> Self {
        Self { stride: [1; N], padding: [0; N], output_padding: [0; N], dilation: [1; N], groups: 1 }
    }
}

impl Tensor {
    // ANCHOR: conv_transpose2d
    /// The gradient of a convolution's input, used as a layer: where the convolution goes from (O, OH, OW) down to
    /// (C, H, W), this goes up (Dumoulin and Visin, 2016).
    ///
    /// # Shapes
    /// input (N, C, H, W), weight (C, O / groups, KH, KW), bias (O) → (N, O, OH, OW) with
    /// OH = (H − 1) stride − 2 padding + dilation (KH − 1) + output_padding + 1
    ///
    /// # Panics
    /// If shapes or dtypes do not fit, if the padding cuts off all there is, or if the output padding is not smaller than
    /// stride or dilation.
    #[track_caller]
    pub fn conv_transpose2d(
        &self,
        weight: &Tensor,
        bias: Option<&Tensor>,
        options: ConvTransposeOptions<2>,
    ) -> Tensor {
        let output = self.transposed_rule("conv_transpose2d", weight, bias, &options).or_panic();
        let geometry = geometry_of_the_way_down(self, weight, output, options);
        let (x, w) = (self.packed(), weight.packed());
        let y = Tensor::contiguous_of(x.conv2d_grad_input(&geometry, &w), geometry.input_shape());
        let y = y.record_joint("conv_transpose2d", [Some(self), Some(weight)], move |grad, [of_x, of_w]| {
            let g = grad.packed();
            // The way back from the way up is the way down.
            let to_x = || Tensor::contiguous_of(g.conv2d(&geometry, &w, None), geometry.output_shape());
            let to_w = || Tensor::contiguous_of(x.conv2d_grad_weight(&geometry, &g), geometry.weight_shape());
            [of_x.then(to_x), of_w.then(to_w)]
        });
        match bias {
            Some(bias) => y.add(&bias.reshape([bias.numel(), 1, 1])),
            None => y,
        }
    }
    // ANCHOR_END: conv_transpose2d

    /// Transposed convolution along one dimension: a 2-D one of height 1.
    ///
    /// # Shapes
    /// input (N, C, L), weight (C, O / groups, K), bias (O) → (N, O, OL)
    ///
    /// # Panics
    /// As [`Tensor::conv_transpose2d`].
    #[track_caller]
    pub fn conv_transpose1d(
        &self,
        weight: &Tensor,
        bias: Option<&Tensor>,
        options: ConvTransposeOptions<1>,
    ) -> Tensor {
        self.transposed_rule("conv_transpose1d", weight, bias, &options).or_panic();
        let options = ConvTransposeOptions {
            stride: [1, options.stride[0]],
            padding: [0, options.padding[0]],
            output_padding: [0, options.output_padding[0]],
            dilation: [1, options.dilation[0]],
            groups: options.groups,
        };
        as_one("conv_transpose1d", &[self, weight], || {
            self.unsqueeze(2).conv_transpose2d(&weight.unsqueeze(2), bias, options).squeeze(2)
        })
    }

    /// Checks everything, and returns the size of an output image.
    pub(super) fn transposed_rule<const N: usize>(
        &self,
        op: &'static str,
        weight: &Tensor,
        bias: Option<&Tensor>,
        options: &ConvTransposeOptions<N>,
    ) -> Result<[usize; N]> {
        self.needs_float(op)?;
        for other in [Some(weight), bias].into_iter().flatten() {
            self.same_dtype(op, other)?;
        }
        check_shapes(
            op,
            N,
            self.shape(),
            weight.shape(),
            bias.map(|bias| &bias.shape()[..]),
            options.groups,
        )?;
        let mut output = [0; N];
        for (axis, size) in output.iter_mut().enumerate() {
            *size = output_size(op, axis, self.shape()[axis + 2], weight.shape()[axis + 2], options)?;
        }
        Ok(output)
    }
}

/// The convolution whose input is our output.
fn geometry_of_the_way_down(
    x: &Tensor,
    weight: &Tensor,
    output: [usize; 2],
    options: ConvTransposeOptions<2>,
) -> Conv2dGeometry {
    let ([batch, channels, height, width], [_, outputs, kh, kw]) = (x.dims(), weight.dims());
    let ConvTransposeOptions { stride, padding, dilation, groups, .. } = options;
    Conv2dGeometry {
        batch,
        in_channels: outputs * groups,
        out_channels: channels,
        input: output,
        kernel: [kh, kw],
        output: [height, width],
        options: Conv2dOptions { stride, padding, dilation, groups },
    }
}

fn check_shapes(
    op: &'static str,
    axes: usize,
    input: &[usize],
    weight: &[usize],
    bias: Option<&[usize]>,
    groups: usize,
) -> Result<()> {
    let wrong = |message: String| Err(Error::shape(op, message));
    for (what, shape, wants) in [("input", input, "(N, C, …)"), ("weight", weight, "(C, O / groups, …)")]
    {
        if shape.len() != axes + 2 {
            return wrong(format!(
                "the {what} must have {} dimensions {wants}, but has shape {shape:?}",
                axes + 2
            ));
        }
    }
    if weight[0] != input[1] {
        return wrong(format!(
            "weight of shape {weight:?} expects {} input channels, but input {input:?} has {}; the weight of a \
             transposed convolution has its input channels first",
            weight[0], input[1]
        ));
    }
    if groups == 0 || !input[1].is_multiple_of(groups) {
        return wrong(format!("{groups} groups do not divide the {} input channels", input[1]));
    }
    let outputs = weight[1] * groups;
    match bias {
        Some(bias) if *bias != [outputs] => {
            wrong(format!("bias must have shape [{outputs}], one number for each output, but has {bias:?}"))
        }
        _ => Ok(()),
    }
}

/// `(size − 1) stride − 2 padding + dilation (kernel − 1) + output_padding + 1`.
fn output_size<const N: usize>(
    op: &'static str,
    axis: usize,
    size: usize,
    kernel: usize,
    options: &ConvTransposeOptions<N>,
) -> Result<usize> {
    let side = &["depth", "height", "width"][3 - N..][axis];
    let (stride, padding, dilation) = (options.stride[axis], options.padding[axis], options.dilation[axis]);
    let extra = options.output_padding[axis];
    let wrong = |message: String| Err(Error::shape(op, message));
    if [stride, dilation, kernel, size].contains(&0) {
        return wrong(format!(
            "{side} has input {size}, kernel {kernel}, stride {stride} and dilation {dilation}; each must be at least 1"
        ));
    }
    if extra >= stride.max(dilation) {
        return wrong(format!(
            "an output padding of {extra} in {side} must be smaller than the stride {stride} or the dilation {dilation}"
        ));
    }
    let reach =
        (size - 1) as i128 * stride as i128 + dilation as i128 * (kernel - 1) as i128 + extra as i128 + 1;
    match usize::try_from(reach - 2 * padding as i128) {
        Ok(output) if output > 0 => Ok(output),
        _ => wrong(format!(
            "the output would have {side} {}: padding {padding} on each side cuts off all of the {reach} that there \
             are; a smaller padding is needed",
            reach - 2 * padding as i128
        )),
    }
}
