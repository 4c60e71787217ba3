//! Rung 5: both matrices copied into the order in which the blocks read them.

use std::array::from_fn;

use pulp::{Arch, Simd, WithSimd};

use crate::registers::{DEPTH, ROWS, VECTORS, add, lanes};
use crate::size::Size;

// ANCHOR: packing_block
/// A block of sums, from panels in which the numbers lie in the order in which they are read.
#[inline(always)]
pub(crate) fn block<S: Simd, const R: usize, const V: usize>(
    simd: S,
    a: &[[f32; R]],
    b: &[[S::f32s; V]],
) -> [[S::f32s; V]; R] {
    let mut sums = [[simd.splat_f32s(0.0); V]; R];
    for (a, b) in a.iter().zip(b) {
        for (sums, a) in sums.iter_mut().zip(a) {
            let factor = simd.splat_f32s(*a);
            for (sum, b) in sums.iter_mut().zip(b) {
                *sum = simd.mul_add_e_f32s(factor, *b, *sum);
            }
        }
    }
    sums
}
// ANCHOR_END: packing_block

// ANCHOR: packing
/// So many rows of a at a time, so that they stay in the second cache while strip after strip of b passes by.
pub(crate) const TILE: usize = 16 * ROWS;

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Product { size: Size { m, k, n }, a, b, c, .. } = self;
        let columns = VECTORS * lanes::<S>();
        let (mut strips, mut panels) = (Vec::new(), Vec::new());
        for top in (0..k).step_by(self.depth) {
            let depth = self.depth.min(k - top);
            // these rows of b, in strips as wide as a block
            strips.clear();
            for j in (0..n).step_by(columns) {
                let rows = b[top * n..].chunks_exact(n).take(depth);
                strips.extend(rows.map(|row| vectors::<S>(simd, &row[j..])));
            }
            for first in (0..m).step_by(self.tile) {
                let end = m.min(first + self.tile);
                // and these rows of a, in panels as high as a block; over the lower edge, the last row again
                panels.clear();
                for i in (first..end).step_by(ROWS) {
                    let rows: [&[f32]; ROWS] = from_fn(|r| &a[(i + r).min(m - 1) * k + top..][..depth]);
                    panels.extend((0..depth).map(|p| rows.map(|row| row[p])));
                }
                // every panel meets every strip
                for (b, j) in strips.chunks_exact(depth).zip((0..n).step_by(columns)) {
                    for (a, i) in panels.chunks_exact(depth).zip((first..end).step_by(ROWS)) {
                        let sums = block(simd, a, b);
                        for (c, sums) in c[i * n..].chunks_exact_mut(n).zip(sums) {
                            add(simd, &mut c[j..], sums);
                        }
                    }
                }
            }
        }
    }
}

/// The first numbers of a row as vectors, with zeros where it ends.
#[inline(always)]
fn vectors<S: Simd>(simd: S, row: &[f32]) -> [S::f32s; VECTORS] {
    match S::as_simd_f32s(row).0.first_chunk() {
        Some(vectors) => *vectors,
        None => {
            let mut parts = row.chunks(lanes::<S>());
            from_fn(|_| simd.partial_load_f32s(parts.next().unwrap_or_default()))
        }
    }
}
// ANCHOR_END: packing

pub(crate) fn multiply(size: Size, a: &[f32], b: &[f32], c: &mut [f32]) {
    multiply_by([DEPTH, TILE], size, a, b, c);
}

/// With other tiles: so many rows of b at a time, and so many of a.
pub(crate) fn multiply_by([depth, tile]: [usize; 2], size: Size, a: &[f32], b: &[f32], c: &mut [f32]) {
    c.fill(0.0);
    Arch::new().dispatch(Product { size, a, b, c, depth, tile });
}

struct Product<'a> {
    size: Size,
    a: &'a [f32],
    b: &'a [f32],
    c: &'a mut [f32],
    depth: usize,
    tile: usize,
}
