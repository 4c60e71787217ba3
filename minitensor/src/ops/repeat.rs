//! The same elements in another order, or more than once.

use crate::error::OrPanic;
use crate::shape::{IntoDims, IntoSizes};
use crate::tensor::Tensor;

impl Tensor {
    /// The elements in reverse order along some dimensions.
    #[track_caller]
    pub fn flip(&self, dims: impl IntoDims) -> Tensor {
        dims.into_dims("flip", self.shape()).or_panic().iter().fold(self.clone(), |x, &d| {
            let n = self.shape()[d];
            x.index_select(d as isize, &Tensor::index_on(self.device(), (0..n as i64).rev().collect()))
        })
    }

    /// The elements moved on by `shift` along `dim`; those that fall off the end come in at the start.
    #[track_caller]
    pub fn roll(&self, shift: isize, dim: isize) -> Tensor {
        let n = self.size(dim);
        if n == 0 {
            return self.clone();
        }
        let shift = shift.rem_euclid(n as isize) as usize;
        Tensor::cat(&[&self.narrow(dim, n - shift, shift), &self.narrow(dim, 0, n - shift)], dim)
    }

    /// The whole tensor repeated along each dimension; more numbers than dimensions add dimensions in front.
    ///
    /// ```
    /// # use minitensor::Tensor;
    /// let x = Tensor::from([1i64, 2]);
    /// assert_eq!(x.repeat([2]).to_vec::<i64>(), [1, 2, 1, 2]);
    /// assert_eq!(x.repeat([2, 1]).to_vec::<i64>(), [1, 2, 1, 2]); // of shape [2, 2]
    /// ```
    ///
    /// # Panics
    /// If there are fewer numbers than dimensions; see [`Tensor::tile`].
    #[track_caller]
    pub fn repeat(&self, times: impl IntoSizes) -> Tensor {
        let times = times.into_sizes();
        let Some(new) = times.len().checked_sub(self.rank()).filter(|_| times.iter().all(|&n| n >= 0)) else {
            panic!("repeat: {times:?} must say how often for each dimension of shape {:?}", self.shape());
        };
        let own = |d: usize| if d < new { 1 } else { self.shape()[d - new] };
        // (n₀, s₀, n₁, s₁, …), where nᵢ is only read again and again
        let pairs = |first: &dyn Fn(usize) -> usize| {
            (0..times.len()).flat_map(|d| [first(d), own(d)]).collect::<Vec<usize>>()
        };
        let repeated = self.reshape(pairs(&|_| 1)).expand(pairs(&|d| times[d] as usize));
        repeated.reshape((0..times.len()).map(|d| times[d] as usize * own(d)).collect::<Vec<_>>())
    }

    /// [`Tensor::repeat`] where missing numbers in front are 1.
    #[track_caller]
    pub fn tile(&self, times: impl IntoSizes) -> Tensor {
        let mut times = times.into_sizes();
        let missing = self.rank().saturating_sub(times.len());
        (0..missing).for_each(|_| times.insert(0, 1));
        self.repeat(times.as_slice())
    }

    /// Each element repeated `times` times along `dim`, next to itself.
    #[track_caller]
    pub fn repeat_interleave(&self, times: usize, dim: isize) -> Tensor {
        let d = self.dim("repeat_interleave", dim);
        let mut shape = self.shape().to_vec();
        shape.insert(d + 1, times);
        self.unsqueeze(d as isize + 1).expand(shape).flatten(d as isize, d as isize + 1)
    }
}
