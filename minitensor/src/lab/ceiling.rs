//! What a machine can do at most: products in its registers, and copies through its memory.
//!
//! Time these to know what a measured rate is part of. They run on the threads that the engine computes with, of which there
//! should be as many as are asked for (see [`set_threads`](super::set_threads)).
//!
//! ```
//! use std::time::Instant;
//! use minitensor::lab::ceiling;
//!
//! let start = Instant::now();
//! ceiling::multiply_add(1 << 20, 1);
//! let flops = 2.0 * f64::from(1 << 20) / start.elapsed().as_secs_f64();
//! assert!(flops > 0.0);
//!
//! let mut copy = ceiling::copy(1 << 20, 1);
//! copy();
//! ```

use std::hint::black_box;

use pulp::{Arch, Simd, WithSimd};
#[cfg(feature = "rayon")]
use rayon::prelude::*;

/// Multiplies and adds so many pairs of `f32`, shared out among threads, without ever touching memory.
pub fn multiply_add(pairs: usize, threads: usize) {
    on_each(threads, || {
        black_box(Arch::new().dispatch(Products(pairs / threads)));
    });
}

/// Sums that do not wait for each other: enough for every unit to have one at each moment of its four cycles.
const SUMS: usize = 12;

// ANCHOR: ceiling
struct Products(usize);

impl WithSimd for Products {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        let lanes = size_of::<S::f32s>() / size_of::<f32>();
        let (factor, term) = (simd.splat_f32s(black_box(0.5)), simd.splat_f32s(black_box(1.0)));
        let mut sums = [term; SUMS];
        for _ in 0..self.0.div_ceil(SUMS * lanes) {
            for sum in &mut sums {
                *sum = simd.mul_add_e_f32s(*sum, factor, term);
            }
        }
        sums.into_iter().map(|sum| simd.reduce_sum_f32s(sum)).sum()
    }
}
// ANCHOR_END: ceiling

/// A copy of so many bytes, shared out among threads, from one place to another. The first call may ask the system for
/// memory; no cache holds much of what is larger than all of them.
pub fn copy(bytes: usize, threads: usize) -> impl FnMut() {
    let (from, mut to) = (vec![1u8; bytes], vec![0u8; bytes]);
    let part = bytes.div_ceil(threads).max(1);
    move || {
        #[cfg(feature = "rayon")]
        let parts = to.par_chunks_mut(part).zip(from.par_chunks(part));
        #[cfg(not(feature = "rayon"))]
        let parts = to.chunks_mut(part).zip(from.chunks(part));
        parts.for_each(|(to, from)| to.copy_from_slice(from));
        black_box(&to);
    }
}

fn on_each(threads: usize, task: impl Fn() + Sync + Send) {
    #[cfg(feature = "rayon")]
    (0..threads).into_par_iter().with_max_len(1).for_each(|_| task());
    #[cfg(not(feature = "rayon"))]
    (0..threads).for_each(|_| task());
}
