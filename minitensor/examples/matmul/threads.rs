//! Rung 6: bands of rows, one for each thread.

use rayon::prelude::*;

use crate::packing;
use crate::registers::ROWS;
use crate::size::Size;

// ANCHOR: threads
/// Each thread computes rows of c of its own, from the same rows of a and all of b.
pub(crate) fn multiply(size: Size, a: &[f32], b: &[f32], c: &mut [f32]) {
    let Size { m, k, n } = size;
    let band = m.div_ceil(rayon::current_num_threads()).next_multiple_of(ROWS);
    if c.is_empty() {
        return;
    }
    c.par_chunks_mut(band * n).enumerate().for_each(|(i, c)| {
        let rows = c.len() / n;
        packing::multiply(Size { m: rows, ..size }, &a[i * band * k..][..rows * k], b, c);
    });
}
// ANCHOR_END: threads
