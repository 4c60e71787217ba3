//! Rows of a table, looked up by number.

use crate::autograd::edge;
use crate::device::Kernels;
use crate::error::{Error, OrPanic, Result};
use crate::tensor::Tensor;

use super::index::needs_index;

impl Tensor {
    // ANCHOR: embedding
    /// Row `ids[i]` of this table for each i: what a one-hot matrix times the table would give.
    ///
    /// # Shapes
    /// table (V, C), ids (…) in `I64` → (…, C)
    ///
    /// # Panics
    /// If an id is not the number of a row.
    #[track_caller]
    pub fn embedding(&self, ids: &Tensor) -> Tensor {
        self.embedding_with(ids, None)
    }

    /// [`Tensor::embedding`], where row `padding_idx` gets no gradient: it stands for what is not there, as at the end
    /// of short sequences.
    #[track_caller]
    pub fn embedding_with(&self, ids: &Tensor, padding_idx: Option<usize>) -> Tensor {
        let [rows, width] = self.embedding_rule(ids, padding_idx).or_panic();
        let shape = [&ids.shape()[..], &[width]].concat();
        let ids = ids.detach().reshape([ids.numel()]);
        let chosen = self.storage().index_select(self.layout(), 0, &ids.storage(), ids.layout());
        let y = Tensor::contiguous_of(chosen.map_err(in_a_table).or_panic(), shape);
        let to_table = move |grad: &Tensor| {
            let grad = grad.reshape([ids.numel(), width]);
            grad.added_to_rows(&ids, rows, padding_idx)
        };
        y.record("embedding", [edge(self, to_table)])
    }
    // ANCHOR_END: embedding

    /// A table of zeros to whose row `ids[i]` row i of this is added, in the order of the ids.
    fn added_to_rows(&self, ids: &Tensor, rows: usize, padding_idx: Option<usize>) -> Tensor {
        let width = self.size(1);
        let table = Tensor::full_on([rows, width], 0.0, self.dtype(), self.device());
        let (to, at, from) = (table.layout(), ids.storage(), self.storage());
        table.update(|table| table.index_add(to, 0, &at, ids.layout(), &from, self.layout())).or_panic();
        if let Some(row) = padding_idx {
            let zeros = Tensor::full_on([1, width], 0.0, self.dtype(), self.device());
            let row = to.narrow("embedding", 0, row, 1).or_panic();
            table.update(|table| table.write(&row, &zeros.storage(), zeros.layout()));
        }
        table
    }

    /// V and C, if this is a table.
    fn embedding_rule(&self, ids: &Tensor, padding_idx: Option<usize>) -> Result<[usize; 2]> {
        needs_index("embedding", ids)?;
        let [rows, width] = self.shape()[..] else {
            let message = format!("the table must be (V, C), but has shape {:?}", self.shape());
            return Err(Error::shape("embedding", message));
        };
        match padding_idx {
            Some(row) if row >= rows => {
                let what = "padding_idx in a table".to_string();
                Err(Error::Index { op: "embedding", what, index: row as i64, size: rows })
            }
            _ => Ok([rows, width]),
        }
    }
}

/// The mistake as its maker knows it: an id that the table does not have.
fn in_a_table(error: Error) -> Error {
    match error {
        Error::Index { index, size, .. } => {
            Error::Index { op: "embedding", what: "a table".to_string(), index, size }
        }
        other => other,
    }
}
