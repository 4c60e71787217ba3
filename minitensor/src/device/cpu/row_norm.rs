//! Normalisation of rows by their own statistics: layer norm (Ba, Kiros and Hinton, 2016), group norm (Wu and He, 2018),
//! instance norm (Ulyanov, Vedaldi and Lempitsky, 2016) and root-mean-square norm (Zhang and Sennrich, 2019).
//!
//! A row is read again while it is in the cache: for its mean, for its deviations, for the result.

use crate::device::row_norm::{RowNorm, RowNormKernels};

use super::CpuStorage;
use super::lanes::Lanes;
use super::moments::Moments;
use super::parallel::vectorised;
use super::sums::{long_sum, long_sums_of_pairs, narrow, wide};
use super::tasks::{Disjoint, for_each_task};
use super::typed::{of, summed, with_float, written};

/// The rows of one task hold about this many numbers.
const TASK_NUMBERS: usize = 16 * 1024;

impl RowNormKernels for CpuStorage {
    fn row_norm(&self, norm: &RowNorm, weight: Option<&Self>, bias: Option<&Self>) -> (Self, Self) {
        with_float!(self, T => {
            let mut scales = vec![0.0; 3 * norm.rows()];
            let y = written::<T>(self.numel(), |out| {
                row_norm_forward(norm, of(self), [weight.map(of), bias.map(of)], out, &mut scales);
            });
            (y, CpuStorage::from_vec::<T>(scales))
        })
    }

    fn row_norm_grad_input(&self, norm: &RowNorm, x: &Self, scales: &Self, weight: Option<&Self>) -> Self {
        with_float!(self, T => written::<T>(self.numel(), |out| {
            row_norm_backward_input(norm, of(x), of(scales), weight.map(of), of(self), out);
        }))
    }

    fn row_norm_grad_affine(&self, norm: &RowNorm, x: &Self, scales: &Self) -> [Self; 2] {
        with_float!(self, T => {
            let mut grad_weight = vec![0.0; norm.groups * norm.channels];
            let grad_bias = summed::<T>(grad_weight.len(), |grad_bias| {
                row_norm_backward_affine(norm, of(x), of(scales), of(self), &mut grad_weight, grad_bias);
            });
            [CpuStorage::from_vec::<T>(grad_weight), grad_bias]
        })
    }
}

/// What normalises a row: `x_hat = (x - near) * inverse_deviation + shift`.
///
/// `near` is the mean rounded to T, and `shift` makes up for what it lost: beside a small deviation that is not little.
#[derive(Clone, Copy)]
struct Scale<T> {
    near: T,
    inverse_deviation: T,
    shift: T,
}

impl<T: Lanes> Scale<T> {
    #[inline(always)]
    fn of(row: &[T], norm: &RowNorm) -> Self {
        let (mean, variance) = match norm.centred {
            true => {
                let moments = Moments::of(row);
                (moments.mean, moments.squares / moments.count)
            }
            false => (0.0, long_sum(row, |x| x * x) / row.len() as f64),
        };
        let (near, inverse_deviation) = (narrow::<T>(mean), 1.0 / (variance + norm.eps).sqrt());
        let shift = (wide(near) - mean) * inverse_deviation;
        Scale { near, inverse_deviation: narrow(inverse_deviation), shift: narrow(shift) }
    }

    #[inline(always)]
    fn read(scales: &[T], row: usize) -> Self {
        let scale = &scales[3 * row..][..3];
        Scale { near: scale[0], inverse_deviation: scale[1], shift: scale[2] }
    }

    #[inline(always)]
    fn apply(self, x: T) -> T {
        (x - self.near) * self.inverse_deviation + self.shift
    }
}

