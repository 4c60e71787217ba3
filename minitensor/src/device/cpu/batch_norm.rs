//! Batch normalisation (Ioffe and Szegedy, 2015) of (N, C, L) numbers, each channel by its own mean and variance.
//!
//! Each direction reads its operands twice: once for the sums of a channel, once for the result.

use crate::device::batch_norm::{Affine, BatchNormKernels, BatchNormShape};

use super::CpuStorage;
use super::lanes::Lanes;
use super::moments::Moments;
use super::parallel::vectorised;
use super::sums::{long_sums_of_pairs, narrow};
use super::tasks::{Disjoint, for_each_task};
use super::typed::{of, summed, with_float, written};

/// Fewer numbers than this stay on one thread.
const PARALLEL_NUMBERS: usize = 16 * 1024;
/// So many numbers of a channel are gathered before they are summed, where two of its rows or more have room there.
const GATHERED: usize = 256;

impl BatchNormKernels for CpuStorage {
    fn batch_norm_moments(&self, shape: BatchNormShape) -> [Self; 2] {
        with_float!(self, T => {
            let mut mean = vec![0.0; shape.channels];
            let variance = summed::<T>(shape.channels, |variance| {
                batch_norm_statistics(shape, of(self), &mut mean, variance);
            });
            [CpuStorage::from_vec::<T>(mean), variance]
        })
    }

    fn batch_norm(&self, shape: BatchNormShape, affine: &Affine<&Self>) -> Self {
        with_float!(self, T => written::<T>(self.numel(), |out| {
            batch_norm_forward(shape, of(self), &affine.map(of), out);
        }))
    }

    fn batch_norm_grad_affine(&self, shape: BatchNormShape, x: &Self, affine: &Affine<&Self>) -> [Self; 2] {
        with_float!(self, T => {
            let mut grad_weight = vec![0.0; shape.channels];
            let grad_bias = summed::<T>(shape.channels, |grad_bias| {
                let affine = affine.map(of);
                batch_norm_backward_affine(shape, of(x), &affine, of(self), &mut grad_weight, grad_bias);
            });
            [CpuStorage::from_vec::<T>(grad_weight), grad_bias]
        })
    }

    fn batch_norm_grad_input(
        &self,
        shape: BatchNormShape,
        x: &Self,
        affine: &Affine<&Self>,
        sums: Option<[&Self; 2]>,
    ) -> Self {
        with_float!(self, T => written::<T>(self.numel(), |out| {
            let affine = affine.map(of);
            match sums {
                Some(sums) => {
                    batch_norm_backward_input(shape, of(x), &affine, of(self), sums.map(of), out);
                }
                None => batch_norm_backward_input_fixed(shape, &affine, of(self), out),
            }
        }))
    }
}

// ANCHOR: batch_norm_statistics
/// The mean and the biased variance of each channel. Each row's deviations are taken from its own mean and the rows'
/// moments are then merged (Chan, Golub and LeVeque, 1979), so that a large mean does not swallow a small variance.
pub(crate) fn batch_norm_statistics<T: Lanes>(
    shape: BatchNormShape,
    x: &[T],
    mean: &mut [T],
    variance: &mut [T],
) {
    let (means, variances) = (Disjoint::new(mean), Disjoint::new(variance));
    for_each_channel(
        shape,
        #[inline(always)]
        |channel, scratch| {
            let mut all = Moments::default();
            for_each_row(
                shape,
                channel,
                [x],
                scratch,
                #[inline(always)]
                |[row]| all.merge(Moments::of(row)),
            );
            // SAFETY: every task has a channel of its own.
            unsafe {
                means.part(channel, 1)[0] = narrow(all.mean);
                variances.part(channel, 1)[0] = narrow(all.squares / all.count.max(1.0));
            }
        },
    );
}
// ANCHOR_END: batch_norm_statistics

// ANCHOR: batch_norm_forward
/// `output = (x - mean) * inverse_deviation * weight + bias`.
pub(crate) fn batch_norm_forward<T: Lanes>(
    shape: BatchNormShape,
    x: &[T],
    affine: &Affine<&[T]>,
    output: &mut [T],
) {
    write_rows(
        shape,
        output,
        #[inline(always)]
        |channel, range, output| {
            let mean = affine.mean[channel];
            let scale =
                affine.inverse_deviation[channel] * affine.weight.map_or(T::one(), |weight| weight[channel]);
            let bias = affine.bias.map_or(T::zero(), |bias| bias[channel]);
            for (out, x) in output.iter_mut().zip(&x[range]) {
                *out = (*x - mean) * scale + bias;
            }
        },
    );
}
// ANCHOR_END: batch_norm_forward

/// `grad_weight = sum of grad * (x - mean) * inverse_deviation`, `grad_bias = sum of grad`.
pub(crate) fn batch_norm_backward_affine<T: Lanes>(
    shape: BatchNormShape,
    x: &[T],
    affine: &Affine<&[T]>,
    grad_output: &[T],
    grad_weight: &mut [T],
    grad_bias: &mut [T],
) {
    let (weights, biases) = (Disjoint::new(grad_weight), Disjoint::new(grad_bias));
    for_each_channel(
        shape,
        #[inline(always)]
        |channel, scratch| {
            let mean = affine.mean[channel];
            let (mut products, mut sum) = (0.0, 0.0);
            for_each_row(
                shape,
                channel,
                [x, grad_output],
                scratch,
                #[inline(always)]
                |[x, grad]| {
                    let sums = long_sums_of_pairs(x, grad, |x, grad| [(x - mean) * grad, grad]);
                    (products, sum) = (products + sums[0], sum + sums[1]);
                },
            );
            // SAFETY: every task has a channel of its own.
            unsafe {
                weights.part(channel, 1)[0] = narrow::<T>(products) * affine.inverse_deviation[channel];
                biases.part(channel, 1)[0] = narrow(sum);
            }
        },
    );
}

