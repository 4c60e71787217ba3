//! Work on all cores where the `rayon` feature is on, on one otherwise. How work is cut never depends on the number of
//! threads, so results do not either.

use std::marker::PhantomData;

/// Calls `task(0)` to `task(count - 1)`, on several threads if `parallel` says that they pay.
pub(crate) fn for_each_task(count: usize, parallel: bool, task: impl Fn(usize) + Sync + Send) {
    match parallel && count > 1 {
        true => on_all_threads(count, &task),
        false => (0..count).for_each(task),
    }
}

/// A `dyn`, so that what spreads the work is compiled once and not once a kernel.
fn on_all_threads(count: usize, task: &(dyn Fn(usize) + Sync)) {
    #[cfg(feature = "rayon")]
    {
        use rayon::prelude::*;
        // A pool of one thread would only hand the work over and wait.
        match rayon::current_num_threads() {
            1 => (0..count).for_each(task),
            threads => {
                (0..count).into_par_iter().with_max_len(1).for_each(task);
                lookout::keep(threads - 1);
            }
        }
    }
    #[cfg(not(feature = "rayon"))]
    (0..count).for_each(task);
}

/// Threads that look for work a little longer.
///
/// A thread of the pool without work soon falls asleep, and waking it takes as long as a small kernel. Between the kernels
/// of a training step it should not: so after parallel work, tasks that do nothing but look for other tasks stay for a while.
#[cfg(feature = "rayon")]
mod lookout {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
    use std::time::Instant;

    use rayon::Yield;

    /// For how long after the last parallel work, in microseconds.
    const STAY: u64 = 200;

    static LOOKING: AtomicUsize = AtomicUsize::new(0);
    static LAST_WORK: AtomicU64 = AtomicU64::new(0);

    /// Sees to it that `wanted` threads beside this one look for work.
    pub(super) fn keep(wanted: usize) {
        LAST_WORK.store(now(), Ordering::Relaxed);
        let more =
            LOOKING.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| (n < wanted).then_some(n + 1));
        if more.is_ok() {
            let here = rayon::current_thread_index();
            rayon::spawn(move || {
                // The thread that goes on with the program must not stop to look.
                if rayon::current_thread_index() != here {
                    look();
                }
                LOOKING.fetch_sub(1, Ordering::Relaxed);
            });
        }
    }

    fn look() {
        while now().saturating_sub(LAST_WORK.load(Ordering::Relaxed)) < STAY {
            if rayon::yield_now() != Some(Yield::Executed) {
                std::thread::yield_now(); // who else waits for this core goes first
            }
        }
    }

    /// How many look, or are about to.
    #[cfg(test)]
    pub(super) fn looking() -> usize {
        LOOKING.load(Ordering::Relaxed)
    }

    /// Microseconds since some moment.
    fn now() -> u64 {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed().as_micros() as u64
    }
}

/// A slice that several tasks write to, each its own part.
pub(crate) struct Disjoint<'a, T> {
    start: *mut T,
    len: usize,
    life: PhantomData<&'a mut [T]>,
}

// SAFETY: it only hands out parts of a `&mut [T]`, which may move between threads as T may, and `part` makes its caller
// promise that no two of them overlap.
unsafe impl<T: Send> Sync for Disjoint<'_, T> {}

impl<'a, T> Disjoint<'a, T> {
    /// Takes the slice until the tasks are done.
    pub(crate) fn new(slice: &'a mut [T]) -> Self {
        Self { start: slice.as_mut_ptr(), len: slice.len(), life: PhantomData }
    }

    /// The `len` elements from `start`.
    ///
    /// # Safety
    ///
    /// No two parts that are in use at the same time may overlap.
    #[inline(always)]
    #[allow(clippy::mut_from_ref, reason = "what `# Safety` asks for makes the references unique")]
    pub(crate) unsafe fn part(&self, start: usize, len: usize) -> &mut [T] {
        assert!(start <= self.len && len <= self.len - start, "part {start}+{len} of {}", self.len);
        // SAFETY: in bounds as asserted; unique as the caller promises.
        unsafe { std::slice::from_raw_parts_mut(self.start.add(start), len) }
    }
}

#[cfg(all(test, feature = "rayon"))]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn who_looks_for_work_stops_when_there_is_none() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        let done = AtomicUsize::new(0);
        for _ in 0..50 {
            pool.install(|| for_each_task(7, true, |_| _ = done.fetch_add(1, Ordering::Relaxed)));
        }
        assert_eq!(done.into_inner(), 50 * 7);
        let patience = Instant::now() + Duration::from_secs(60); // other tests work on, too
        while lookout::looking() > 0 {
            assert!(Instant::now() < patience, "{} still look for work", lookout::looking());
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}
