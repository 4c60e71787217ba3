//! Elements chosen by other numbers.

use crate::autograd::edge;
use crate::device::Kernels;
use crate::dtype::DType;
use crate::error::{Error, OrPanic, Result};
use crate::shape::{Layout, broadcast_shapes};
use crate::tensor::Tensor;

impl Tensor {
    /// Whole slices along `dim`, in the order in which the one-dimensional `index` (`I64`) names them.
    ///
    /// # Panics
    /// If an index is out of range.
    #[track_caller]
    pub fn index_select(&self, dim: isize, index: &Tensor) -> Tensor {
        let dim = self.dim("index_select", dim);
        needs_index("index_select", index).or_panic();
        if index.rank() != 1 {
            let message = format!("the index must have one dimension, but has shape {:?}", index.shape());
            Err(Error::shape("index_select", message)).or_panic()
        }
        let mut shape = self.shape().clone();
        shape[dim] = index.numel();
        let storage =
            self.storage().index_select(self.layout(), dim, &index.storage(), index.layout()).or_panic();
        let (own, index) = (self.shape().clone(), index.detach());
        let to_chosen = move |grad: &Tensor| {
            let sum = Tensor::full_on(&own, 0.0, grad.dtype(), grad.device());
            let (layout, index_storage, source) = (sum.layout(), index.storage(), grad.storage());
            let add = |s: &mut crate::device::Storage| {
                s.index_add(layout, dim, &index_storage, index.layout(), &source, grad.layout())
            };
            sum.update(add).or_panic();
            sum
        };
        Tensor::new(storage, Layout::contiguous(shape)).record("index_select", [edge(self, to_chosen)])
    }

    /// Along `dim`, the element that `index` (`I64`) names: `out[i][j] = x[index[i][j]][j]` for `dim` 0.
    ///
    /// # Shapes
    /// The index has as many dimensions as the tensor and is nowhere larger, but along `dim`; the result has its shape.
    #[track_caller]
    pub fn gather(&self, dim: isize, index: &Tensor) -> Tensor {
        let dim = self.dim("gather", dim);
        needs_index("gather", index).or_panic();
        fits_beside("gather", self, dim, index).or_panic();
        let storage = self.storage().gather(self.layout(), dim, &index.storage(), index.layout()).or_panic();
        let (own, chosen) = (self.shape().clone(), index.detach());
        let to_chosen = move |grad: &Tensor| {
            Tensor::full_on(&own, 0.0, grad.dtype(), grad.device()).scatter_add(dim as isize, &chosen, grad)
        };
        Tensor::new(storage, Layout::contiguous(index.shape())).record("gather", [edge(self, to_chosen)])
    }

    /// [`Tensor::gather`] with an index that broadcasts along the other dimensions.
    #[track_caller]
    pub fn take_along_dim(&self, index: &Tensor, dim: isize) -> Tensor {
        let d = self.dim("take_along_dim", dim);
        // shapes that agree but along `dim`, where each keeps its own size
        let (mut own, mut other) = (self.shape().clone(), index.shape().clone());
        if index.rank() != self.rank() {
            let message = format!("index {other:?} needs as many dimensions as {own:?}");
            Err(Error::shape("take_along_dim", message)).or_panic()
        }
        let (size, picked) = (std::mem::replace(&mut own[d], 1), std::mem::replace(&mut other[d], 1));
        let shape = broadcast_shapes("take_along_dim", &own, &other).or_panic();
        let with = |size: usize| {
            let mut shape = shape.clone();
            shape[d] = size;
            shape
        };
        self.expand(with(size)).gather(dim, &index.expand(with(picked)))
    }

