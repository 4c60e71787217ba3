//! Cross-entropy straight from logits and labels: the probabilities are never written to memory on the way forward.

use crate::device::cross_entropy::{CrossEntropyKernels, LabelLoss, LabelOptions, check_labels};
use crate::error::Result;

use super::math::Smooth;
use super::softmax::{for_each_row, log_sum_exp};
use super::sums::{narrow, sum, sum_of_pairs};
use super::typed::{of, with_float, written};
use super::{CpuStorage, indices};

impl CrossEntropyKernels for CpuStorage {
    fn cross_entropy(
        &self,
        classes: usize,
        labels: &Self,
        options: &LabelOptions<&Self>,
    ) -> Result<LabelLoss<Self>> {
        let labels = indices(labels);
        check_labels("cross_entropy", labels, classes, Some(options.ignore_index))?;
        with_float!(self, T => {
            let mut losses = vec![T::default(); labels.len()];
            let mut total = T::default();
            let scales = written::<T>(2 * labels.len(), |scales| {
                let options = options.map(of);
                total = cross_entropy_forward(classes, of(self), labels, &options, &mut losses, scales);
            });
            Ok(LabelLoss { losses: CpuStorage::from_vec(losses), scales, total: CpuStorage::from_vec(vec![total]) })
        })
    }

    fn cross_entropy_grad(
        &self,
        classes: usize,
        logits: &Self,
        labels: &Self,
        options: &LabelOptions<&Self>,
        scales: &Self,
    ) -> Self {
        let labels = indices(labels);
        with_float!(self, T => written::<T>(logits.numel(), |out| {
            let (logits, options, scales) = (of(logits), options.map(of), of(scales));
            cross_entropy_backward(classes, logits, labels, &options, scales, of(self), out);
        }))
    }
}

fn weight_of<T: Smooth>(options: &LabelOptions<&[T]>, class: usize) -> T {
    options.class_weights.map_or(T::one(), |weights| weights[class])
}

// ANCHOR: cross_entropy_forward
/// Writes each row's loss, `-w[label] ln p[label]`, and to `scales` (rows, 2) its largest logit and `ln(sum of e^(x - largest))`,
/// from which the backward pass finds p again. Returns the sum of the labels' weights, by which a mean divides.
/// The labels have been checked.
pub(crate) fn cross_entropy_forward<T: Smooth>(
    classes: usize,
    logits: &[T],
    labels: &[i64],
    options: &LabelOptions<&[T]>,
    losses: &mut [T],
    scales: &mut [T],
) -> T {
    for_each_row(
        classes,
        2,
        scales,
        #[inline(always)]
        |row, scale| {
            let (max, ln_sum) = log_sum_exp(&logits[row * classes..][..classes]);
            (scale[0], scale[1]) = (max, ln_sum);
        },
    );
    let mut total = T::zero();
    let rows = losses.iter_mut().zip(labels).zip(scales.chunks_exact(2)).enumerate();
    for (row, ((loss, &label), scale)) in rows {
        *loss = T::zero();
        if label != options.ignore_index {
            let row = &logits[row * classes..][..classes];
            total += weight_of(options, label as usize);
            *loss = row_loss(row, label as usize, options, |x| scale[1] - (x - scale[0]));
        }
    }
    total
}
// ANCHOR_END: cross_entropy_forward

/// `(1 - s) w[label] surprise(x[label]) + s / C sum of w[c] surprise(x[c])` with smoothing s, where the surprise is `-ln p`.
fn row_loss<T: Smooth>(
    row: &[T],
    label: usize,
    options: &LabelOptions<&[T]>,
    surprise: impl Fn(T) -> T,
) -> T {
    let smoothing = narrow::<T>(options.label_smoothing);
    let loss = weight_of(options, label) * surprise(row[label]);
    if smoothing == T::zero() {
        return loss;
    }
    let spread = match options.class_weights {
        Some(weights) => sum_of_pairs(row, weights, |x, w| w * surprise(x)),
        None => sum(row, &surprise),
    };
    (T::one() - smoothing) * loss + smoothing * spread / narrow(row.len() as f64)
}

// ANCHOR: cross_entropy_backward
/// `grad_logits = grad_loss[row] * w[label] * (p - onehot(label))`; with smoothing, `onehot` is the smoothed label.
pub(crate) fn cross_entropy_backward<T: Smooth>(
    classes: usize,
    logits: &[T],
    labels: &[i64],
    options: &LabelOptions<&[T]>,
    scales: &[T],
    grad_losses: &[T],
    grad_logits: &mut [T],
) {
    let smoothing = narrow::<T>(options.label_smoothing);
    let share = smoothing / narrow(classes as f64);
    let spread = match options.class_weights {
        Some(weights) => share * sum(weights, |w| w),
        None => smoothing,
    };
    for_each_row(
        classes,
        classes,
        grad_logits,
        #[inline(always)]
        |row, grad_logits| {
            if labels[row] == options.ignore_index {
                grad_logits.fill(T::zero());
                return;
            }
            let (label, grad) = (labels[row] as usize, grad_losses[row]);
            let (max, ln_sum) = (scales[2 * row], scales[2 * row + 1]);
            let on_label = (T::one() - smoothing) * weight_of(options, label);
            let scale = grad * (on_label + spread);
            for (out, x) in grad_logits.iter_mut().zip(&logits[row * classes..][..classes]) {
                *out = scale * ((*x - max) - ln_sum).fast_exp_of_negative();
            }
            grad_logits[label] -= grad * on_label;
            if smoothing != T::zero() {
                for (class, out) in grad_logits.iter_mut().enumerate() {
                    *out -= grad * share * weight_of(options, class);
                }
            }
        },
    );
}
// ANCHOR_END: cross_entropy_backward
