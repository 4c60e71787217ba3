//! Rung 3: a part of the right matrix at a time, small enough to stay in a cache.

use crate::size::Size;

// ANCHOR: tiles
/// So many rows and columns of b are 128 kB: they fit the second cache of any processor of the last ten years.
const ROWS: usize = 32;
const COLUMNS: usize = 1024;

pub(crate) fn multiply(size: Size, a: &[f32], b: &[f32], c: &mut [f32]) {
    multiply_by::<ROWS, COLUMNS>(size, a, b, c);
}

/// Takes tile after tile of b, and lets all rows of a pass by it before the next.
pub(crate) fn multiply_by<const P: usize, const J: usize>(
    Size { m, k, n }: Size,
    a: &[f32],
    b: &[f32],
    c: &mut [f32],
) {
    c.fill(0.0);
    for left in (0..n).step_by(J) {
        let right = n.min(left + J);
        for top in (0..k).step_by(P) {
            for i in 0..m {
                let sums = &mut c[i * n..][left..right];
                for p in top..k.min(top + P) {
                    let factor = a[i * k + p];
                    for (sum, b) in sums.iter_mut().zip(&b[p * n..][left..right]) {
                        *sum += factor * b;
                    }
                }
            }
        }
    }
}
// ANCHOR_END: tiles
