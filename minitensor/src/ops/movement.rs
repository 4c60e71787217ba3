//! The same numbers seen another way: nothing here computes, and most of it copies nothing.

use crate::autograd::edge;
use crate::device::Kernels;
use crate::error::{Error, OrPanic, Result};
use crate::shape::{Dims, Layout, Shape};
use crate::tensor::Tensor;

impl Tensor {
    /// The same elements, in row-major order, under another shape; a view where strides allow, else a copy.
    ///
    /// # Panics
    /// If the number of elements differs.
    #[track_caller]
    pub fn reshape(&self, shape: impl Into<Shape>) -> Tensor {
        let shape = shape.into();
        if shape == *self.shape() {
            return self.clone();
        }
        if shape.numel() != self.numel() {
            let message = format!(
                "shape {:?} has {} elements and {shape:?} has {}; they must be equal",
                self.shape(),
                self.numel(),
                shape.numel()
            );
            Err(Error::shape("reshape", message)).or_panic()
        }
        let y = match self.layout().reshape(&shape) {
            Some(layout) => self.view(layout),
            None => Tensor::new(self.storage().contiguous(self.layout()), Layout::contiguous(shape)),
        };
        let own = self.shape().clone();
        y.record("reshape", [edge(self, move |grad| grad.reshape(&own))])
    }

    /// Dimensions `start` to `end`, both included, as one.
    #[track_caller]
    pub fn flatten(&self, start: isize, end: isize) -> Tensor {
        if self.rank() == 0 {
            return self.reshape([1]);
        }
        let (start, end) = (self.dim("flatten", start), self.dim("flatten", end));
        let mut shape = self.shape()[..start].to_vec();
        shape.push(self.shape()[start..=end.max(start)].iter().product());
        shape.extend_from_slice(&self.shape()[end.max(start) + 1..]);
        self.reshape(shape)
    }

    /// The dimensions in another order: `x.permute([0, 2, 3, 1])` turns (N, C, H, W) into (N, H, W, C).
    #[track_caller]
    pub fn permute<const N: usize>(&self, order: [isize; N]) -> Tensor {
        let order = self.checked_order(&order).or_panic();
        self.permuted(&order)
    }

    // ANCHOR: transpose
    /// Two dimensions exchanged: a view with their strides exchanged.
    #[track_caller]
    pub fn transpose(&self, a: isize, b: isize) -> Tensor {
        let mut order: Dims = (0..self.rank()).collect();
        order.swap(self.dim("transpose", a), self.dim("transpose", b));
        self.permuted(&order)
    }
    // ANCHOR_END: transpose

    /// The transpose of a matrix.
    #[track_caller]
    pub fn t(&self) -> Tensor {
        let [_, _] = self.dims();
        self.transpose(0, 1)
    }

    /// A dimension of size 1 put in before dimension `dim`; -1 puts it last.
    #[track_caller]
    pub fn unsqueeze(&self, dim: isize) -> Tensor {
        let rank = self.rank() as isize;
        let at = if dim < 0 { dim + rank + 1 } else { dim };
        if !(0..=rank).contains(&at) {
            let message = format!("there is no place {dim} for a new dimension in shape {:?}", self.shape());
            Err(Error::shape("unsqueeze", message)).or_panic()
        }
        let mut shape = self.shape().to_vec();
        shape.insert(at as usize, 1);
        self.reshape(shape)
    }

    /// Dimension `dim` taken out if its size is 1; otherwise the tensor as it is.
    #[track_caller]
    pub fn squeeze(&self, dim: isize) -> Tensor {
        let dim = self.dim("squeeze", dim);
        let mut shape = self.shape().to_vec();
        if shape[dim] == 1 {
            shape.remove(dim);
        }
        self.reshape(shape)
    }

    // ANCHOR: expand
    /// Dimensions of size 1 repeated to a larger shape, without a copy.
    #[track_caller]
    pub fn expand(&self, shape: impl Into<Shape>) -> Tensor {
        let y = self.view(self.layout().expand("expand", &shape.into()).or_panic());
        // an element read many times gets the sum of its gradients: the edge sums what was broadcast
        y.record("expand", [edge(self, |grad| grad.clone())])
    }
    // ANCHOR_END: expand

    /// Elements `start..start + len` along one dimension, as a view.
    #[track_caller]
    pub fn narrow(&self, dim: isize, start: usize, len: usize) -> Tensor {
        let dim = self.dim("narrow", dim);
        let layout = self.layout().narrow("narrow", dim, start, len).or_panic();
        let shape = self.shape().clone();
        self.view(layout).record("narrow", [edge(self, move |grad| grad.placed(&shape, dim, start, 1))])
    }

    /// Slice `index` along one dimension, which is left out of the result.
    #[track_caller]
    pub fn select(&self, dim: isize, index: usize) -> Tensor {
        let d = self.dim("select", dim);
        if index >= self.shape()[d] {
            let size = self.shape()[d];
            Err(Error::Index { op: "select", what: format!("dimension {d}"), index: index as i64, size })
                .or_panic()
        }
        self.narrow(dim, index, 1).squeeze(dim)
    }

    /// Every `step`-th element along one dimension, as a view.
    #[track_caller]
    pub fn step(&self, dim: isize, step: usize) -> Tensor {
        assert!(step > 0, "step: a step of 0 would read the first element for ever; use 1 or more");
        let dim = self.dim("step", dim);
        let shape = self.shape().clone();
        let y = self.view(self.layout().step(dim, step));
        y.record("step", [edge(self, move |grad| grad.placed(&shape, dim, 0, step))])
    }

    /// The elements in reverse order along one dimension.
    #[track_caller]
    pub fn flip(&self, dim: isize) -> Tensor {
        let reversed: Vec<i64> = (0..self.size(dim) as i64).rev().collect();
        let n = reversed.len();
        self.index_select(dim, &Tensor::from_vec(reversed, [n]))
    }

    /// A tensor of zeros of `shape`, with this one at every `step`-th place from `start` along `dim`.
    fn placed(&self, shape: &Shape, dim: usize, start: usize, step: usize) -> Tensor {
        let y = Tensor::full_on(shape, 0.0, self.dtype(), self.device());
        let mut to = y.layout().clone();
        to.offset += start * to.strides[dim];
        to.strides[dim] *= step;
        to.shape[dim] = self.shape()[dim];
        let from = self.storage();
        y.update(|storage| storage.write(&to, &from, self.layout()));
        y
    }

    fn permuted(&self, order: &[usize]) -> Tensor {
        let mut back = Dims::from_elem(0, order.len());
        order.iter().enumerate().for_each(|(to, &from)| back[from] = to);
        self.view(self.layout().permute(order))
            .record("permute", [edge(self, move |grad| grad.permuted(&back))])
    }

    fn checked_order(&self, order: &[isize]) -> Result<Dims> {
        let dims = order.iter().map(|&d| self.shape().dim("permute", d)).collect::<Result<Dims>>()?;
        let all_named = (0..self.rank()).all(|d| dims.contains(&d));
        if dims.len() == self.rank() && all_named {
            return Ok(dims);
        }
        let message =
            format!("{order:?} must name each of the {} dimensions of {:?} once", self.rank(), self.shape());
        Err(Error::shape("permute", message))
    }

    #[track_caller]
    pub(crate) fn dim(&self, op: &'static str, dim: isize) -> usize {
        self.shape().dim(op, dim).or_panic()
    }
}
