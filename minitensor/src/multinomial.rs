//! Categories drawn by their weights.

use rand::{Rng, RngExt};

use crate::dtype::DType;
use crate::error::{Error, OrPanic, Result};
use crate::tensor::Tensor;

impl Tensor {
    /// `num_samples` categories (`I64`) drawn from each row of weights, which need not add up to 1: each as often as its
    /// weight says, and without `replacement` none twice.
    ///
    /// ```
    /// # use minitensor::tensor;
    /// # use rand::{SeedableRng, rngs::ChaCha8Rng};
    /// # let mut rng = ChaCha8Rng::seed_from_u64(0);
    /// let drawn = tensor![0.0, 3.0, 0.0].multinomial(4, true, &mut rng);
    /// assert_eq!(drawn.to_vec::<i64>(), [1, 1, 1, 1]);
    /// ```
    ///
    /// # Shapes
    /// weights (K) or (N, K) → (num_samples) or (N, num_samples)
    ///
    /// # Panics
    /// If a weight is negative or not finite, if none of a row is above 0, or if fewer are than are to be drawn without
    /// replacement.
    #[track_caller]
    pub fn multinomial(&self, num_samples: usize, replacement: bool, rng: &mut impl Rng) -> Tensor {
        self.needs_float("multinomial").or_panic();
        let categories = match self.rank() {
            1 | 2 => self.size(-1),
            _ => {
                Err(wrong(format!("weights are (K) or (N, K), but have shape {:?}", self.shape()))).or_panic()
            }
        };
        let mut shape = self.shape().clone();
        shape[self.rank() - 1] = num_samples;
        let weights = self.to_dtype(DType::F64).to_vec::<f64>();
        // rows of no categories are rows all the same
        let rows = self.shape()[..self.rank() - 1].iter().product();
        let mut samples = Vec::with_capacity(shape.numel());
        for row in (0..rows).map(|row| &weights[row * categories..(row + 1) * categories]) {
            let sums = running_sums(row, if replacement { 1 } else { num_samples }).or_panic();
            match replacement {
                true => samples.extend((0..num_samples).map(|_| drawn(&sums, rng) as i64)),
                false => samples.extend(race(row, num_samples, rng)),
            }
        }
        Tensor::from_vec(samples, shape)
    }
}

/// The sum of each weight and all before it, of weights of which so many are above 0.
fn running_sums(weights: &[f64], least: usize) -> Result<Vec<f64>> {
    if let Some(weight) = weights.iter().find(|weight| !weight.is_finite() || **weight < 0.0) {
        return Err(wrong(format!("{weight} is no weight, which is a finite number from 0")));
    }
    let possible = weights.iter().filter(|weight| **weight > 0.0).count();
    if possible < least {
        return Err(wrong(format!("{least} cannot be drawn from {possible} categories of a weight above 0")));
    }
    let sums = weights.iter().scan(0.0, |sum, weight| {
        *sum += weight;
        Some(*sum)
    });
    Ok(sums.collect())
}

/// The first category whose running sum is above a number drawn below the last; so never one of weight 0.
pub(crate) fn drawn(sums: &[f64], rng: &mut impl Rng) -> usize {
    let x = rng.random::<f64>() * sums.last().copied().unwrap_or(0.0);
    sums.partition_point(|&sum| sum <= x)
}

/// Draws without replacement: each category takes a time from the exponential distribution of rate `weight`, and the first
/// to arrive win (Efraimidis and Spirakis, 2006).
fn race(weights: &[f64], winners: usize, rng: &mut impl Rng) -> Vec<i64> {
    let mut arrivals = Vec::with_capacity(weights.len());
    for (category, &weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        arrivals.push((-(1.0 - rng.random::<f64>()).ln() / weight, category as i64));
    }
    arrivals.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    arrivals.into_iter().take(winners).map(|(_, category)| category).collect()
}

fn wrong(message: String) -> Error {
    Error::argument("multinomial", message)
}
