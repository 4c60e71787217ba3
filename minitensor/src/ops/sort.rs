//! From small to large, and what follows from the order.
//!
//! Positions come from a stable sort: of equals, the first stays first. A NaN is larger than all numbers, as in PyTorch.

use crate::device::OrderKernels;
use crate::error::{Error, OrPanic};
use crate::shape::{Dims, Layout};
use crate::tensor::Tensor;

impl Tensor {
    // ANCHOR: sort
    /// The elements along `dim` from the smallest to the largest (the other way round if `descending`), and the
    /// positions (`I64`) where they stood.
    #[track_caller]
    pub fn sort(&self, dim: isize, descending: bool) -> (Tensor, Tensor) {
        let index = self.argsort(dim, descending);
        (self.take_along_dim(&index, dim), index)
    }
    // ANCHOR_END: sort

    /// The positions (`I64`) of the elements along `dim` in the order of [`Tensor::sort`].
    #[track_caller]
    pub fn argsort(&self, dim: isize, descending: bool) -> Tensor {
        if self.rank() == 0 {
            return self.unsqueeze(0).argsort(dim, descending).squeeze(0);
        }
        // the kernel goes along the last dimension
        let mut order: Dims = (0..self.rank()).collect();
        order.swap(self.dim("sort", dim), self.rank() - 1);
        let layout = self.layout().permute(&order);
        let sorted =
            Tensor::new(self.storage().argsort(&layout, descending), Layout::contiguous(layout.shape));
        let back = sorted.layout().permute(&order);
        sorted.view(back)
    }

    /// The `k` largest elements along `dim` (the smallest, if not `largest`), in order, and their positions (`I64`).
    ///
    /// # Panics
    /// If there are fewer.
    #[track_caller]
    pub fn topk(&self, k: usize, dim: isize, largest: bool) -> (Tensor, Tensor) {
        let d = self.dim("topk", dim);
        if k > self.shape()[d] {
            let message = format!("dimension {d} of shape {:?} does not hold {k} elements", self.shape());
            Err(Error::shape("topk", message)).or_panic()
        }
        let index = self.argsort(dim, largest).narrow(dim, 0, k);
        (self.gather(dim, &index), index)
    }

    /// The `k`-th smallest element along `dim`, counted from 1, and its position (`I64`).
    ///
    /// # Panics
    /// If there is none.
    #[track_caller]
    pub fn kthvalue(&self, k: usize, dim: isize, keepdim: bool) -> (Tensor, Tensor) {
        let d = self.dim("kthvalue", dim);
        if !(1..=self.shape()[d]).contains(&k) {
            let message = format!("dimension {d} of shape {:?} has no element number {k}", self.shape());
            Err(Error::shape("kthvalue", message)).or_panic()
        }
        self.pick(self.argsort(dim, false).narrow(dim, k - 1, 1), dim, keepdim)
    }

    /// The median along `dim`, of an even number the lower one, and its position (`I64`); NaN if there is one.
    #[track_caller]
    pub fn median_dim(&self, dim: isize, keepdim: bool) -> (Tensor, Tensor) {
        let d = self.dim("median", dim);
        if self.shape()[d] == 0 {
            let message = format!("dimension {d} of shape {:?} is empty: it has no median", self.shape());
            Err(Error::shape("median", message)).or_panic()
        }
        let middle = self.argsort(dim, false).narrow(dim, (self.shape()[d] - 1) / 2, 1);
        // the first NaN is where argmax looks for the largest
        let nan = self.detach().argmax(dim, true);
        let is_nan = self.detach().gather(dim, &nan).isnan();
        self.pick(is_nan.where_(&nan, &middle), dim, keepdim)
    }

    /// The median of all elements, of shape `[]`; see [`Tensor::median_dim`].
    #[track_caller]
    pub fn median(&self) -> Tensor {
        self.flatten(0, -1).median_dim(0, false).0
    }

    /// The number below which a part `q` of the elements along `dim` lies, between two of them by linear interpolation.
    ///
    /// # Panics
    /// If `q` is not between 0 and 1, or there are no elements.
    #[track_caller]
    pub fn quantile_dim(&self, q: f64, dim: isize, keepdim: bool) -> Tensor {
        self.needs_float("quantile").or_panic();
        assert!((0.0..=1.0).contains(&q), "quantile: {q} is not between 0 and 1");
        let d = self.dim("quantile", dim);
        let Some(last) = self.shape()[d].checked_sub(1) else {
            let message = format!("dimension {d} of shape {:?} is empty: it has no quantile", self.shape());
            return Err(Error::shape("quantile", message)).or_panic();
        };
        let sorted = self.sort(dim, false).0;
        let rank = q * last as f64;
        // a NaN is sorted last, and makes every quantile one
        let largest = sorted.narrow(dim, last, 1);
        let is_nan = largest.isnan();
        let at = |rank: f64| is_nan.where_(&largest, &sorted.narrow(dim, rank as usize, 1));
        let y = at(rank.floor()).lerp(&at(rank.ceil()), rank.fract());
        if keepdim { y } else { y.squeeze(dim) }
    }

    /// The quantile of all elements, of shape `[]`; see [`Tensor::quantile_dim`].
    #[track_caller]
    pub fn quantile(&self, q: f64) -> Tensor {
        self.flatten(0, -1).quantile_dim(q, 0, false)
    }

    /// Where each value would stand in rows that are sorted along their last dimension (`I64`): before equals, or after
    /// them if `right`.
    ///
    /// # Shapes
    /// self (M) and any values, or self (…, M) and values (…, N) → that of the values
    #[track_caller]
    pub fn searchsorted(&self, values: &Tensor, right: bool) -> Tensor {
        let (rows, values) = (self.detach(), values.detach().unsqueeze(-1));
        let rows = if rows.rank() == 1 { rows } else { rows.unsqueeze(-2) };
        // the number of elements that come before; a NaN comes after all
        let after = if right { rows.gt(&values) } else { rows.ge(&values) };
        after.logical_not().sum_dim(-1, false)
    }

    /// The number (`I64`) of the bucket between two `boundaries` that each element falls into; one on a boundary
    /// belongs to the bucket below it, or to that above if `right`.
    #[track_caller]
    pub fn bucketize(&self, boundaries: &Tensor, right: bool) -> Tensor {
        boundaries.searchsorted(self, right)
    }
}
