//! Cross-entropy and its gradient.

use std::sync::Arc;

use crate::error::{Error, Result};

use super::{Storage, on_device};

/// Cross-entropy and its gradient.
///
/// Every storage is contiguous and holds exactly the elements of its tensor. A `grad` is the gradient of the result, by
/// which the loss depends on it.
pub trait CrossEntropyKernels: Sized {
    /// The cross-entropy of each row of `classes` logits and its label.
    ///
    /// # Errors
    /// If a label is neither a class nor `ignore_index`.
    fn cross_entropy(
        &self,
        classes: usize,
        labels: &Self,
        options: &LabelOptions<&Self>,
    ) -> Result<LabelLoss<Self>>;

    /// The gradient of the logits; `self` is `grad`, one number a row, and `scales` those of the forward pass.
    fn cross_entropy_grad(
        &self,
        classes: usize,
        logits: &Self,
        labels: &Self,
        options: &LabelOptions<&Self>,
        scales: &Self,
    ) -> Self;
}

/// How labels count.
#[derive(Debug, Clone, Copy)]
pub struct LabelOptions<X> {
    /// Rows with this label count for nothing.
    pub ignore_index: i64,
    /// This part of a label's weight is spread over all classes (Szegedy et al., 2016, section 7).
    pub label_smoothing: f64,
    /// How much each class counts; one each where there are none.
    pub class_weights: Option<X>,
}

impl LabelOptions<Arc<Storage>> {
    /// The same with its class weights borrowed.
    pub fn as_deref(&self) -> LabelOptions<&Storage> {
        LabelOptions {
            ignore_index: self.ignore_index,
            label_smoothing: self.label_smoothing,
            class_weights: self.class_weights.as_deref(),
        }
    }
}

impl<X> LabelOptions<X> {
    /// The same with the class weights changed by `f`.
    pub fn map<Y>(self, f: impl Fn(X) -> Y) -> LabelOptions<Y> {
        LabelOptions {
            ignore_index: self.ignore_index,
            label_smoothing: self.label_smoothing,
            class_weights: self.class_weights.map(f),
        }
    }
}

/// What the forward pass of cross-entropy finds.
pub struct LabelLoss<S> {
    /// The loss of each row; 0 where the label is ignored.
    pub losses: S,
    /// (rows, 2): the largest logit, and ln of the sum of e^(x - largest).
    pub scales: S,
    /// The sum of the labels' weights, by which a mean divides: one number.
    pub total: S,
}

/// Checks that every label is a class, or the one to ignore.
pub(crate) fn check_labels(
    op: &'static str,
    labels: &[i64],
    classes: usize,
    ignore: Option<i64>,
) -> Result<()> {
    let fine =
        |label: i64| Some(label) == ignore || usize::try_from(label).is_ok_and(|label| label < classes);
    match labels.iter().position(|&label| !fine(label)) {
        Some(row) => Err(Error::Label { op, row, label: labels[row], classes }),
        None => Ok(()),
    }
}

/// Hands a call to the device that holds `self`.
impl CrossEntropyKernels for Storage {
    fn cross_entropy(
        &self,
        classes: usize,
        labels: &Self,
        options: &LabelOptions<&Self>,
    ) -> Result<LabelLoss<Self>> {
        on_device!(self, logits: S => {
            let loss = logits.cross_entropy(classes, labels.on::<S>(), &options.map(|weights| weights.on::<S>()))?;
            Ok(LabelLoss { losses: loss.losses.into(), scales: loss.scales.into(), total: loss.total.into() })
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
        on_device!(self, grad: S => {
            let options = options.map(|weights| weights.on::<S>());
            grad.cross_entropy_grad(classes, logits.on::<S>(), labels.on::<S>(), &options, scales.on::<S>()).into()
        })
    }
}
