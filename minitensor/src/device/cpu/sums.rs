//! Sums of slices: many side by side, which the compiler turns into vectors, and blocks of them in `f64`, so that a
//! long sum in `f32` keeps its digits. Inlined into callers that run under `pulp`'s dispatch.

use super::lanes::Lanes;

/// Sums side by side, which the compiler turns into one or more vectors.
const WIDTH: usize = 16;
/// Numbers that are added up in their own type before the sum goes on in `f64`.
const BLOCK: usize = 2048;

/// The sum of `f(x)`.
#[inline(always)]
pub(crate) fn sum<T: Lanes>(values: &[T], f: impl Fn(T) -> T) -> T {
    let mut sums = [T::zero(); WIDTH];
    let chunks = values.chunks_exact(WIDTH);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (sum, x) in sums.iter_mut().zip(chunk) {
            *sum += f(*x);
        }
    }
    for (sum, x) in sums.iter_mut().zip(rest) {
        *sum += f(*x);
    }
    tree(sums, |a, b| a + b)
}

/// The sum of `f(a, b)`.
#[inline(always)]
pub(crate) fn sum_of_pairs<T: Lanes>(a: &[T], b: &[T], f: impl Fn(T, T) -> T) -> T {
    let mut sums = [T::zero(); WIDTH];
    let (a_chunks, b_chunks) = (a.chunks_exact(WIDTH), b.chunks_exact(WIDTH));
    let (a_rest, b_rest) = (a_chunks.remainder(), b_chunks.remainder());
    for (a, b) in a_chunks.zip(b_chunks) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += f(*a, *b);
        }
    }
    for ((sum, a), b) in sums.iter_mut().zip(a_rest).zip(b_rest) {
        *sum += f(*a, *b);
    }
    tree(sums, |a, b| a + b)
}

/// The sum of `f(x)` of a slice of any length, block by block.
#[inline(always)]
pub(crate) fn long_sum<T: Lanes>(values: &[T], f: impl Fn(T) -> T) -> f64 {
    values.chunks(BLOCK).map(|block| wide(sum(block, &f))).sum()
}

/// The sum of `f(a, b)` of slices of any length, block by block.
#[inline(always)]
pub(crate) fn long_sum_of_pairs<T: Lanes>(a: &[T], b: &[T], f: impl Fn(T, T) -> T) -> f64 {
    a.chunks(BLOCK).zip(b.chunks(BLOCK)).map(|(a, b)| wide(sum_of_pairs(a, b, &f))).sum()
}

/// The fold of a slice from `start`, by an `f` that may take its arguments in any order.
#[inline(always)]
pub(crate) fn fold<T: Lanes>(values: &[T], start: T, f: impl Fn(T, T) -> T) -> T {
    let mut parts = [start; WIDTH];
    let chunks = values.chunks_exact(WIDTH);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (part, x) in parts.iter_mut().zip(chunk) {
            *part = f(*part, *x);
        }
    }
    for (part, x) in parts.iter_mut().zip(rest) {
        *part = f(*part, *x);
    }
    tree(parts, f)
}

/// Halves by halves: 16, 8, 4, 2, 1.
#[inline(always)]
fn tree<T: Copy>(mut parts: [T; WIDTH], f: impl Fn(T, T) -> T) -> T {
    let mut half = WIDTH / 2;
    while half > 0 {
        for i in 0..half {
            parts[i] = f(parts[i], parts[i + half]);
        }
        half /= 2;
    }
    parts[0]
}

/// As `f64`.
#[inline(always)]
pub(crate) fn wide<T: Lanes>(x: T) -> f64 {
    x.to_f64()
}

/// From `f64`.
#[inline(always)]
pub(crate) fn narrow<T: Lanes>(x: f64) -> T {
    T::from_f64(x)
}