// ANCHOR: row_norm_forward
/// Writes `x_hat * weight + bias` for each row, and the scale of each row to `scales` (rows, 3).
pub(crate) fn row_norm_forward<T: Lanes>(
    norm: &RowNorm,
    x: &[T],
    affine: [Option<&[T]>; 2],
    output: &mut [T],
    scales: &mut [T],
) {
    let (outputs, scales) = (Disjoint::new(output), Disjoint::new(scales));
    let width = norm.width();
    for_each_row(
        norm,
        #[inline(always)]
        |row| {
            // SAFETY: every row belongs to one task.
            let (output, kept) = unsafe { (outputs.part(row * width, width), scales.part(3 * row, 3)) };
            let x = &x[row * width..][..width];
            let scale = Scale::of(x, norm);
            kept.copy_from_slice(&[scale.near, scale.inverse_deviation, scale.shift]);
            normalise(norm, scale, affine.map(|of| of.map(|of| part_of_row(norm, row, of))), x, output);
        },
    );
}
// ANCHOR_END: row_norm_forward

/// Writes `x_hat * weight + bias` of one row.
#[inline(always)]
fn normalise<T: Lanes>(
    norm: &RowNorm,
    scale: Scale<T>,
    [weight, bias]: [Option<&[T]>; 2],
    x: &[T],
    output: &mut [T],
) {
    if norm.length > 1 {
        let channels = output.chunks_exact_mut(norm.length).zip(x.chunks_exact(norm.length));
        for (c, (output, x)) in channels.enumerate() {
            let (weight, bias) = (weight.map_or(T::one(), |w| w[c]), bias.map_or(T::zero(), |b| b[c]));
            for (out, x) in output.iter_mut().zip(x) {
                *out = scale.apply(*x) * weight + bias;
            }
        }
        return;
    }
    if let [Some(weight), Some(bias)] = [weight, bias] {
        for (out, ((x, weight), bias)) in output.iter_mut().zip(x.iter().zip(weight).zip(bias)) {
            *out = scale.apply(*x) * *weight + *bias;
        }
        return;
    }
    for (out, x) in output.iter_mut().zip(x) {
        *out = scale.apply(*x);
    }
    weight.into_iter().for_each(|weight| output.iter_mut().zip(weight).for_each(|(out, w)| *out *= *w));
    bias.into_iter().for_each(|bias| output.iter_mut().zip(bias).for_each(|(out, b)| *out += *b));
}

// ANCHOR: row_norm_backward
/// `grad_input = inverse_deviation * (g - mean of g - x_hat * mean of (g * x_hat))` with `g = grad * weight`; without
/// `mean of g` where the rows are not centred.
pub(crate) fn row_norm_backward_input<T: Lanes>(
    norm: &RowNorm,
    x: &[T],
    scales: &[T],
    weight: Option<&[T]>,
    grad_output: &[T],
    grad_input: &mut [T],
) {
    let (outputs, width) = (Disjoint::new(grad_input), norm.width());
    for_each_row(
        norm,
        #[inline(always)]
        |row| {
            // SAFETY: every row belongs to one task.
            let g = unsafe { outputs.part(row * width, width) };
            let (x, scale) = (&x[row * width..][..width], Scale::read(scales, row));
            g.copy_from_slice(&grad_output[row * width..][..width]);
            if let Some(weight) = weight {
                weigh(norm, part_of_row(norm, row, weight), g);
            }
            let count = width as f64;
            let [along, sum] = long_sums_of_pairs(g, x, |g, x| [g * scale.apply(x), g]);
            let mean = if norm.centred { sum / count } else { 0.0 };
            let (mean, along) = (narrow::<T>(mean), narrow::<T>(along / count));
            for (g, x) in g.iter_mut().zip(x) {
                *g = scale.inverse_deviation * ((*g - mean) - scale.apply(*x) * along);
            }
        },
    );
}
// ANCHOR_END: row_norm_backward

/// Multiplies the numbers of a row by its weights.
#[inline(always)]
fn weigh<T: Lanes>(norm: &RowNorm, weight: &[T], row: &mut [T]) {
    if norm.length > 1 {
        for (channel, weight) in row.chunks_exact_mut(norm.length).zip(weight) {
            channel.iter_mut().for_each(|g| *g *= *weight);
        }
        return;
    }
    row.iter_mut().zip(weight).for_each(|(g, weight)| *g *= *weight);
}

