//! A weight by its length and its direction.

use crate::tensor::Tensor;

impl Tensor {
    // ANCHOR: weight_norm
    /// `g · v / |v|` for this v: what is learned is a length `g` and a direction, apart (Salimans and Kingma, 2016). The
    /// lengths are those along all dimensions but `dim`, so that with `dim` 0 each unit of a layer has its own.
    ///
    /// # Shapes
    /// v (out, in, …), g (out, 1, …) → (out, in, …), for `dim` 0
    #[track_caller]
    pub fn weight_norm(&self, g: &Tensor, dim: isize) -> Tensor {
        self.mul(&g.div(&self.norm_except_dim(dim)))
    }
    // ANCHOR_END: weight_norm

    /// The Euclidean length along all dimensions but `dim`, which become 1.
    ///
    /// # Panics
    /// If there is no such dimension, or the dtype is not a floating-point one.
    #[track_caller]
    pub fn norm_except_dim(&self, dim: isize) -> Tensor {
        let dim = self.dim("norm_except_dim", dim) as isize;
        let others: Vec<isize> = (0..self.rank() as isize).filter(|d| *d != dim).collect();
        match others.is_empty() {
            true => self.abs(),
            false => self.square().sum_dim(&others[..], true).sqrt(),
        }
    }
}
