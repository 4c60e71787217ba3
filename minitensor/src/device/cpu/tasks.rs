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
                lookout::while_busy(|| (0..count).into_par_iter().with_max_len(1).for_each(task));
                lookout::add_one(threads - 1);
            }
        }
    }
    #[cfg(not(feature = "rayon"))]
    (0..count).for_each(task);
}

/// Threads that look for work a little longer.
///
/// A thread of the pool without work soon falls asleep, and waking it takes as long as a small kernel. Between the kernels
/// of a training step it should not: so parallel work leaves a task behind that does nothing but look for other tasks, until
/// it has found none for a while. What it finds may be anybody's.
#[cfg(feature = "rayon")]
mod lookout {
    use std::cell::Cell;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{Duration, Instant};

    use rayon::Yield;

    const PATIENCE: Duration = Duration::from_micros(200);

    /// How many look for work, or are about to, in all pools.
    static LOOKING: AtomicUsize = AtomicUsize::new(0);

    thread_local! {
        /// Whether this thread looks already, or waits for tasks of its own: it must not begin to look then.
        static BUSY: Cell<bool> = const { Cell::new(false) };
    }

    /// Calls `work`, during which this thread does not begin to look.
    pub(super) fn while_busy(work: impl FnOnce()) {
        let before = BUSY.replace(true);
        work();
        BUSY.set(before);
    }

    /// Has one more thread look, unless `enough` do.
    pub(super) fn add_one(enough: usize) {
        let one_more = |looking| (looking < enough).then_some(looking + 1);
        let free =
            !BUSY.get() && LOOKING.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).is_ok();
        if free {
            let here = rayon::current_thread_index();
            rayon::spawn(move || {
                // The thread that goes on with the program must not stop to look.
                if !BUSY.get() && rayon::current_thread_index() != here {
                    while_busy(look);
                }
                LOOKING.fetch_sub(1, Ordering::Relaxed);
            });
        }
    }

    fn look() {
        let mut last_work = Instant::now();
        while last_work.elapsed() < PATIENCE {
            match rayon::yield_now() {
                Some(Yield::Executed) => last_work = Instant::now(),
                _ => std::thread::yield_now(), // who else waits for this core goes first
            }
        }
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
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn a_pool_that_is_dropped_ends_though_another_works_on() {
        let (done, ended) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
        let count = |times: usize| {
            for _ in 0..times {
                for_each_task(7, true, |_| {
                    done.fetch_add(1, Ordering::Relaxed);
                    std::thread::sleep(Duration::from_micros(100)); // so that others take some
                });
            }
        };
        let at_exit = ended.clone();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3);
        let pool = pool.exit_handler(move |_| _ = at_exit.fetch_add(1, Ordering::SeqCst)).build().unwrap();
        pool.install(|| count(50));
        drop(pool);
        let patience = Instant::now() + Duration::from_secs(20);
        while ended.load(Ordering::SeqCst) < 3 {
            assert!(Instant::now() < patience, "some of its threads still look for work");
            count(1);
        }
        assert!(done.load(Ordering::Relaxed) >= 50 * 7);
    }
}
