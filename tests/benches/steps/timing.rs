//! A step, timed many times.

use std::time::{Duration, Instant};

/// Steps ahead of the first that counts: caches fill, and memory is asked for.
const WARMUP: usize = 5;
/// After so long, this many steps are enough.
const BUDGET: Duration = Duration::from_secs(12);
const ENOUGH: usize = 5;

/// How long each of several steps took, in milliseconds, the shortest first.
pub(crate) struct Times(Vec<f64>);

/// Times `reps` steps, or fewer where they are long.
pub(crate) fn of(mut step: impl FnMut(), reps: usize) -> Times {
    (0..WARMUP).for_each(|_| step());
    let start = Instant::now();
    let mut times = Vec::new();
    while times.len() < reps && (times.len() < ENOUGH || start.elapsed() <= BUDGET) {
        let before = Instant::now();
        step();
        times.push(before.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    Times(times)
}

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
