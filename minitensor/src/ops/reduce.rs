//! Many numbers made one: sums, means, extremes.

use crate::autograd::edge;
use crate::device::{ArgOp, Kernels, ReduceOp};
use crate::dtype::DType;
use crate::error::{Error, OrPanic};
use crate::shape::{Dims, IntoDims, Layout, Shape};
use crate::tensor::Tensor;

impl Tensor {
    /// The sum of all elements, of shape `[]`. Bytes are summed as `I64`.
    #[track_caller]
    pub fn sum(&self) -> Tensor {
        self.sum_over(&(0..self.rank()).collect(), false)
    }

    // ANCHOR: sum
    /// The sum along some dimensions, which become 1 (`keepdim`) or are left out.
    #[track_caller]
    pub fn sum_dim(&self, dims: impl IntoDims, keepdim: bool) -> Tensor {
        self.sum_over(&dims.into_dims("sum", self.shape()).or_panic(), keepdim)
    }

    fn sum_over(&self, dims: &Dims, keepdim: bool) -> Tensor {
        if self.dtype() == DType::U8 {
            return self.to_dtype(DType::I64).sum_over(dims, keepdim);
        }
        let y = self.reduce(ReduceOp::Sum, dims, keepdim);
        let (shape, kept) = (self.shape().clone(), self.shape().reduced(dims, true));
        // each element counted once, so each gets the whole gradient of its sum
        y.record("sum", [edge(self, move |grad| grad.reshape(&kept).expand(&shape))])
    }
    // ANCHOR_END: sum

    /// The mean of all elements, of shape `[]`.
    #[track_caller]
    pub fn mean(&self) -> Tensor {
        self.needs_float("mean").or_panic();
        self.sum().mul_scalar(1.0 / self.numel() as f64)
    }

    /// The mean along some dimensions, which become 1 (`keepdim`) or are left out.
    #[track_caller]
    pub fn mean_dim(&self, dims: impl IntoDims, keepdim: bool) -> Tensor {
        self.needs_float("mean").or_panic();
        let dims = dims.into_dims("mean", self.shape()).or_panic();
        self.sum_over(&dims, keepdim).mul_scalar(1.0 / self.count(&dims))
    }

    /// The variance along some dimensions: Σ(x − mean)² / (n − correction).
    ///
    /// A correction of 1 (Bessel's) is unbiased and PyTorch's default; 0 is what batch norm divides by.
    #[track_caller]
    pub fn var_dim(&self, dims: impl IntoDims, correction: usize, keepdim: bool) -> Tensor {
        self.needs_float("var").or_panic();
        let dims = dims.into_dims("var", self.shape()).or_panic();
        let n = self.count(&dims);
        let mean = self.sum_over(&dims, true).mul_scalar(1.0 / n);
        self.sub(&mean).square().sum_over(&dims, keepdim).mul_scalar(1.0 / (n - correction as f64).max(0.0))
    }

    /// The variance of all elements, of shape `[]`; see [`Tensor::var_dim`].
    #[track_caller]
    pub fn var(&self, correction: usize) -> Tensor {
        let dims: Vec<isize> = (0..self.rank() as isize).collect();
        self.var_dim(dims.as_slice(), correction, false)
    }

    /// The standard deviation along some dimensions: the root of [`Tensor::var_dim`].
    #[track_caller]
    pub fn std_dim(&self, dims: impl IntoDims, correction: usize, keepdim: bool) -> Tensor {
        root_of_variance(&self.var_dim(dims, correction, keepdim))
    }

    /// The standard deviation of all elements, of shape `[]`.
    #[track_caller]
    pub fn std(&self, correction: usize) -> Tensor {
        root_of_variance(&self.var(correction))
    }

    /// The variance along some dimensions as [`Tensor::var_dim`] gives it, and the mean.
    #[track_caller]
    pub fn var_mean(
        &self,
        dims: impl IntoDims + Clone,
        correction: usize,
        keepdim: bool,
    ) -> (Tensor, Tensor) {
        (self.var_dim(dims.clone(), correction, keepdim), self.mean_dim(dims, keepdim))
    }

    /// The largest of all elements, of shape `[]`; equals share the gradient evenly.
    #[track_caller]
    pub fn max(&self) -> Tensor {
        self.extreme("max", ReduceOp::Max, &(0..self.rank()).collect(), false)
    }

    /// The smallest of all elements, of shape `[]`; equals share the gradient evenly.
    #[track_caller]
    pub fn min(&self) -> Tensor {
        self.extreme("min", ReduceOp::Min, &(0..self.rank()).collect(), false)
    }

    /// The largest elements along some dimensions; equals share the gradient evenly (PyTorch's `amax`).
    #[track_caller]
    pub fn amax(&self, dims: impl IntoDims, keepdim: bool) -> Tensor {
        self.extreme("amax", ReduceOp::Max, &dims.into_dims("amax", self.shape()).or_panic(), keepdim)
    }

    /// The smallest elements along some dimensions; equals share the gradient evenly (PyTorch's `amin`).
    #[track_caller]
    pub fn amin(&self, dims: impl IntoDims, keepdim: bool) -> Tensor {
        self.extreme("amin", ReduceOp::Min, &dims.into_dims("amin", self.shape()).or_panic(), keepdim)
    }

