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
    /// The rules behind `rows` and `columns`, for kernels that count for themselves: with `[step, before,
    /// after, divisor]`, window `i` is from `(i step - before) / divisor` to `(i step + after) / divisor`,
    /// rounded down and cut to what is inside.
    pub rules: [[usize; 4]; 2],
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
            rules: [0, 1].map(|d| [stride[d], padding[d], kernel[d] - padding[d], 1]),
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
        let rules = [0, 1].map(|axis| {
            let common = greatest_common_divisor(size[axis], output[axis]);
            let (from, to) = (size[axis] / common, output[axis] / common);
            [from, 0, from + to - 1, to]
        });
        Ok(Self { planes, input: size, rows: bins(0), columns: bins(1), rules, count_include_pad: true })
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

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_give_the_windows() {
        let mut geometries = Vec::new();
        for (kernel, stride, padding) in [(2, 2, 0), (3, 1, 1), (3, 2, 1), (5, 7, 2), (4, 3, 2)] {
            for ceil_mode in [false, true] {
                let of = |size: [usize; 3]| {
                    PoolGeometry::new("pool", &size, [kernel; 2], [stride; 2], [padding; 2], ceil_mode)
                        .unwrap()
                };
                geometries.extend([of([1, 9, 14]), of([1, 5, 16])]);
            }
        }
        for output in [[1, 1], [4, 7], [12, 3], [9, 28]] {
            geometries.push(PoolGeometry::adaptive("pool", &[1, 9, 14], output).unwrap());
        }
        for geometry in geometries {
            for (axis, windows) in [&geometry.rows, &geometry.columns].into_iter().enumerate() {
                let ([step, before, after, divisor], size) = (geometry.rules[axis], geometry.input[axis]);
                for (i, window) in windows.iter().enumerate() {
                    let start = (i * step).saturating_sub(before) / divisor;
                    let end = ((i * step + after) / divisor).min(size);
                    assert_eq!((start, end), (window.start, window.end), "window {i} of {geometry:?}");
                }
            }
        }
    }
}
