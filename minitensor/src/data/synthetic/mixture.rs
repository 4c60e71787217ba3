//! A density on the line whose every property is known.

use std::f64::consts::TAU;

use rand::RngExt;

use super::{Kind, normal, source};
use crate::Tensor;

/// A sum of normal densities: p(x) = Σ wᵢ N(x; μᵢ, σᵢ²).
#[derive(Debug, Clone, PartialEq)]
pub struct Mixture {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Part {
    weight: f64,
    mean: f64,
    deviation: f64,
}

impl Mixture {
    /// From (weight, mean, deviation) of each part; the weights are scaled to sum to 1.
    ///
    /// # Panics
    /// If there is no part, a deviation is not above 0, or the weights are negative or all 0.
    #[track_caller]
    pub fn new(parts: &[(f64, f64, f64)]) -> Mixture {
        let total: f64 = parts.iter().map(|part| part.0).sum();
        assert!(
            total > 0.0 && parts.iter().all(|&(weight, _, deviation)| weight >= 0.0 && deviation > 0.0),
            "Mixture: weights must be 0 or more and not all 0, deviations above 0, in {parts:?}"
        );
        let part = |&(weight, mean, deviation)| Part { weight: weight / total, mean, deviation };
        Mixture { parts: parts.iter().map(part).collect() }
    }

    /// `count` numbers drawn from it, (count).
    pub fn sample(&self, count: usize, seed: u64) -> Tensor {
        let mut rng = source(Kind::Mixture, seed, 0);
        let draw = |_| {
            let mut left = rng.random::<f64>();
            let chosen = self.parts.iter().find(|part| {
                left -= part.weight;
                left < 0.0
            });
            let part = chosen.unwrap_or(&self.parts[self.parts.len() - 1]); // rounding may leave a rest
            (part.mean + part.deviation * f64::from(normal(&mut rng))) as f32
        };
        Tensor::from_vec((0..count).map(draw).collect(), [count])
    }

    /// p(x).
    pub fn density(&self, x: f64) -> f64 {
        self.parts.iter().map(|part| part.density(x)).sum()
    }

    /// log p(x), exact also where p(x) is too small for a number.
    pub fn log_density(&self, x: f64) -> f64 {
        let logs: Vec<f64> = self.parts.iter().map(|part| part.log_density(x)).collect();
        let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        largest + logs.iter().map(|log| (log - largest).exp()).sum::<f64>().ln()
    }

    /// The score d log p(x) / dx = Σ rᵢ (μᵢ - x) / σᵢ², where rᵢ is the share of part i in p(x).
    pub fn score(&self, x: f64) -> f64 {
        let log = self.log_density(x);
        let term = |part: &Part| {
            (part.log_density(x) - log).exp() * (part.mean - x) / (part.deviation * part.deviation)
        };
        self.parts.iter().map(term).sum()
    }

    /// The density of √a x + √(1 - a) ε, with x from this one and ε normal: what a diffusion model (Ho et al. 2020, eq. 4)
    /// makes of it, `signal` being a.
    ///
    /// # Panics
    /// If `signal` is not in 0..=1.
    #[track_caller]
    pub fn noised(&self, signal: f64) -> Mixture {
        assert!((0.0..=1.0).contains(&signal), "Mixture::noised: the signal {signal} is not in 0..=1");
        let part = |part: &Part| Part {
            mean: signal.sqrt() * part.mean,
            deviation: (signal * part.deviation * part.deviation + 1.0 - signal).sqrt(),
            ..*part
        };
        Mixture { parts: self.parts.iter().map(part).collect() }
    }
}

impl Part {
    fn density(&self, x: f64) -> f64 {
        self.log_density(x).exp()
    }

    /// Its part of the sum, as a logarithm.
    fn log_density(&self, x: f64) -> f64 {
        let z = (x - self.mean) / self.deviation;
        self.weight.ln() - 0.5 * z * z - self.deviation.ln() - 0.5 * TAU.ln()
    }
}
