//! Rung 4: a block of sums that stays in the registers.

use std::array::from_fn;

use pulp::{Arch, Simd, WithSimd};

use crate::size::Size;

// ANCHOR: registers_size
/// A block of 6 rows and 2 vectors of columns: 12 sums, in processors with 16 registers or more.
pub(crate) const ROWS: usize = 6;
pub(crate) const VECTORS: usize = 2;

/// So many rows of b at a time, so that a strip of them as wide as a block stays in the first cache.
pub(crate) const DEPTH: usize = 256;
// ANCHOR_END: registers_size

// ANCHOR: registers_dispatch
pub(crate) fn multiply(size: Size, a: &[f32], b: &[f32], c: &mut [f32]) {
    c.fill(0.0);
    // looks at the processor, and calls `with_simd` as compiled for the widest vectors that it has
    Arch::new().dispatch(Product { size, a, b, c });
}

struct Product<'a> {
    size: Size,
    a: &'a [f32],
    b: &'a [f32],
    c: &'a mut [f32],
}
// ANCHOR_END: registers_dispatch

// ANCHOR: registers
impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Product { size: Size { m, k, n }, a, b, c } = self;
        let columns = VECTORS * lanes::<S>();
        let whole = n - n % columns;
        for top in (0..k).step_by(DEPTH) {
            let depth = DEPTH.min(k - top);
            for j in (0..whole).step_by(columns) {
                for i in (0..m).step_by(ROWS) {
                    // a block over the lower edge takes the last row again, and throws those sums away
                    let a: [&[f32]; ROWS] = from_fn(|r| &a[(i + r).min(m - 1) * k + top..][..depth]);
                    let mut sums = [[simd.splat_f32s(0.0); VECTORS]; ROWS];
                    for p in 0..depth {
                        let (b, _) = S::as_simd_f32s(&b[(top + p) * n + j..][..columns]);
                        for (sums, a) in sums.iter_mut().zip(a) {
                            let factor = simd.splat_f32s(a[p]);
                            for (sum, b) in sums.iter_mut().zip(b) {
                                *sum = simd.mul_add_e_f32s(factor, *b, *sum);
                            }
                        }
                    }
                    for (c, sums) in c[i * n..].chunks_exact_mut(n).zip(sums) {
                        add(simd, &mut c[j..], sums);
                    }
                }
            }
            // columns at the right that do not fill a block
            for i in 0..m {
                for p in top..top + depth {
                    for j in whole..n {
                        c[i * n + j] += a[i * k + p] * b[p * n + j];
                    }
                }
            }
        }
    }
}
// ANCHOR_END: registers

/// How many numbers a vector holds.
pub(crate) fn lanes<S: Simd>() -> usize {
    size_of::<S::f32s>() / size_of::<f32>()
}

// ANCHOR: registers_add
/// Adds a row of a block to where it belongs in c, or as much of it as there is room for.
#[inline(always)]
pub(crate) fn add<S: Simd>(simd: S, c: &mut [f32], sums: [S::f32s; VECTORS]) {
    match S::as_mut_simd_f32s(c).0.first_chunk_mut::<VECTORS>() {
        Some(c) => c.iter_mut().zip(sums).for_each(|(c, sum)| *c = simd.add_f32s(*c, sum)),
        None => {
            for (c, sum) in c.chunks_mut(lanes::<S>()).zip(sums) {
                let sum = simd.add_f32s(simd.partial_load_f32s(c), sum);
                simd.partial_store_f32s(c, sum);
            }
        }
    }
}
// ANCHOR_END: registers_add
