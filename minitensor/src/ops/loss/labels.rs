//! Labels beside scores: what fits, and how to pick.

use crate::device::{Device, check_labels};
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::tensor::Tensor;

impl Tensor {
    /// The dimension of the classes: of (N, C, …) the second, of (C) the only one.
    pub(super) fn class_dim(&self) -> isize {
        if self.rank() == 1 { 0 } else { 1 }
    }

    /// Scores (N, C, …) and labels (N, …), or (C) and (); a weight is (C).
    pub(super) fn label_rule(
        &self,
        op: &'static str,
        labels: &Tensor,
        weight: Option<&Tensor>,
    ) -> Result<()> {
        self.needs_float(op)?;
        if labels.dtype() != DType::I64 {
            let message = format!("the labels must be i64, but they are {}; use `to_dtype`", labels.dtype());
            return Err(Error::dtype(op, message));
        }
        if self.rank() == 0 {
            return Err(Error::shape(op, "the scores must be (N, C), but they are a single number"));
        }
        let classes = self.class_dim() as usize;
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
        self.class_weight_rule(op, weight)
    }

    /// A number for each class.
    pub(super) fn class_weight_rule(&self, op: &'static str, weight: Option<&Tensor>) -> Result<()> {
        let Some(weight) = weight else { return Ok(()) };
        let count = self.size(self.class_dim());
        if weight.shape()[..] != [count] {
            let message =
                format!("{count} classes need weights of shape [{count}], not {:?}", weight.shape());
            return Err(Error::shape(op, message));
        }
        self.same_dtype(op, weight)
    }

    /// These labels, checked: each is a class, or the one to ignore. On another device than the CPU, the kernel that uses a
    /// label checks it, since reading them here would wait for the device.
    pub(super) fn known_labels(&self, op: &'static str, classes: usize, ignore: Option<i64>) -> Result<()> {
        match self.device() {
            Device::Cpu => check_labels(op, &self.to_vec::<i64>(), classes, ignore),
            Device::OpenCl(_) => Ok(()),
        }
    }

    /// The score of each label: (N, C, …) → (N, …).
    pub(super) fn pick_labels(&self, labels: &Tensor) -> Tensor {
        let dim = self.class_dim();
        self.gather(dim, &labels.unsqueeze(dim)).squeeze(dim)
    }
}
