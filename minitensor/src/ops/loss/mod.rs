//! What training makes small: from a model's outputs and what they should be, one number.

mod binary;
mod cross_entropy;
mod divergence;
mod labels;
mod margin;
mod nll;
mod regression;

pub use binary::BceOptions;
pub use cross_entropy::CrossEntropyOptions;
pub use margin::MultiMarginOptions;
pub use nll::NllOptions;

use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// What becomes of the losses of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reduction {
    /// Their mean, weighted by the classes' weights where there are any; NaN if there are none, as in PyTorch.
    #[default]
    Mean,
    /// Their sum.
    Sum,
    /// They stay as they are.
    None,
}

impl Tensor {
    /// The losses made one number, or not.
    fn reduced(&self, reduction: Reduction) -> Tensor {
        match reduction {
            Reduction::Mean => self.mean(),
            Reduction::Sum => self.sum(),
            Reduction::None => self.clone(),
        }
    }

    /// The same where a mean divides by another number than that of the losses.
    fn reduced_by(&self, total: &Tensor, reduction: Reduction) -> Tensor {
        match reduction {
            Reduction::Mean => self.sum().div(total),
            _ => self.reduced(reduction),
        }
    }

    /// Losses that broadcast are nearly always a mistake: (N, 1) and (N) would compare every pair.
    fn same_shape(&self, op: &'static str, target: &Tensor) -> Result<()> {
        self.needs_float(op)?;
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
