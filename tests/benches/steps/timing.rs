//! A step, timed many times.

use std::time::{Duration, Instant};

/// How often a step is timed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// Steps ahead of the first that counts: caches fill, and memory is asked for.
    pub(crate) warmup: usize,
    /// Steps that count, if they are short.
    pub(crate) reps: usize,
    /// After so long, `enough` of them are enough.
    pub(crate) budget: Duration,
    pub(crate) enough: usize,
}

impl Plan {
    /// Times a step.
    pub(crate) fn time(&self, mut step: impl FnMut()) -> Times {
        (0..self.warmup).for_each(|_| step());
        let start = Instant::now();
        let mut times = Vec::new();
        while times.len() < self.reps && (times.len() < self.enough || start.elapsed() <= self.budget) {
            let before = Instant::now();
            step();
            times.push(before.elapsed().as_secs_f64() * 1e3);
        }
        times.sort_by(f64::total_cmp);
        Times(times)
    }
}

/// How long each of several steps took, in milliseconds, the shortest first.
pub(crate) struct Times(Vec<f64>);

impl Times {
    /// How many steps were timed.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The time that this part of the steps stayed under, between the two nearest: 0 is the shortest, 0.5 the median.
    pub(crate) fn quantile(&self, part: f64) -> f64 {
        let at = part * (self.0.len() - 1) as f64;
        let (below, above) = (self.0[at.floor() as usize], self.0[at.ceil() as usize]);
        below + (above - below) * at.fract()
    }
}
