//! Writing past the caches.
//!
//! A store into a line that no cache holds first reads it from memory, only to overwrite it. Of a result so large that it
//! leaves the caches before it is read again, that is a third of all traffic; a store that goes past them saves it.

use crate::dtype::{DType, Element};

/// Results of this size or more will not be in a cache when they are read again.
const LARGE_BYTES: usize = 12 << 20;

/// Whether a result of so many elements is written past the caches.
pub(crate) fn is_large<U: Element>(numel: usize) -> bool {
    cfg!(target_arch = "x86_64") && matches!(U::DTYPE, DType::F32) && numel * size_of::<U>() >= LARGE_BYTES
}

/// Elements that go out at once: a line of the cache.
pub(crate) const LINE: usize = 16;

/// The part of a large result that begins at a line of the cache; what is before and after it is left to ordinary stores.
pub(crate) fn lines<U: Element>(out: &mut [U]) -> [&mut [U]; 3] {
    let skipped = out.as_ptr().align_offset(LINE * size_of::<U>()).min(out.len());
    let (before, rest) = out.split_at_mut(skipped);
    let (lines, after) = rest.split_at_mut(rest.len() / LINE * LINE);
    [before, lines, after]
}

/// Writes a line of [`lines`].
#[inline(always)]
pub(crate) fn write<U: Element>(line: &mut [U; LINE], values: [U; LINE]) {
    #[cfg(target_arch = "x86_64")]
    if const { matches!(U::DTYPE, DType::F32) } {
        use std::arch::x86_64::{_mm_loadu_ps, _mm_stream_ps};
        let (to, from) = (line.as_mut_ptr().cast::<f32>(), values.as_ptr().cast::<f32>());
        assert!(to.addr().is_multiple_of(16));
        for quarter in 0..LINE / 4 {
            // SAFETY: U is `f32`, both arrays have `LINE` of them, the target is aligned as asserted, and every processor of
            // this architecture has the instructions.
            unsafe { _mm_stream_ps(to.add(4 * quarter), _mm_loadu_ps(from.add(4 * quarter))) };
        }
        return;
    }
    *line = values;
}

/// To be called when the lines of a task are written, before another thread may read them.
pub(crate) fn finish() {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: every processor of this architecture has the instruction, which touches no memory of its own.
    unsafe {
        std::arch::x86_64::_mm_sfence();
    }
}
