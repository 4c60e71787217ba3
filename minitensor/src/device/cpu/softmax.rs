//! Softmax, log-softmax and cross-entropy over rows of classes, each in as few passes over memory as it can be.

use crate::device::softmax::SoftmaxKernels;

use super::CpuStorage;
use super::math::Smooth;
use super::parallel::vectorised;
use super::sums::{fold, sum, sum_of_pairs, write_and_sum};
use super::tasks::{Disjoint, for_each_task};
use super::typed::{of, with_float, written};

/// Rows of one task hold about this many numbers.
const TASK_NUMBERS: usize = 16 * 1024;

impl SoftmaxKernels for CpuStorage {
    fn softmax(&self, width: usize, log: bool) -> Self {
        with_float!(self, T => written::<T>(self.numel(), |out| match log {
            true => log_softmax_forward(width, of(self), out),
            false => softmax_forward(width, of(self), out),
        }))
    }

    fn softmax_grad(&self, width: usize, log: bool, y: &Self) -> Self {
        with_float!(self, T => written::<T>(self.numel(), |out| match log {
            true => log_softmax_backward(width, of(y), of(self), out),
            false => softmax_backward(width, of(y), of(self), out),
        }))
    }
}

// ANCHOR: softmax_forward
/// `output = e^(x - max) / sum of e^(x - max)` of every row of `width` numbers. The largest is subtracted so that
/// nothing overflows.
pub(crate) fn softmax_forward<T: Smooth>(width: usize, input: &[T], output: &mut [T]) {
    for_each_row(
        width,
        width,
        output,
        #[inline(always)]
        |row, output| {
            let input = &input[row * width..][..width];
            let max = largest(input);
            let scale = T::one() / write_and_sum(output, input, |x| (x - max).fast_exp_of_negative());
            for out in output {
                *out *= scale;
            }
        },
    );
}
// ANCHOR_END: softmax_forward

// ANCHOR: softmax_backward
/// `grad_input = y * (grad_output - sum of grad_output * y)`, where `y` is the softmax.
pub(crate) fn softmax_backward<T: Smooth>(
    width: usize,
    softmax: &[T],
    grad_output: &[T],
    grad_input: &mut [T],
) {
    for_each_row(
        width,
        width,
        grad_input,
        #[inline(always)]
        |row, grad_input| {
            let (y, grad) = (&softmax[row * width..][..width], &grad_output[row * width..][..width]);
            let dot = sum_of_pairs(y, grad, |y, grad| y * grad);
            for ((out, y), grad) in grad_input.iter_mut().zip(y).zip(grad) {
                *out = *y * (*grad - dot);
            }
        },
    );
}
// ANCHOR_END: softmax_backward

/// `output = x - max - ln(sum of e^(x - max))`.
pub(crate) fn log_softmax_forward<T: Smooth>(width: usize, input: &[T], output: &mut [T]) {
    for_each_row(
        width,
        width,
        output,
        #[inline(always)]
        |row, output| {
            let input = &input[row * width..][..width];
            let (max, ln_sum) = log_sum_exp(input);
            for (out, x) in output.iter_mut().zip(input) {
                *out = (*x - max) - ln_sum;
            }
        },
    );
}

/// `grad_input = grad_output - e^y * sum of grad_output`, where `y` is the log-softmax.
pub(crate) fn log_softmax_backward<T: Smooth>(
    width: usize,
    log_softmax: &[T],
    grad_output: &[T],
    grad_input: &mut [T],
) {
    for_each_row(
        width,
        width,
        grad_input,
        #[inline(always)]
        |row, grad_input| {
            let (y, grad) = (&log_softmax[row * width..][..width], &grad_output[row * width..][..width]);
            let total = sum(grad, |x| x);
            for ((out, y), grad) in grad_input.iter_mut().zip(y).zip(grad) {
                *out = *grad - y.fast_exp_of_negative() * total;
            }
        },
    );
}

/// The largest of a row, and the logarithm of the sum of `e^(x - largest)`.
#[inline(always)]
pub(crate) fn log_sum_exp<T: Smooth>(row: &[T]) -> (T, T) {
    let max = largest(row);
    (max, sum(row, |x| (x - max).fast_exp_of_negative()).ln())
}

/// Calls `work(row, numbers of the row)` for every row of `output`, with vectors and on all cores. A row reads about `cost`
/// numbers and writes `width`.
#[inline(always)]
pub(crate) fn for_each_row<T: Smooth>(
    cost: usize,
    width: usize,
    output: &mut [T],
    work: impl Fn(usize, &mut [T]) + Sync + Send,
) {
    if width == 0 {
        return;
    }
    let rows = output.len() / width;
    let rows_of_task = (TASK_NUMBERS / cost.max(1)).max(1);
    let parallel = rows * cost > 2 * TASK_NUMBERS;
    let parts = Disjoint::new(output);
    for_each_task(rows.div_ceil(rows_of_task), parallel, |task| {
        let first = task * rows_of_task;
        let count = rows_of_task.min(rows - first);
        // SAFETY: every task has rows of its own.
        let part = unsafe { parts.part(first * width, count * width) };
        vectorised(
            #[inline(always)]
            || {
                for (row, numbers) in part.chunks_exact_mut(width).enumerate() {
                    work(first + row, numbers);
                }
            },
        );
    });
}

/// The largest number, where a NaN does not count: it makes the sum of the row NaN, and so all results. A row of nothing but
/// minus infinity has largest 0, since `x - max` would be NaN otherwise; its softmax is NaN all the same, as 0 / 0.
#[inline(always)]
fn largest<T: Smooth>(row: &[T]) -> T {
    let max = fold(row, T::neg_infinity(), |max, x| if x > max { x } else { max });
    if max == T::neg_infinity() { T::zero() } else { max }
}