/// `grad_weight = sum of grad * x_hat`, `grad_bias = sum of grad`: over the images, and along each channel.
///
/// Each task sums a few images; their sums are added up in order.
pub(crate) fn row_norm_backward_affine<T: Lanes>(
    norm: &RowNorm,
    x: &[T],
    scales: &[T],
    grad_output: &[T],
    grad_weight: &mut [T],
    grad_bias: &mut [T],
) {
    let (channels, image) = (norm.groups * norm.channels, norm.groups * norm.width());
    // At least 16 numbers to a sum, so that the sums of the tasks stay small beside what they are sums of.
    let images = (TASK_NUMBERS / image.max(1)).max(16usize.div_ceil(norm.length.max(1)));
    let tasks = norm.images.div_ceil(images);
    let mut sums = vec![T::zero(); 2 * channels * tasks];
    let parts = Disjoint::new(&mut sums);
    for_each_task(tasks, norm.images * image > 2 * TASK_NUMBERS, |task| {
        // SAFETY: every task has sums of its own.
        let sums = unsafe { parts.part(2 * channels * task, 2 * channels) };
        vectorised(
            #[inline(always)]
            || {
                for row in task * images * norm.groups..norm.images.min((task + 1) * images) * norm.groups {
                    let range = row * norm.width()..(row + 1) * norm.width();
                    let group = row % norm.groups * norm.channels;
                    let (of_weight, of_bias) = sums.split_at_mut(channels);
                    let sums = [of_weight, of_bias].map(|of| &mut of[group..][..norm.channels]);
                    let scale = Scale::read(scales, row);
                    add_row(norm, scale, &x[range.clone()], &grad_output[range], sums);
                }
            },
        );
    });
    for (c, (weight, bias)) in grad_weight.iter_mut().zip(grad_bias).enumerate() {
        let total =
            |at: usize| narrow(sums.iter().skip(at).step_by(2 * channels).map(|sum| wide(*sum)).sum());
        (*weight, *bias) = (total(c), total(channels + c));
    }
}

/// Adds `grad * x_hat` and `grad` of one row to the sums of its channels.
#[inline(always)]
fn add_row<T: Lanes>(
    norm: &RowNorm,
    scale: Scale<T>,
    x: &[T],
    grad: &[T],
    [of_weight, of_bias]: [&mut [T]; 2],
) {
    if norm.length > 1 {
        let channels = x.chunks_exact(norm.length).zip(grad.chunks_exact(norm.length));
        for ((weight, bias), (x, grad)) in of_weight.iter_mut().zip(of_bias).zip(channels) {
            let sums = long_sums_of_pairs(x, grad, |x, grad| [grad * scale.apply(x), grad]);
            *weight += narrow(sums[0]);
            *bias += narrow(sums[1]);
        }
        return;
    }
    for ((weight, bias), (x, grad)) in of_weight.iter_mut().zip(of_bias).zip(x.iter().zip(grad)) {
        *weight += *grad * scale.apply(*x);
        *bias += *grad;
    }
}

/// The weights, or biases, of a row.
#[inline(always)]
fn part_of_row<'a, T>(norm: &RowNorm, row: usize, of: &'a [T]) -> &'a [T] {
    &of[row % norm.groups * norm.channels..][..norm.channels]
}

/// Calls `work` with every row's number, with vectors and on all cores.
#[inline(always)]
fn for_each_row(norm: &RowNorm, work: impl Fn(usize) + Sync + Send) {
    let (rows, width) = (norm.rows(), norm.width());
    let rows_of_task = (TASK_NUMBERS / width.max(1)).max(1);
    for_each_task(rows.div_ceil(rows_of_task), rows * width > 2 * TASK_NUMBERS, |task| {
        vectorised(
            #[inline(always)]
            || (task * rows_of_task..rows.min((task + 1) * rows_of_task)).for_each(&work),
        );
    });
}