// ANCHOR: batch_norm_backward
/// The gradient of the input where mean and variance came from the batch itself: `weight * inverse_deviation *
/// (grad - mean of grad - x_hat * mean of (grad * x_hat))`. The two means are `grad_bias / M` and `grad_weight / M`.
pub(crate) fn batch_norm_backward_input<T: Lanes>(
    shape: BatchNormShape,
    x: &[T],
    affine: &Affine<&[T]>,
    grad_output: &[T],
    [grad_weight, grad_bias]: [&[T]; 2],
    grad_input: &mut [T],
) {
    let count: T = narrow((shape.images * shape.length) as f64);
    write_rows(
        shape,
        grad_input,
        #[inline(always)]
        |channel, range, grad_input| {
            let mean = affine.mean[channel];
            let scale =
                affine.inverse_deviation[channel] * affine.weight.map_or(T::one(), |weight| weight[channel]);
            let mean_grad = grad_bias[channel] / count;
            let slope = grad_weight[channel] * affine.inverse_deviation[channel] / count;
            let pairs = x[range.clone()].iter().zip(&grad_output[range]);
            for (out, (x, grad)) in grad_input.iter_mut().zip(pairs) {
                *out = scale * ((*grad - mean_grad) - (*x - mean) * slope);
            }
        },
    );
}
// ANCHOR_END: batch_norm_backward

/// The gradient of the input where mean and variance were fixed: `grad * weight * inverse_deviation`.
pub(crate) fn batch_norm_backward_input_fixed<T: Lanes>(
    shape: BatchNormShape,
    affine: &Affine<&[T]>,
    grad_output: &[T],
    grad_input: &mut [T],
) {
    write_rows(
        shape,
        grad_input,
        #[inline(always)]
        |channel, range, grad_input| {
            let scale =
                affine.inverse_deviation[channel] * affine.weight.map_or(T::one(), |weight| weight[channel]);
            for (out, grad) in grad_input.iter_mut().zip(&grad_output[range]) {
                *out = *grad * scale;
            }
        },
    );
}

/// Calls `task` with each channel, and room for two rows of [`GATHERED`] numbers.
fn for_each_channel<T: Lanes>(shape: BatchNormShape, task: impl Fn(usize, &mut [T]) + Sync + Send) {
    let numbers = shape.images * shape.channels * shape.length;
    for_each_task(shape.channels, numbers >= PARALLEL_NUMBERS, |channel| {
        T::with_scratch(2 * GATHERED, |scratch| {
            vectorised(
                #[inline(always)]
                || task(channel, scratch),
            )
        });
    });
}

/// Calls `work` with all of a channel's numbers in each operand, row by row; short rows are gathered into longer ones.
#[inline(always)]
fn for_each_row<T: Lanes, const N: usize>(
    shape: BatchNormShape,
    channel: usize,
    operands: [&[T]; N],
    scratch: &mut [T],
    mut work: impl FnMut([&[T]; N]),
) {
    let length = shape.length;
    let start = |image: usize| (image * shape.channels + channel) * length;
    if length > GATHERED / 2 {
        for image in 0..shape.images {
            work(std::array::from_fn(|n| &operands[n][start(image)..][..length]));
        }
        return;
    }
    if length == 0 {
        return;
    }
    let images = GATHERED / length;
    for first in (0..shape.images).step_by(images) {
        let count = images.min(shape.images - first);
        for (gathered, operand) in scratch.chunks_exact_mut(GATHERED).zip(operands) {
            let from = &operand[start(first)..];
            match length {
                4 => gather_short::<T, 4>(&mut gathered[..4 * count], from, shape.channels),
                16 => gather_short::<T, 16>(&mut gathered[..16 * count], from, shape.channels),
                _ => {
                    let rows = gathered.chunks_exact_mut(length).take(count);
                    for (row, from) in rows.zip(from.chunks(length).step_by(shape.channels)) {
                        row.copy_from_slice(from);
                    }
                }
            }
        }
        work(std::array::from_fn(|n| &scratch[n * GATHERED..][..count * length]));
    }
}

/// Copies rows of `L` numbers, of which `from` has one in `step`: too few to call a function for each.
#[inline(always)]
fn gather_short<T: Lanes, const L: usize>(rows: &mut [T], from: &[T], step: usize) {
    let (rows, from) = (rows.as_chunks_mut::<L>().0, from.as_chunks::<L>().0);
    for (row, from) in rows.iter_mut().zip(from.iter().step_by(step)) {
        *row = *from;
    }
}

/// Calls `work(channel, where the row stands, row)` for each row of `output`, on all cores.
fn write_rows<T: Lanes>(
    shape: BatchNormShape,
    output: &mut [T],
    work: impl Fn(usize, std::ops::Range<usize>, &mut [T]) + Sync + Send,
) {
    if output.is_empty() {
        return;
    }
    let rows = shape.images * shape.channels;
    let rows_of_task = (PARALLEL_NUMBERS / 4).div_ceil(shape.length);
    let parallel = output.len() >= PARALLEL_NUMBERS;
    let parts = Disjoint::new(output);
    for_each_task(rows.div_ceil(rows_of_task), parallel, |task| {
        vectorised(
            #[inline(always)]
            || {
                for row in task * rows_of_task..rows.min((task + 1) * rows_of_task) {
                    let range = row * shape.length..(row + 1) * shape.length;
                    // SAFETY: every row belongs to one task.
                    let output = unsafe { parts.part(range.start, shape.length) };
                    work(row % shape.channels, range, output);
                }
            },
        );
    });
}
