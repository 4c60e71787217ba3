//! How far one distribution is from another.

use crate::error::OrPanic;
use crate::tensor::Tensor;

use super::Reduction;

impl Tensor {
    /// The pointwise divergence t (ln t − x) of Kullback and Leibler (1951), where x are logarithms of a model's
    /// probabilities and t the true ones, or with `log_target` their logarithms too.
    ///
    /// The divergence of distributions is the *sum* over their outcomes: take [`Reduction::Sum`] and divide by the number of
    /// rows, which is PyTorch's `batchmean`; the mean divides by the outcomes as well.
    ///
    /// # Panics
    /// If the shapes differ.
    #[track_caller]
    pub fn kl_div(&self, target: &Tensor, log_target: bool, reduction: Reduction) -> Tensor {
        self.same_shape("kl_div", target).or_panic();
        if log_target {
            return target.exp().mul(&target.sub(self)).reduced(reduction);
        }
        // 0 ln 0 is 0: what never happens costs nothing
        let ln_target = target.masked_fill(&target.eq_scalar(0.0), 1.0).ln();
        target.mul(&ln_target).sub(&target.mul(self)).reduced(reduction)
    }

    /// The divergence of the normal distribution of this mean and `log_variance` from the standard one, for each element:
    /// (e^`log_variance` + mean² − 1 − `log_variance`) / 2. It is what a variational autoencoder pays for what its code says
    /// (Kingma and Welling, 2014, appendix B).
    ///
    /// # Panics
    /// If the shapes differ.
    #[track_caller]
    pub fn gaussian_kl(&self, log_variance: &Tensor, reduction: Reduction) -> Tensor {
        self.same_shape("gaussian_kl", log_variance).or_panic();
        let spread = log_variance.exp().sub(log_variance).add_scalar(-1.0);
        spread.add(&self.square()).mul_scalar(0.5).reduced(reduction)
    }
}
