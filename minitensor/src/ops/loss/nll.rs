//! The negative logarithm of the likelihood.

use crate::error::OrPanic;
use crate::tensor::Tensor;

use super::Reduction;

/// How labels count.
#[derive(Clone)]
pub struct NllOptions {
    /// How much each class counts, (C).
    pub weight: Option<Tensor>,
    /// Rows with this label count for nothing.
    pub ignore_index: i64,
    /// Mean, sum, or neither.
    pub reduction: Reduction,
}

impl Default for NllOptions {
    fn default() -> NllOptions {
        NllOptions { weight: None, ignore_index: -100, reduction: Reduction::Mean }
    }
}

impl Tensor {
    // ANCHOR: nll_loss
    /// The mean of `−x[label]`, for x that are logarithms of probabilities already.
    ///
    /// # Shapes
    /// x (N, C), labels (N) in `I64`; or (N, C, …) and (N, …); or (C) and () → ()
    ///
    /// # Panics
    /// If the shapes do not fit, or a label is not a class.
    #[track_caller]
    pub fn nll_loss(&self, labels: &Tensor) -> Tensor {
        self.nll_loss_with(labels, &NllOptions::default())
    }

    /// [`Tensor::nll_loss`] with class weights, a label to ignore, or another reduction.
    #[track_caller]
    pub fn nll_loss_with(&self, labels: &Tensor, options: &NllOptions) -> Tensor {
        self.label_rule("nll_loss", labels, options.weight.as_ref()).or_panic();
        labels.known_labels("nll_loss", self.size(self.class_dim()), Some(options.ignore_index)).or_panic();
        let ignored = labels.eq_scalar(options.ignore_index as f64);
        let labels = labels.masked_fill(&ignored, 0.0); // which may be no class
        let weights = match &options.weight {
            Some(weight) => weight.detach().embed_labels(&labels),
            None => Tensor::full_on(labels.shape(), 1.0, self.dtype(), self.device()),
        };
        let total = weights.masked_fill(&ignored, 0.0).sum();
        let losses = self.pick_labels(&labels).mul(&weights).neg().masked_fill(&ignored, 0.0);
        losses.reduced_by(&total, options.reduction)
    }
    // ANCHOR_END: nll_loss

    /// The number of each label's class: (C) → the labels' shape.
    pub(super) fn embed_labels(&self, labels: &Tensor) -> Tensor {
        self.index_select(0, &labels.reshape([labels.numel()])).reshape(labels.shape())
    }
}