    /// This tensor with each element of `source` put where `index` (`I64`) says along `dim`:
    /// `y[index[i][j]][j] = source[i][j]` for `dim` 0. Of several for one place the last stays, but all get its gradient.
    #[track_caller]
    pub fn scatter(&self, dim: isize, index: &Tensor, source: &Tensor) -> Tensor {
        let dim = self.dim("scatter", dim);
        self.scatter_rule("scatter", dim, index, source).or_panic();
        let y = Tensor::new(self.storage().contiguous(self.layout()), Layout::contiguous(self.shape()));
        let (layout, at, from) = (y.layout(), index.storage(), source.storage());
        y.update(|s| s.scatter(layout, dim, &at, index.layout(), &from, source.layout())).or_panic();
        let (index, index2) = (index.detach(), index.detach());
        let to_source = move |grad: &Tensor| grad.gather(dim as isize, &index);
        // what was overwritten had no part in the result
        let to_rest = move |grad: &Tensor| {
            let nothing = Tensor::full_on(index2.shape(), 0.0, grad.dtype(), grad.device());
            grad.scatter(dim as isize, &index2, &nothing)
        };
        y.record("scatter", [edge(self, to_rest), edge(source, to_source)])
    }

    /// This tensor with each slice of `source` along `dim` added to the slice that `index` (`I64`) names.
    ///
    /// # Shapes
    /// index (K), source as this tensor, but K along `dim`
    #[track_caller]
    pub fn index_add(&self, dim: isize, index: &Tensor, source: &Tensor) -> Tensor {
        let dim = self.dim("index_add", dim);
        needs_index("index_add", index).or_panic();
        self.same_dtype("index_add", source).or_panic();
        let mut wanted = self.shape().clone();
        wanted[dim] = index.numel();
        if index.rank() != 1 || *source.shape() != wanted {
            let message = format!(
                "an index of shape {:?} and a source of shape {:?}; the index needs one dimension, and the source then \
                 shape {wanted:?}",
                index.shape(),
                source.shape()
            );
            Err(Error::shape("index_add", message)).or_panic()
        }
        let y = Tensor::new(self.storage().contiguous(self.layout()), Layout::contiguous(self.shape()));
        let (layout, at, from) = (y.layout(), index.storage(), source.storage());
        y.update(|s| s.index_add(layout, dim, &at, index.layout(), &from, source.layout())).or_panic();
        let index = index.detach();
        let to_source = move |grad: &Tensor| grad.index_select(dim as isize, &index);
        y.record("index_add", [edge(self, |grad| grad.clone()), edge(source, to_source)])
    }

    /// This tensor with each element of `source` added where `index` (`I64`) says along `dim`.
    #[track_caller]
    pub fn scatter_add(&self, dim: isize, index: &Tensor, source: &Tensor) -> Tensor {
        let dim = self.dim("scatter_add", dim);
        self.scatter_rule("scatter_add", dim, index, source).or_panic();
        let y = Tensor::new(self.storage().contiguous(self.layout()), Layout::contiguous(self.shape()));
        let (layout, at, from) = (y.layout(), index.storage(), source.storage());
        y.update(|s| s.scatter_add(layout, dim, &at, index.layout(), &from, source.layout())).or_panic();
        let index = index.detach();
        let to_source = move |grad: &Tensor| grad.gather(dim as isize, &index);
        y.record("scatter_add", [edge(self, |grad| grad.clone()), edge(source, to_source)])
    }

    fn scatter_rule(&self, op: &'static str, dim: usize, index: &Tensor, source: &Tensor) -> Result<()> {
        needs_index(op, index)?;
        fits_beside(op, self, dim, index)?;
        self.same_dtype(op, source)?;
        if index.shape() == source.shape() {
            return Ok(());
        }
        let message =
            format!("index {:?} and source {:?} must have one shape", index.shape(), source.shape());
        Err(Error::shape(op, message))
    }
}

pub(super) fn needs_index(op: &'static str, index: &Tensor) -> Result<()> {
    match index.dtype() {
        DType::I64 => Ok(()),
        other => Err(Error::dtype(op, format!("the index must be i64, but it is {other}; use `to_dtype`"))),
    }
}

fn fits_beside(op: &'static str, x: &Tensor, dim: usize, index: &Tensor) -> Result<()> {
    let fits = |d| d == dim || index.shape()[d] <= x.shape()[d];
    if index.rank() == x.rank() && (0..x.rank()).all(fits) {
        return Ok(());
    }
    let message = format!(
        "an index of shape {:?} does not lie within {:?}: it needs as many dimensions, none larger but dimension {dim}",
        index.shape(),
        x.shape()
    );
    Err(Error::shape(op, message))
}
