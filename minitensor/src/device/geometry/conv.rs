//! The sizes of a convolution, checked once, so that the kernels need not.

use crate::error::{Error, Result};

/// Stride, padding, dilation and groups of a 2-D convolution, each as `[height, width]`.
/// A 1-D convolution has height 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conv2dOptions {
    /// Steps between neighbouring outputs.
    pub stride: [usize; 2],
    /// Rows and columns of zeros on each side.
    pub padding: [usize; 2],
    /// Distance between neighbouring elements of the kernel.
    pub dilation: [usize; 2],
    /// The channels are cut into this many groups that do not see each other.
    pub groups: usize,
}

impl Default for Conv2dOptions {
    fn default() -> Self {
        Self { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 }
    }
}

/// Every size that a convolution needs, each spatial one as `[height, width]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conv2dGeometry {
    /// Images in the batch.
    pub batch: usize,
    /// Channels of the input.
    pub in_channels: usize,
    /// Channels of the output: the number of filters.
    pub out_channels: usize,
    /// Size of an input image.
    pub input: [usize; 2],
    /// Size of the kernel.
    pub kernel: [usize; 2],
    /// Size of an output image.
    pub output: [usize; 2],
    /// Stride, padding, dilation, groups.
    pub options: Conv2dOptions,
}

impl Conv2dGeometry {
    /// Checks an input `(N, C, H, W)` or `(N, C, L)`, a weight `(O, C / groups, KH, KW)` or `(O, C / groups, K)`, and a
    /// bias `(O)` against each other. `op` is the name that messages carry. For 1-D sizes the second number of
    /// each pair in `options` counts.
    pub fn new(
        op: &'static str,
        input: &[usize],
        weight: &[usize],
        bias: Option<&[usize]>,
        options: Conv2dOptions,
    ) -> Result<Self> {
        check_ranks(op, input, weight)?;
        check_options(op, &options)?;
        check_channels(op, input, weight, bias, options.groups)?;
        let mut geometry = Self {
            batch: input[0],
            in_channels: input[1],
            out_channels: weight[0],
            input: plane(&input[2..]),
            kernel: plane(&weight[2..]),
            output: [1, 1],
            options,
        };
        // A 1-D convolution has a height of one, whatever the options say of it.
        for axis in (4 - input.len())..2 {
            geometry.output[axis] = geometry.output_size(op, axis)?;
        }
        if input.len() == 3 {
            geometry.options.stride[0] = 1;
            geometry.options.padding[0] = 0;
            geometry.options.dilation[0] = 1;
        }
        Ok(geometry)
    }

    /// Shape of the output, `(N, O, OH, OW)`.
    pub fn output_shape(&self) -> [usize; 4] {
        [self.batch, self.out_channels, self.output[0], self.output[1]]
    }

    /// Shape of the input, `(N, C, H, W)`.
    pub fn input_shape(&self) -> [usize; 4] {
        [self.batch, self.in_channels, self.input[0], self.input[1]]
    }

    /// Shape of the weight, `(O, C / groups, KH, KW)`.
    pub fn weight_shape(&self) -> [usize; 4] {
        [self.out_channels, self.group_inputs(), self.kernel[0], self.kernel[1]]
    }

    /// Channels of the input that one filter sees.
    pub fn group_inputs(&self) -> usize {
        self.in_channels / self.options.groups
    }

    /// Filters of one group.
    pub fn group_outputs(&self) -> usize {
        self.out_channels / self.options.groups
    }

    // ANCHOR: conv_output_size
    /// `floor((size + 2 padding - dilation (kernel - 1) - 1) / stride) + 1`.
    fn output_size(&self, op: &'static str, axis: usize) -> Result<usize> {
        let Conv2dOptions { stride, padding, dilation, .. } = self.options;
        let size = self.input[axis];
        let reach = self.kernel[axis]
            .checked_sub(1)
            .and_then(|steps| steps.checked_mul(dilation[axis]))
            .and_then(|steps| steps.checked_add(1));
        let padded = padding[axis].checked_mul(2).and_then(|pad| pad.checked_add(size));
        match (padded, reach) {
            (Some(padded), Some(reach)) if reach <= padded => Ok((padded - reach) / stride[axis] + 1),
            _ => Err(self.does_not_fit(op, axis)),
        }
    }
    // ANCHOR_END: conv_output_size

