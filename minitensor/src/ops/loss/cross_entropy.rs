//! The cross-entropy of classes.

use crate::autograd::edge;
use crate::device::{CrossEntropyKernels, LabelOptions};
use crate::error::{Error, OrPanic, Result};
use crate::tensor::Tensor;

use super::Reduction;

/// How cross-entropy counts labels.
#[derive(Clone)]
pub struct CrossEntropyOptions {
    /// How much each class counts, (C).
    pub weight: Option<Tensor>,
    /// Rows with this label count for nothing.
    pub ignore_index: i64,
    /// This part of a label's weight is spread over all classes (Szegedy et al., 2016, section 7).
    pub label_smoothing: f64,
    /// Mean, sum, or neither.
    pub reduction: Reduction,
}

impl Default for CrossEntropyOptions {
    fn default() -> CrossEntropyOptions {
        CrossEntropyOptions {
            weight: None,
            ignore_index: -100,
            label_smoothing: 0.0,
            reduction: Reduction::Mean,
        }
    }
}

impl Tensor {
    /// The mean of −ln p(label), where p is the softmax of these scores (the logits).
    ///
    /// # Shapes
    /// logits (N, C), labels (N) in `I64`; or (N, C, …) and (N, …); or (C) and () → (). Labels that are probabilities have
    /// the logits' shape and dtype.
    ///
    /// # Panics
    /// If the shapes do not fit, or a label is not a class.
    #[track_caller]
    pub fn cross_entropy(&self, labels: &Tensor) -> Tensor {
        self.cross_entropy_with(labels, &CrossEntropyOptions::default())
    }

    // ANCHOR: cross_entropy
    /// [`Tensor::cross_entropy`] with class weights, a label to ignore, label smoothing, or another reduction.
    ///
    /// Labels may be probabilities of the classes, as mixup makes them (Zhang et al., 2018); their `ignore_index` is of no use.
    #[track_caller]
    pub fn cross_entropy_with(&self, labels: &Tensor, options: &CrossEntropyOptions) -> Tensor {
        if labels.dtype().is_float() {
            return self.soft_cross_entropy(labels, options);
        }
        self.label_rule("cross_entropy", labels, options.weight.as_ref()).or_panic();
        let rows = self.classes_last();
        let (classes, logits, targets) = (rows.size(-1), rows.packed(), labels.packed());
        let weight = options.weight.as_ref().map(Tensor::packed);
        let counted = LabelOptions {
            ignore_index: options.ignore_index,
            label_smoothing: options.label_smoothing,
            class_weights: weight,
        };
        let found = logits.cross_entropy(classes, &targets, &counted.as_deref()).or_panic();
        let losses = Tensor::contiguous_of(found.losses, labels.shape());
        let (scales, shape) = (found.scales, rows.shape().clone());
        // d(−ln p[label])/dx = p − onehot(label)
        let to_logits = move |grad: &Tensor| {
            let g = grad.packed();
            let grad = g.cross_entropy_grad(classes, &logits, &targets, &counted.as_deref(), &scales);
            Tensor::contiguous_of(grad, &shape)
        };
        let losses = losses.record("cross_entropy", [edge(&rows, to_logits)]);
        losses.reduced_by(&Tensor::contiguous_of(found.total, []), options.reduction)
    }
    // ANCHOR_END: cross_entropy

    // ANCHOR: cross_entropy_plain
    /// [`Tensor::cross_entropy`] out of smaller ops.
    #[track_caller]
    pub fn cross_entropy_plain(&self, labels: &Tensor) -> Tensor {
        self.log_softmax_plain(self.class_dim()).nll_loss(labels)
    }
    // ANCHOR_END: cross_entropy_plain

    /// −Σ w[c] t[c] ln p[c] of each row; a mean divides by the number of rows, whatever the weights.
    #[track_caller]
    fn soft_cross_entropy(&self, targets: &Tensor, options: &CrossEntropyOptions) -> Tensor {
        self.soft_rule(targets, options.weight.as_ref()).or_panic();
        let (dim, smoothing) = (self.class_dim(), options.label_smoothing);
        let classes = self.size(dim) as f64;
        let targets = match smoothing {
            0.0 => targets.clone(),
            s => targets.mul_scalar(1.0 - s).add_scalar(s / classes),
        };
        let mut each_class = vec![1; self.rank()];
        each_class[dim as usize] = self.size(dim);
        let targets = match &options.weight {
            Some(weight) => targets.mul(&weight.reshape(each_class)),
            None => targets,
        };
        let losses = self.log_softmax(dim).mul(&targets).sum_dim(dim, false).neg();
        losses.reduced(options.reduction)
    }

    fn soft_rule(&self, targets: &Tensor, weight: Option<&Tensor>) -> Result<()> {
        let op = "cross_entropy";
        self.same_shape(op, targets)?;
        if self.rank() == 0 {
            return Err(Error::shape(op, "the scores must be (N, C), but they are a single number"));
        }
        self.class_weight_rule(op, weight)
    }

    /// (N, C, …) → (N, …, C): each row the scores of one label.
    fn classes_last(&self) -> Tensor {
        (1..self.rank() as isize - 1).fold(self.clone(), |x, dim| x.transpose(dim, dim + 1))
    }
}
