//! How long something takes.

use std::time::{Duration, Instant};

/// For so long something is done again and again;
const ENOUGH: Duration = Duration::from_millis(60);
/// and so often at least, unless that takes longer than this.
const TIMES: usize = 3;
const LONG: Duration = Duration::from_millis(500);

/// Seconds of the fastest of several times: whatever else runs on the machine can only make it slower.
pub(crate) fn fastest(mut work: impl FnMut()) -> f64 {
    let (began, mut best, mut times) = (Instant::now(), f64::INFINITY, 0);
    while began.elapsed() < ENOUGH || (times < TIMES && began.elapsed() < LONG) {
        let start = Instant::now();
        work();
        best = start.elapsed().as_secs_f64().min(best);
        times += 1;
    }
    best
}

/// Billions a second.
pub(crate) fn giga(count: f64, seconds: f64) -> f64 {
    count / seconds / 1e9
}

/// A rate with as many digits as mean something.
pub(crate) fn shown(rate: f64) -> String {
    if rate < 9.95 { format!("{rate:.1}") } else { format!("{rate:.0}") }
}
