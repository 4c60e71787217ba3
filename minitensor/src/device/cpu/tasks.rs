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
            _ => (0..count).into_par_iter().with_max_len(1).for_each(task),
        }
    }
    #[cfg(not(feature = "rayon"))]
    (0..count).for_each(task);
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
