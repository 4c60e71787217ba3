//! Work spread over threads.
//!
//! How work is split depends on its size alone, never on the number of threads, so that results do not either.

use super::tasks::{Disjoint, for_each_task};

/// Below this many elements a pass over memory costs less than waking a thread.
pub(crate) const MIN_CHUNK: usize = 1 << 14;

/// Pieces of about [`MIN_CHUNK`] elements, and an even number of equal ones, so that two threads end together.
pub(crate) fn even_chunk(len: usize) -> usize {
    match len.div_ceil(MIN_CHUNK) {
        0 | 1 => MIN_CHUNK,
        pieces => len.div_ceil(pieces.next_multiple_of(2)).next_multiple_of(16),
    }
}

/// Calls `f(first, chunk)` on pieces of `out` of `chunk` elements, on all threads; `first` is the piece's position.
pub(crate) fn for_chunks<T: Send>(out: &mut [T], chunk: usize, f: impl Fn(usize, &mut [T]) + Sync) {
    let (len, chunk) = (out.len(), chunk.max(1));
    let out = Disjoint::new(out);
    for_each_task(len.div_ceil(chunk), true, |i| {
        let first = i * chunk;
        // SAFETY: pieces start a whole chunk apart and none is longer than one.
        f(first, unsafe { out.part(first, chunk.min(len - first)) });
    });
}

/// Compiles `f` for the widest instruction set this processor has and runs it.
///
/// Loops inside `f` are then vectorised with AVX2 or AVX-512 though the crate is built without any CPU flag.
#[inline(always)]
pub(crate) fn vectorised<R>(f: impl FnOnce() -> R) -> R {
    struct Run<F>(F);
    impl<R, F: FnOnce() -> R> pulp::NullaryFnOnce for Run<F> {
        type Output = R;
        #[inline(always)]
        fn call(self) -> R {
            self.0()
        }
    }
    pulp::Arch::new().dispatch(Run(f))
}
