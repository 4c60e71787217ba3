//! From scores to probabilities.

use crate::autograd::edge;
use crate::device::SoftmaxKernels;
use crate::error::OrPanic;
use crate::tensor::Tensor;

impl Tensor {
    // ANCHOR: softmax
    /// Probabilities from scores: e^x / Σ e^x along `dim`.
    ///
    /// # Panics
    /// If the dtype is not a floating-point one, or there is no such dimension.
    #[track_caller]
    pub fn softmax(&self, dim: isize) -> Tensor {
        self.softmax_along("softmax", dim, false)
    }

    /// The logarithm of [`Tensor::softmax`], which stays exact where the probability itself would round to 0.
    #[track_caller]
    pub fn log_softmax(&self, dim: isize) -> Tensor {
        self.softmax_along("log_softmax", dim, true)
    }

    #[track_caller]
    fn softmax_along(&self, name: &'static str, dim: isize, log: bool) -> Tensor {
        self.needs_float(name).or_panic();
        if self.rank() == 0 {
            return self.unsqueeze(0).softmax_along(name, dim, log).squeeze(0);
        }
        let dim = self.dim(name, dim) as isize;
        if dim != self.rank() as isize - 1 {
            return self.transpose(dim, -1).softmax_along(name, -1, log).transpose(dim, -1);
        }
        let (width, shape) = (self.size(-1), self.shape().clone());
        let y = Tensor::contiguous_of(self.packed().softmax(width, log), &shape);
        let saved = y.storage();
        // softmax: y (grad − Σ grad y); its logarithm: grad − e^y Σ grad
        let to_x = move |grad: &Tensor| {
            Tensor::contiguous_of(grad.packed().softmax_grad(width, log, &saved), &shape)
        };
        y.record(name, [edge(self, to_x)])
    }
    // ANCHOR_END: softmax

    // ANCHOR: softmax_plain
    /// [`Tensor::softmax`] out of smaller ops. The largest score is taken out first, so that e^x cannot overflow.
    #[track_caller]
    pub fn softmax_plain(&self, dim: isize) -> Tensor {
        let e = self.sub(&self.detach().amax(dim, true)).exp();
        e.div(&e.sum_dim(dim, true))
    }

    /// [`Tensor::log_softmax`] out of smaller ops: x − ln Σ e^x.
    #[track_caller]
    pub fn log_softmax_plain(&self, dim: isize) -> Tensor {
        self.sub(&self.logsumexp(dim, true))
    }
    // ANCHOR_END: softmax_plain
}
