//! How long a vector is: the Lᵖ norms.

use crate::autograd::edge;
use crate::error::OrPanic;
use crate::shape::IntoDims;
use crate::tensor::Tensor;

impl Tensor {
    /// The Lᵖ norm of all elements, (Σ|x|ᵖ)^(1/p), of shape `[]`; see [`Tensor::norm_dim`].
    #[track_caller]
    pub fn norm(&self, p: f64) -> Tensor {
        self.flatten(0, -1).norm_dim(p, 0, false)
    }

    /// The Lᵖ norm along some dimensions: (Σ|x|ᵖ)^(1/p).
    ///
    /// 2 is the Euclidean length, 1 the sum of |x|, infinity the largest |x|, and 0 counts what is not 0. Where the
    /// norm is 0 it has no slope, and the gradient is 0 as in PyTorch.
    #[track_caller]
    pub fn norm_dim(&self, p: f64, dims: impl IntoDims, keepdim: bool) -> Tensor {
        self.needs_float("norm").or_panic();
        let dims = dims.into_dims("norm", self.shape()).or_panic();
        let named: Vec<isize> = dims.iter().map(|&d| d as isize).collect();
        let named = named.as_slice();
        match p {
            0.0 => return self.sign().abs().sum_dim(named, keepdim),
            1.0 => return self.abs().sum_dim(named, keepdim),
            f64::INFINITY => return self.abs().amax(named, keepdim),
            f64::NEG_INFINITY => return self.abs().amin(named, keepdim),
            _ => {}
        }
        let x = self.detach();
        let y = match p {
            2.0 => x.square().sum_dim(named, true).sqrt(),
            p => x.abs().powf(p).sum_dim(named, true).powf(1.0 / p),
        };
        let (shape, kept, saved) = (self.shape().reduced(&dims, keepdim), y.shape().clone(), y.detach());
        // sign(x) |x|ᵖ⁻¹ / normᵖ⁻¹
        let to_x = move |grad: &Tensor| {
            let slope = match p {
                2.0 => x.div(&saved),
                p => x.sign().mul(&x.abs().div(&saved).powf(p - 1.0)).masked_fill(&x.eq_scalar(0.0), 0.0),
            };
            slope.masked_fill(&saved.eq_scalar(0.0), 0.0).mul(&grad.reshape(&kept))
        };
        y.reshape(&shape).record("norm", [edge(self, to_x)])
    }
}
