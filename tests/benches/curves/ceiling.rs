//! What the machine can do at most: products in its registers, and copies through its memory.

use std::hint::black_box;
use std::thread;

use pulp::{Arch, Simd, WithSimd};

use super::workloads::Run;

/// Multiplies and adds so many pairs of `f32`, shared out among threads, without ever touching memory.
pub(crate) fn multiply(products: usize, threads: usize) {
    on_each(threads, || {
        black_box(Arch::new().dispatch(Products(products / threads)));
    });
}

/// Sums that do not wait for each other: enough for every unit to have one at each moment of its four cycles.
const SUMS: usize = 12;

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
                *sum = simd.mul_add_f32s(*sum, factor, term);
            }
        }
        sums.into_iter().map(|sum| simd.reduce_sum_f32s(sum)).sum()
    }
}

/// Copies so many bytes, shared out among threads, from one place that no cache holds to another.
pub(crate) fn copy(bytes: usize, threads: usize) -> Run {
    let (from, mut to) = (vec![1u8; bytes], vec![0u8; bytes]);
    let part = bytes.div_ceil(threads);
    Box::new(move || {
        thread::scope(|scope| {
            for (to, from) in to.chunks_mut(part).zip(from.chunks(part)) {
                scope.spawn(|| to.copy_from_slice(from));
            }
        });
        black_box(&to);
    })
}

fn on_each(threads: usize, task: impl Fn() + Sync) {
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(&task);
        }
    });
}
