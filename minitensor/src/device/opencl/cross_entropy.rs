//! Cross-entropy straight from logits and labels, and its gradient.

use super::launch::PER_ITEM;
use super::{OpenClStorage, Source, reduce, source};
use crate::device::{CrossEntropyKernels, LabelLoss, LabelOptions, ReduceOp};
use crate::error::Result;
use crate::shape::Layout;

const CROSS_ENTROPY: Source = source!("cross_entropy");

impl CrossEntropyKernels for OpenClStorage {
    fn cross_entropy(
        &self,
        classes: usize,
        labels: &Self,
        options: &LabelOptions<&Self>,
    ) -> Result<LabelLoss<Self>> {
        let (rows, across) = (labels.numel, self.runtime.across(classes));
        let (losses, scales, weights) = (self.like(rows), self.like(2 * rows), self.like(rows));
        let launch = self.kernel(&CROSS_ENTROPY, "cross_entropy").size(rows).size(classes).size(across);
        let launch = launch.long(options.ignore_index).real(options.label_smoothing);
        let launch = launch.buffer(self).buffer(labels).maybe(options.class_weights);
        let launch = launch.buffer(&losses).buffer(&scales).buffer(&weights).faults("cross_entropy");
        launch.shared().over_rows(rows, across);
        Ok(LabelLoss { losses, scales, total: total(&weights) })
    }

    fn cross_entropy_grad(
        &self,
        classes: usize,
        logits: &Self,
        labels: &Self,
        options: &LabelOptions<&Self>,
        scales: &Self,
    ) -> Self {
        let (rows, across, out) = (labels.numel, classes.div_ceil(PER_ITEM), self.like(logits.numel));
        let weight_sum = options.class_weights.filter(|_| options.label_smoothing != 0.0).map(total);
        let launch = self.kernel(&CROSS_ENTROPY, "cross_entropy_grad").size(rows).size(classes).size(across);
        let launch = launch.long(options.ignore_index).real(options.label_smoothing);
        let launch = launch.buffer(self).buffer(logits).buffer(labels);
        let launch = launch.maybe(options.class_weights).maybe(weight_sum.as_ref());
        launch.buffer(scales).buffer(&out).over(rows * across);
        out
    }
}

/// The sum of all numbers.
fn total(x: &OpenClStorage) -> OpenClStorage {
    reduce::reduce(x, ReduceOp::Sum, &Layout::contiguous([x.numel]), &[0])
}
