//! What training makes small.

use crate::autograd::edge;
use crate::device::{CrossEntropyKernels, LabelOptions};
use crate::dtype::DType;
use crate::error::{Error, OrPanic, Result};
use crate::tensor::Tensor;

/// What becomes of the losses of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reduction {
    /// Their mean, weighted by the classes' weights where there are any.
    #[default]
    Mean,
    /// Their sum.
    Sum,
    /// They stay one for each label.
    None,
}

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
    /// logits (N, C), labels (N) in `I64`; or (N, C, …) and (N, …); or (C) and () → ()
    ///
    /// # Panics
    /// If the shapes do not fit, or a label is not a class.
    #[track_caller]
    pub fn cross_entropy(&self, labels: &Tensor) -> Tensor {
        self.cross_entropy_with(labels, &CrossEntropyOptions::default())
    }

    // ANCHOR: cross_entropy
    /// [`Tensor::cross_entropy`] with class weights, a label to ignore, label smoothing, or another reduction.
    #[track_caller]
    pub fn cross_entropy_with(&self, labels: &Tensor, options: &CrossEntropyOptions) -> Tensor {
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
        match options.reduction {
            Reduction::Mean => losses.sum().mul_scalar(1.0 / found.total),
            Reduction::Sum => losses.sum(),
            Reduction::None => losses,
        }
    }
    // ANCHOR_END: cross_entropy

    // ANCHOR: cross_entropy_plain
    /// [`Tensor::cross_entropy`] out of smaller ops.
    #[track_caller]
    pub fn cross_entropy_plain(&self, labels: &Tensor) -> Tensor {
        self.log_softmax_plain(if self.rank() == 1 { 0 } else { 1 }).nll_loss(labels)
    }

    /// The mean of `−x[label]`, for x that are logarithms of probabilities already.
    ///
    /// # Shapes
    /// As [`Tensor::cross_entropy`].
    #[track_caller]
    pub fn nll_loss(&self, labels: &Tensor) -> Tensor {
        self.label_rule("nll_loss", labels, None).or_panic();
        let dim = if self.rank() == 1 { 0 } else { 1 };
        self.gather(dim, &labels.unsqueeze(dim)).mean().neg()
    }
    // ANCHOR_END: cross_entropy_plain

    /// The mean of (x − target)².
    #[track_caller]
    pub fn mse_loss(&self, target: &Tensor) -> Tensor {
        self.same_shape("mse_loss", target).or_panic();
        self.sub(target).square().mean()
    }

    /// The mean of |x − target|.
    #[track_caller]
    pub fn l1_loss(&self, target: &Tensor) -> Tensor {
        self.same_shape("l1_loss", target).or_panic();
        self.sub(target).abs().mean()
    }

    /// The mean cross-entropy of yes-or-no answers: −t ln σ(x) − (1 − t) ln (1 − σ(x)), computed as softplus(x) − t x.
    #[track_caller]
    pub fn binary_cross_entropy_with_logits(&self, target: &Tensor) -> Tensor {
        self.same_shape("binary_cross_entropy_with_logits", target).or_panic();
        self.softplus().sub(&self.mul(target)).mean()
    }

    /// (N, C, …) → (N, …, C): each row the scores of one label.
    fn classes_last(&self) -> Tensor {
        (1..self.rank() as isize - 1).fold(self.clone(), |x, dim| x.transpose(dim, dim + 1))
    }

    fn label_rule(&self, op: &'static str, labels: &Tensor, weight: Option<&Tensor>) -> Result<()> {
        self.needs_float(op)?;
        if labels.dtype() != DType::I64 {
            let message = format!("the labels must be i64, but they are {}; use `to_dtype`", labels.dtype());
            return Err(Error::dtype(op, message));
        }
        let classes = usize::from(self.rank() > 1);
        if self.rank() == 0 {
            return Err(Error::shape(op, "the scores must be (N, C), but they are a single number"));
        }
        let mut wanted = self.shape()[..].to_vec();
        let count = wanted.remove(classes);
        if labels.shape()[..] != wanted {
            let message = format!(
                "scores of shape {:?} need labels of shape {wanted:?} ({count} classes along dimension {classes}), \
                 but the labels have shape {:?}",
                self.shape(),
                labels.shape()
            );
            return Err(Error::shape(op, message));
        }
        match weight {
            Some(weight) if weight.shape()[..] != [count] => {
                let message =
                    format!("{count} classes need weights of shape [{count}], not {:?}", weight.shape());
                Err(Error::shape(op, message))
            }
            Some(weight) => self.same_dtype(op, weight),
            None => Ok(()),
        }
    }

    /// Losses that broadcast are nearly always a mistake: (N, 1) and (N) would compare every pair.
    fn same_shape(&self, op: &'static str, target: &Tensor) -> Result<()> {
        self.same_dtype(op, target)?;
        if self.shape() == target.shape() {
            return Ok(());
        }
        let message = format!(
            "shapes {:?} and {:?} must be equal; `reshape` or `unsqueeze` one of them",
            self.shape(),
            target.shape()
        );
        Err(Error::shape(op, message))
    }
}