    /// The largest element along one dimension and its position (`I64`): the first of equals, which gets the gradient.
    #[track_caller]
    pub fn max_dim(&self, dim: isize, keepdim: bool) -> (Tensor, Tensor) {
        self.pick(self.argmax(dim, true), dim, keepdim)
    }

    /// The smallest element along one dimension and its position (`I64`): the first of equals, which gets the gradient.
    #[track_caller]
    pub fn min_dim(&self, dim: isize, keepdim: bool) -> (Tensor, Tensor) {
        self.pick(self.argmin(dim, true), dim, keepdim)
    }

    /// The position (`I64`) of the largest element along one dimension: the first of equals, a NaN before all.
    #[track_caller]
    pub fn argmax(&self, dim: isize, keepdim: bool) -> Tensor {
        self.arg_reduce("argmax", ArgOp::Max, dim, keepdim)
    }

    /// The position (`I64`) of the smallest element along one dimension: the first of equals, a NaN before all.
    #[track_caller]
    pub fn argmin(&self, dim: isize, keepdim: bool) -> Tensor {
        self.arg_reduce("argmin", ArgOp::Min, dim, keepdim)
    }

    /// ln Σ e^x along some dimensions, computed without overflow by taking out the largest first.
    #[track_caller]
    pub fn logsumexp(&self, dims: impl IntoDims, keepdim: bool) -> Tensor {
        self.needs_float("logsumexp").or_panic();
        let dims = dims.into_dims("logsumexp", self.shape()).or_panic();
        let largest = self.detach().reduce(ReduceOp::Max, &dims, true);
        // an infinite maximum would give inf − inf
        let largest = largest.abs().eq_scalar(f64::INFINITY).where_(&largest.zeros_like(), &largest);
        let sum = self.sub(&largest).exp().sum_over(&dims, true).ln().add(&largest);
        sum.reshape(self.shape().reduced(&dims, keepdim))
    }

    // ANCHOR: sum_to
    /// Sums a gradient back to the shape it was broadcast from.
    pub(crate) fn sum_to(&self, shape: &Shape) -> Tensor {
        if self.shape() == shape {
            return self.clone();
        }
        let extra = self.rank() - shape.len();
        let dims: Dims = (0..self.rank())
            .filter(|&d| d < extra || (shape[d - extra] == 1 && self.shape()[d] != 1))
            .collect();
        self.sum_over(&dims, false).reshape(shape)
    }
    // ANCHOR_END: sum_to

    /// The result of a reduction, not yet in the graph.
    fn reduce(&self, op: ReduceOp, dims: &Dims, keepdim: bool) -> Tensor {
        let storage = self.storage().reduce(op, self.layout(), dims);
        Tensor::new(storage, Layout::contiguous(self.shape().reduced(dims, keepdim)))
    }

    #[track_caller]
    fn extreme(&self, name: &'static str, op: ReduceOp, dims: &Dims, keepdim: bool) -> Tensor {
        self.needs_elements(name, dims);
        let y = self.reduce(op, dims, keepdim);
        let (x, saved, kept) = (self.detach(), y.detach(), self.shape().reduced(dims, true));
        let dims = dims.clone();
        let to_winners = move |grad: &Tensor| {
            let won = x.eq(&saved.reshape(&kept)).to_dtype(grad.dtype());
            won.mul(&grad.reshape(&kept)).div(&won.sum_over(&dims, true))
        };
        y.record(name, [edge(self, to_winners)])
    }

    #[track_caller]
    fn arg_reduce(&self, name: &'static str, op: ArgOp, dim: isize, keepdim: bool) -> Tensor {
        let dims = dim.into_dims(name, self.shape()).or_panic();
        self.needs_elements(name, &dims);
        let storage = self.storage().arg_reduce(op, self.layout(), dims[0]);
        Tensor::new(storage, Layout::contiguous(self.shape().reduced(&dims, keepdim)))
    }

    #[track_caller]
    pub(crate) fn pick(&self, index: Tensor, dim: isize, keepdim: bool) -> (Tensor, Tensor) {
        let values = self.gather(dim, &index);
        match keepdim {
            true => (values, index),
            false => (values.squeeze(dim), index.squeeze(dim)),
        }
    }

    /// How many elements each result is made of.
    fn count(&self, dims: &Dims) -> f64 {
        dims.iter().map(|&d| self.shape()[d]).product::<usize>() as f64
    }

    /// The largest of no numbers does not exist.
    #[track_caller]
    fn needs_elements(&self, name: &'static str, dims: &Dims) {
        if let Some(d) = dims.iter().find(|&&d| self.shape()[d] == 0) {
            let message = format!(
                "dimension {d} of shape {:?} is empty: there is nothing to choose from",
                self.shape()
            );
            Err(Error::shape(name, message)).or_panic()
        }
    }
}

/// √variance; where all numbers are equal it has no slope, and the gradient is 0 as in PyTorch.
#[track_caller]
fn root_of_variance(variance: &Tensor) -> Tensor {
    let y = variance.detach().sqrt();
    let saved = y.detach();
    let slope = move |grad: &Tensor| grad.div(&saved.mul_scalar(2.0)).masked_fill(&saved.eq_scalar(0.0), 0.0);
    y.record("std", [edge(variance, slope)])
}
