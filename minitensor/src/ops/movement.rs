//! The same numbers seen another way: nothing here computes, and most of it copies nothing.

use crate::autograd::{Slice, edge};
use crate::device::Kernels;
use crate::error::{Error, OrPanic, Result};
use crate::shape::{Dims, IntoSizes, Layout, Shape};
use crate::sizes::{expanded, regrouped};
use crate::tensor::Tensor;

impl Tensor {
    /// The same elements, in row-major order, under another shape; a view where strides allow, else a copy.
    ///
    /// One size may be -1: what is left. `x.reshape([-1, 4])`, or with sizes of another type a tuple,
    /// `x.reshape((batch, -1))`.
    ///
    /// # Panics
    /// If the number of elements differs.
    #[track_caller]
    pub fn reshape(&self, shape: impl IntoSizes) -> Tensor {
        let shape = regrouped("reshape", self.shape(), &shape.into_sizes()).or_panic();
        if shape == *self.shape() {
            return self.clone();
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

    /// One dimension as several, of which one may be -1: what is left.
    #[track_caller]
    pub fn unflatten(&self, dim: isize, sizes: impl IntoSizes) -> Tensor {
        let d = self.dim("unflatten", dim);
        let parts = regrouped("unflatten", &[self.shape()[d]].into(), &sizes.into_sizes()).or_panic();
        self.reshape([&self.shape()[..d], &parts, &self.shape()[d + 1..]].concat())
    }

    /// The dimensions in another order: `x.permute([0, 2, 3, 1])` turns (N, C, H, W) into (N, H, W, C).
    #[track_caller]
    pub fn permute(&self, order: impl AsRef<[isize]>) -> Tensor {
        let order = self.checked_order(order.as_ref()).or_panic();
        self.permuted(&order)
    }

    /// Dimension `from` moved to place `to`; the others keep their order.
    #[track_caller]
    pub fn movedim(&self, from: isize, to: isize) -> Tensor {
        let mut order: Dims = (0..self.rank()).collect();
        let moved = order.remove(self.dim("movedim", from));
        order.insert(self.dim("movedim", to), moved);
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
        let own = self.shape().clone();
        let y = self.view(self.layout().unsqueeze(at as usize));
        y.record("unsqueeze", [edge(self, move |grad| grad.reshape(&own))])
    }

    /// Dimension `dim` taken out if its size is 1; otherwise the tensor as it is.
    #[track_caller]
    pub fn squeeze(&self, dim: isize) -> Tensor {
        let dim = self.dim("squeeze", dim);
        if self.shape()[dim] != 1 {
            return self.clone();
        }
        let own = self.shape().clone();
        let y = self.view(self.layout().squeeze(dim));
        y.record("squeeze", [edge(self, move |grad| grad.reshape(&own))])
    }

    // ANCHOR: expand
    /// Dimensions of size 1 repeated to a larger shape, without a copy; a size of -1 stays as it is.
    #[track_caller]
    pub fn expand(&self, shape: impl IntoSizes) -> Tensor {
        let shape = expanded("expand", self.shape(), &shape.into_sizes()).or_panic();
        let y = self.view(self.layout().expand("expand", &shape).or_panic());
        // an element read many times gets the sum of its gradients: the edge sums what was broadcast
        y.record("expand", [edge(self, |grad| grad.clone())])
    }
    // ANCHOR_END: expand

    /// [`Tensor::expand`] by its other name.
    #[track_caller]
    pub fn broadcast_to(&self, shape: impl IntoSizes) -> Tensor {
        self.expand(shape)
    }

    /// Elements `start..start + len` along one dimension, as a view.
    #[track_caller]
    pub fn narrow(&self, dim: isize, start: usize, len: usize) -> Tensor {
        let dim = self.dim("narrow", dim);
        let layout = self.layout().narrow("narrow", dim, start, len).or_panic();
        let slice = Slice { dim, start, len };
        self.view(layout).record("narrow", [edge(self, |grad| grad.clone()).of_slice(slice)])
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
        y.record("step", [edge(self, move |grad| grad.placed_at(&shape, |whole| whole.step(dim, step)))])
    }

    // ANCHOR: unfold
    /// Each window of `size` elements along `dim`, `step` from the next, as a view that reads shared elements twice.
    ///
    /// # Shapes
    /// (…, N, …) → (…, floor((N − size) / step) + 1, …, size): the windows stand at `dim`, their elements last.
    ///
    /// # Panics
    /// If a window is longer than the dimension, or the step is 0.
    #[track_caller]
    pub fn unfold(&self, dim: isize, size: usize, step: usize) -> Tensor {
        let d = self.dim("unfold", dim);
        if step == 0 || size > self.shape()[d] {
            let message = format!(
                "windows of {size} elements with step {step} do not fit dimension {d} of {:?}; a step is at least 1",
                self.shape()
            );
            Err(Error::shape("unfold", message)).or_panic()
        }
        let (own, y) = (self.shape().clone(), self.view(self.layout().unfold(d, size, step)));
        // an element belongs to all windows that read it: their gradients add up
        let to_elements = move |grad: &Tensor| {
            let windows = grad.size(d as isize);
            let places: Vec<i64> =
                (0..windows).flat_map(|w| (0..size).map(move |i| (w * step + i) as i64)).collect();
            let in_a_row = grad.movedim(-1, d as isize + 1).flatten(d as isize, d as isize + 1);
            let sum = Tensor::full_on(&own, 0.0, grad.dtype(), grad.device());
            sum.index_add(d as isize, &Tensor::index_on(grad.device(), places), &in_a_row)
        };
        y.record("unfold", [edge(self, to_elements)])
    }
    // ANCHOR_END: unfold

    /// The elements at equal places of two dimensions, `offset` to the right, as a view with the diagonal last.
    ///
    /// # Shapes
    /// (…, R, C) for dimensions -2 and -1 → (…, as many as there are)
    #[track_caller]
    pub fn diagonal(&self, offset: isize, dim1: isize, dim2: isize) -> Tensor {
        let (rows, columns) = (self.dim("diagonal", dim1), self.dim("diagonal", dim2));
        if rows == columns {
            let message = format!("dimensions {dim1} and {dim2} of {:?} are the same", self.shape());
            Err(Error::shape("diagonal", message)).or_panic()
        }
        let own = self.shape().clone();
        let y = self.view(self.layout().diagonal(offset, rows, columns));
        let back = move |grad: &Tensor| grad.placed_at(&own, |whole| whole.diagonal(offset, rows, columns));
        y.record("diagonal", [edge(self, back)])
    }

    /// A tensor of zeros of `shape`, with this one at the view of it that `place` gives.
    fn placed_at(&self, shape: &Shape, place: impl FnOnce(&Layout) -> Layout) -> Tensor {
        let y = Tensor::full_on(shape, 0.0, self.dtype(), self.device());
        let (to, from) = (place(y.layout()), self.storage());
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