    fn does_not_fit(&self, op: &'static str, axis: usize) -> Error {
        let side = ["height", "width"][axis];
        let (kernel, dilation) = (self.kernel[axis], self.options.dilation[axis]);
        let (input, padding) = (self.input[axis], self.options.padding[axis]);
        if kernel == 0 {
            return Error::shape(op, format!("the kernel has {side} 0"));
        }
        let spread = match dilation {
            1 => String::new(),
            _ => format!(
                " (spread over {} by dilation {dilation})",
                (kernel - 1).saturating_mul(dilation).saturating_add(1)
            ),
        };
        let need = "a larger input, a smaller kernel or more padding is needed";
        Error::shape(
            op,
            format!(
                "a kernel of {side} {kernel}{spread} does not fit an input of {side} {input} padded by {padding} on each side; {need}"
            ),
        )
    }
}

/// `[H, W]`, or `[1, L]`.
fn plane(sizes: &[usize]) -> [usize; 2] {
    match *sizes {
        [length] => [1, length],
        [height, width] => [height, width],
        _ => unreachable!("the ranks have been checked"),
    }
}

fn check_ranks(op: &'static str, input: &[usize], weight: &[usize]) -> Result<()> {
    let (rank, wants) = if op.contains("1d") {
        (3, ["(N, C, L)", "(O, C, K)"])
    } else {
        (4, ["(N, C, H, W)", "(O, C, KH, KW)"])
    };
    for (what, shape, wants) in [("input", input, wants[0]), ("weight", weight, wants[1])] {
        if shape.len() != rank {
            let hint = if what == "input" && shape.len() + 1 == rank {
                "; unsqueeze(0) adds a batch of one"
            } else {
                ""
            };
            return Err(Error::shape(
                op,
                format!("the {what} must have {rank} dimensions {wants}, but has shape {shape:?}{hint}"),
            ));
        }
    }
    Ok(())
}

fn check_options(op: &'static str, options: &Conv2dOptions) -> Result<()> {
    if options.stride.contains(&0) {
        return Err(Error::shape(op, format!("a stride must be at least 1, not {:?}", options.stride)));
    }
    if options.dilation.contains(&0) {
        return Err(Error::shape(op, format!("a dilation must be at least 1, not {:?}", options.dilation)));
    }
    if options.groups == 0 {
        return Err(Error::shape(op, "groups must be at least 1, not 0"));
    }
    Ok(())
}

fn check_channels(
    op: &'static str,
    input: &[usize],
    weight: &[usize],
    bias: Option<&[usize]>,
    groups: usize,
) -> Result<()> {
    if weight[1].checked_mul(groups) != Some(input[1]) {
        let grouped = if groups == 1 { String::new() } else { format!(" in {groups} groups") };
        let expects = weight[1].saturating_mul(groups);
        return Err(Error::shape(
            op,
            format!(
                "weight of shape {weight:?}{grouped} expects {expects} input channels, but input {input:?} has {}",
                input[1]
            ),
        ));
    }
    if !weight[0].is_multiple_of(groups) {
        return Err(Error::shape(
            op,
            format!(
                "weight of shape {weight:?} has {} filters, which {groups} groups do not divide",
                weight[0]
            ),
        ));
    }
    if let Some(bias) = bias.filter(|bias| **bias != [weight[0]]) {
        return Err(Error::shape(
            op,
            format!("bias must have shape [{}], one number for each filter, but has {bias:?}", weight[0]),
        ));
    }
    Ok(())
}
