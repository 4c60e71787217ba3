//! Rates that fall along a cosine wave (Loshchilov and Hutter, 2017, "SGDR").

use super::decay::Warmup;
use super::{Schedule, half_wave};

/// Half a cosine wave from `lr` down to `eta_min` over `t_max` steps, and up again after them (equation 5).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CosineAnnealingLR {
    /// The rate at the start.
    pub lr: f64,
    /// How many steps the way down takes; at least 1.
    pub t_max: usize,
    /// The lowest rate.
    pub eta_min: f64,
}

impl Schedule for CosineAnnealingLR {
    fn lr(&self, t: usize) -> f64 {
        half_wave(self.lr, self.eta_min, t as f64 / self.t_max.max(1) as f64)
    }
}

/// The way down again and again, each time from the top: after `t_0` steps, then `t_0 · t_mult`, then `t_0 · t_mult²`, ….
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CosineAnnealingWarmRestarts {
    /// The rate at each start.
    pub lr: f64,
    /// How many steps the first way down takes; at least 1.
    pub t_0: usize,
    /// How many times longer each is than the one before; at least 1.
    pub t_mult: usize,
    /// The rate that each comes close to.
    pub eta_min: f64,
}

impl Schedule for CosineAnnealingWarmRestarts {
    fn lr(&self, t: usize) -> f64 {
        let (mut t, mut length) = (t, self.t_0.max(1));
        if self.t_mult <= 1 {
            t %= length;
        }
        while t >= length {
            t -= length;
            length = length.saturating_mul(self.t_mult);
        }
        half_wave(self.lr, self.eta_min, t as f64 / length as f64)
    }
}

/// A straight rise to `lr` over the first `warmup` of `steps` steps, half a cosine wave from there down to `min`, and `min`
/// after it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WarmupCosine {
    /// The highest rate.
    pub lr: f64,
    /// The rate at the end.
    pub min: f64,
    /// How many steps the rise takes; 0 starts at the top.
    pub warmup: usize,
    /// How many steps there are in all.
    pub steps: usize,
}

impl Schedule for WarmupCosine {
    fn lr(&self, t: usize) -> f64 {
        let WarmupCosine { lr, min, warmup, steps } = *self;
        let then = CosineAnnealingLR { lr, t_max: steps.saturating_sub(warmup), eta_min: min };
        let end = warmup + then.t_max.max(1);
        Warmup { steps: warmup, then }.lr(t.min(end))
    }
}
