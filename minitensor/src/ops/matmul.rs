//! The product of matrices, and of batches of them.

use crate::autograd::edge;
use crate::device::Kernels;
use crate::error::{Error, OrPanic, Result};
use crate::observe::as_one;
use crate::shape::{Layout, Shape, broadcast_shapes};
use crate::tensor::Tensor;

impl Tensor {
    // ANCHOR: matmul
    /// The matrix product.
    ///
    /// # Shapes
    /// (…, m, k) · (…, k, n) → (…, m, n); the leading dimensions broadcast. A vector (k) on the left is one row, on the
    /// right one column, and that dimension is left out of the result.
    ///
    /// # Panics
    /// If the inner sizes differ, or the dtypes do.
    #[track_caller]
    pub fn matmul(&self, other: &Tensor) -> Tensor {
        if self.rank() == 1 {
            return self.unsqueeze(0).matmul(other).squeeze(if other.rank() == 1 { 0 } else { -2 });
        }
        if other.rank() == 1 {
            return self.matmul(&other.unsqueeze(1)).squeeze(-1);
        }
        if self.rank() > 2 && other.rank() == 2 && self.is_contiguous() {
            return as_one("matmul", &[self, other], || self.matmul_rows(other));
        }
        let y = self.product(other).or_panic();
        let (a, b) = (self.detach(), other.detach());
        // Y = A·B: ∂L/∂A = ∂L/∂Y · Bᵀ and ∂L/∂B = Aᵀ · ∂L/∂Y
        let to_a = move |grad: &Tensor| grad.matmul(&b.transpose(-2, -1));
        let to_b = move |grad: &Tensor| a.transpose(-2, -1).matmul(grad);
        y.record("matmul", [edge(self, to_a), edge(other, to_b)])
    }
    // ANCHOR_END: matmul

    /// A batch times one matrix is one tall product: (…, m, k) · (k, n) as (…·m, k) · (k, n).
    #[track_caller]
    fn matmul_rows(&self, other: &Tensor) -> Tensor {
        let (lead, k) = (self.rank() - 1, self.size(-1));
        let rows = self.shape()[..lead].iter().product();
        let mut shape = self.shape().clone();
        let y = self.reshape([rows, k]).matmul(other);
        shape[lead] = y.size(1);
        y.reshape(shape)
    }

    fn product(&self, other: &Tensor) -> Result<Tensor> {
        self.same_dtype("matmul", other)?;
        let (a, b) = (self.shape(), other.shape());
        if a.is_empty() || b.is_empty() {
            return Err(Error::shape(
                "matmul",
                format!("shapes {a:?} and {b:?}: a single number is no matrix"),
            ));
        }
        let ([batch_a @ .., m, k], [batch_b @ .., k2, n]) = (&a[..], &b[..]) else {
            return Err(Error::shape("matmul", format!("shapes {a:?} and {b:?} are not matrices")));
        };
        if k != k2 {
            let hint =
                if b.len() >= 2 && k == n { "; did you mean the transpose of the second?" } else { "" };
            let message = format!(
                "shapes {a:?} and {b:?}: the rows of the first have {k} elements, but the columns of the second \
                 {k2}{hint}"
            );
            return Err(Error::shape("matmul", message));
        }
        let batch = broadcast_shapes("matmul", batch_a, batch_b)?;
        let with = |rows: usize, columns: usize| Shape::from([&batch[..], &[rows, columns]].concat());
        let a = self.layout().expand("matmul", &with(*m, *k))?;
        let b = other.layout().expand("matmul", &with(*k, *n))?;
        let storage = self.storage().matmul(&a, &other.storage(), &b, None);
        Ok(Tensor::new(storage, Layout::contiguous(with(*m, *n))))
    }
}
