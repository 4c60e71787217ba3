//! Learning rates that change over time, as functions of the time: a run that goes on needs only to know where it is.

/// A learning rate for each step (or epoch: whatever the caller counts).
pub trait Schedule {
    /// The rate at time `t`, counted from 0.
    fn lr(&self, t: usize) -> f64;
}

/// Multiplies the rate by `gamma` every `every` steps: PyTorch's `StepLR`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StepDecay {
    /// The rate at the start.
    pub lr: f64,
    /// How many steps a rate lasts; at least 1.
    pub every: usize,
    /// The factor from one rate to the next.
    pub gamma: f64,
}

impl Schedule for StepDecay {
    fn lr(&self, t: usize) -> f64 {
        self.lr * self.gamma.powf((t / self.every.max(1)) as f64)
    }
}

/// Half a cosine wave from `lr` down to `min` over `steps` steps, after a straight rise over the first `warmup` of them
/// (Loshchilov and Hutter, 2017, "SGDR", equation 5).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CosineAnnealing {
    /// The highest rate.
    pub lr: f64,
    /// The rate at the end.
    pub min: f64,
    /// How many steps the rise takes; 0 starts at the top.
    pub warmup: usize,
    /// How many steps there are in all.
    pub steps: usize,
}

impl Schedule for CosineAnnealing {
    fn lr(&self, t: usize) -> f64 {
        if t < self.warmup {
            return self.lr * (t + 1) as f64 / self.warmup as f64;
        }
        let span = self.steps.saturating_sub(self.warmup).max(1);
        let progress = ((t - self.warmup) as f64 / span as f64).min(1.0);
        self.min + (self.lr - self.min) * (1.0 + (std::f64::consts::PI * progress).cos()) / 2.0
    }
}
