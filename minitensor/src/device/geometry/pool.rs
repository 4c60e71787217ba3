//! The windows of a pooling operation, found once for all planes.

use crate::error::{Error, Result};
use std::ops::Range;

/// Where each window lies, along rows and along columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolGeometry {
    /// Planes of the batch: N times C.
    pub planes: usize,
    /// Height and width of a plane.
    pub input: [usize; 2],
    /// One window for each row of the output.
    pub rows: Vec<Window>,
    /// One window for each column of the output.
    pub columns: Vec<Window>,
    /// Whether a mean counts the zeros of the padding.
    pub count_include_pad: bool,
}

/// A window along one axis, cut to what is inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// First index inside.
    pub start: usize,
    /// One past the last index inside.
    pub end: usize,
    /// Size before it was cut.
    pub padded_size: usize,
}

impl Window {
    /// The indices inside.
    #[inline(always)]
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

impl PoolGeometry {
    /// Windows of `kernel` every `stride`, over `input` (.., H, W) with `padding` on each side. With `ceil_mode`, what is left
    /// over at the end gets a window as well, unless that would begin in the padding there.
    pub fn new(
        op: &'static str,
        input: &[usize],
        kernel: [usize; 2],
        stride: [usize; 2],
        padding: [usize; 2],
        ceil_mode: bool,
    ) -> Result<Self> {
        let (planes, size) = planes_of(op, input)?;
        let along = |side, d: usize| windows(op, side, size[d], kernel[d], stride[d], padding[d], ceil_mode);
        Ok(Self {
            planes,
            input: size,
            rows: along("height", 0)?,
            columns: along("width", 1)?,
            count_include_pad: true,
        })
    }

    /// As many windows as `output` says, as even as they can be: `floor(i H / OH)` to `ceil((i + 1) H / OH)`.
    pub fn adaptive(op: &'static str, input: &[usize], output: [usize; 2]) -> Result<Self> {
        let (planes, size) = planes_of(op, input)?;
        if output.contains(&0) || size.contains(&0) {
            return Err(Error::shape(
                op,
                format!("cannot pool planes of {size:?} to {output:?}: every size must be at least 1"),
            ));
        }
        let bins = |axis: usize| {
            let (from, to) = (size[axis], output[axis]);
            let bin = |i: usize| {
                let (start, end) = (i * from / to, ((i + 1) * from).div_ceil(to));
                Window { start, end, padded_size: end - start }
            };
            (0..to).map(bin).collect()
        };
        Ok(Self { planes, input: size, rows: bins(0), columns: bins(1), count_include_pad: true })
    }

    /// How many numbers the input has.
    pub fn input_numel(&self) -> usize {
        self.planes * self.input[0] * self.input[1]
    }

    /// How many numbers the output has.
    pub fn output_numel(&self) -> usize {
        self.planes * self.rows.len() * self.columns.len()
    }

    /// Height and width of a plane of the output.
    pub fn output(&self) -> [usize; 2] {
        [self.rows.len(), self.columns.len()]
    }
}

fn planes_of(op: &'static str, input: &[usize]) -> Result<(usize, [usize; 2])> {
    match *input {
        [ref planes @ .., height, width] => Ok((planes.iter().product(), [height, width])),
        _ => Err(Error::shape(op, format!("the input must be (N, C, H, W), but has shape {input:?}"))),
    }
}

fn windows(
    op: &'static str,
    side: &str,
    size: usize,
    kernel: usize,
    stride: usize,
    padding: usize,
    ceil_mode: bool,
) -> Result<Vec<Window>> {
    if kernel == 0 || stride == 0 {
        let message =
            format!("window and stride must be at least 1, but {side} has window {kernel}, stride {stride}");
        return Err(Error::shape(op, message));
    }
    if padding > kernel / 2 {
        let message = format!(
            "padding may be at most half of the window, but {side} has window {kernel}, padding {padding}"
        );
        return Err(Error::shape(op, message));
    }
    if kernel > size + 2 * padding {
        return Err(Error::shape(
            op,
            format!(
                "a window of {side} {kernel} does not fit an input of {side} {size} padded by {padding} on each side"
            ),
        ));
    }
    let window = |i: usize| {
        let start = i * stride;
        let (end, padded) = (start + kernel, size + 2 * padding);
        Window {
            start: start.saturating_sub(padding),
            end: (end - padding).min(size),
            padded_size: end.min(padded) - start,
        }
    };
    let room = size + 2 * padding - kernel;
    let last = match ceil_mode && room.div_ceil(stride) * stride < size + padding {
        true => room.div_ceil(stride),
        false => room / stride,
    };
    Ok((0..=last).map(window).collect())
}
