//! Sums of slices: many side by side, which the compiler turns into vectors, and blocks of them in `f64`, so that a
//! long sum in `f32` keeps its digits. Inlined into callers that run under `pulp`'s dispatch.

use super::lanes::Lanes;

/// Sums side by side, which the compiler turns into one or more vectors.
const WIDTH: usize = 16;
/// The same for long slices, where an addition need not wait for the one before.
const LONG: usize = 2 * WIDTH;
/// Numbers that are added up in their own type before the sum goes on in `f64`.
const BLOCK: usize = 2048;

/// The sum of `f(x)`.
#[inline(always)]
pub(crate) fn sum<T: Lanes>(values: &[T], f: impl Fn(T) -> T) -> T {
    side_by_side::<T, WIDTH, 1>(values, |x| [f(x)])[0]
}

/// The sum of `f(a, b)`.
#[inline(always)]
pub(crate) fn sum_of_pairs<T: Lanes>(a: &[T], b: &[T], f: impl Fn(T, T) -> T) -> T {
    pairs_side_by_side::<T, WIDTH, 1>(a, b, |a, b| [f(a, b)])[0]
}

/// Writes `f(x)` of every x, and returns the sum.
#[inline(always)]
pub(crate) fn write_and_sum<T: Lanes>(out: &mut [T], values: &[T], f: impl Fn(T) -> T) -> T {
    let mut sums = [T::zero(); WIDTH];
    let ((chunks, rest), (out_chunks, out_rest)) =
        (values.as_chunks::<WIDTH>(), out.as_chunks_mut::<WIDTH>());
    for (chunk, out) in chunks.iter().zip(out_chunks) {
        // Loops of their own: in one with a long `f`, the compiler keeps the sums in memory, and each waits for the last.
        let mut terms = [T::zero(); WIDTH];
        for i in 0..WIDTH {
            terms[i] = f(chunk[i]);
        }
        for i in 0..WIDTH {
            sums[i] += terms[i];
        }
        *out = terms;
    }
    for ((sum, x), out) in sums.iter_mut().zip(rest).zip(out_rest) {
        *out = f(*x);
        *sum += *out;
    }
    tree(&mut sums, |a, b| a + b)
}

/// The sum of `f(x)` of a slice of any length, block by block.
#[inline(always)]
pub(crate) fn long_sum<T: Lanes>(values: &[T], f: impl Fn(T) -> T) -> f64 {
    long_sums(values, |x| [f(x)])[0]
}

/// The sums of all that `f(x)` gives, of a slice of any length, block by block.
#[inline(always)]
pub(crate) fn long_sums<T: Lanes, const N: usize>(values: &[T], f: impl Fn(T) -> [T; N]) -> [f64; N] {
    let mut totals = [0.0; N];
    for block in values.chunks(BLOCK) {
        let sums = match block.len() < 2 * LONG {
            true => side_by_side::<T, WIDTH, N>(block, &f),
            false => side_by_side::<T, LONG, N>(block, &f),
        };
        totals.iter_mut().zip(sums).for_each(|(total, sum)| *total += wide(sum));
    }
    totals
}

/// The sums of all that `f(a, b)` gives, of slices of any length, block by block.
#[inline(always)]
pub(crate) fn long_sums_of_pairs<T: Lanes, const N: usize>(
    a: &[T],
    b: &[T],
    f: impl Fn(T, T) -> [T; N],
) -> [f64; N] {
    let mut totals = [0.0; N];
    for (a, b) in a.chunks(BLOCK).zip(b.chunks(BLOCK)) {
        let sums = match a.len() < 2 * LONG {
            true => pairs_side_by_side::<T, WIDTH, N>(a, b, &f),
            false => pairs_side_by_side::<T, LONG, N>(a, b, &f),
        };
        totals.iter_mut().zip(sums).for_each(|(total, sum)| *total += wide(sum));
    }
    totals
}

#[inline(always)]
fn side_by_side<T: Lanes, const W: usize, const N: usize>(values: &[T], f: impl Fn(T) -> [T; N]) -> [T; N] {
    let mut sums = [[T::zero(); W]; N];
    let (chunks, rest) = values.as_chunks::<W>();
    for chunk in chunks {
        for (i, x) in chunk.iter().enumerate() {
            let terms = f(*x);
            (0..N).for_each(|n| sums[n][i] += terms[n]);
        }
    }
    for (i, x) in rest.iter().enumerate() {
        let terms = f(*x);
        (0..N).for_each(|n| sums[n][i] += terms[n]);
    }
    totals(&mut sums)
}

#[inline(always)]
fn pairs_side_by_side<T: Lanes, const W: usize, const N: usize>(
    a: &[T],
    b: &[T],
    f: impl Fn(T, T) -> [T; N],
) -> [T; N] {
    let mut sums = [[T::zero(); W]; N];
    let ((a_chunks, a_rest), (b_chunks, b_rest)) = (a.as_chunks::<W>(), b.as_chunks::<W>());
    for (a, b) in a_chunks.iter().zip(b_chunks) {
        for i in 0..W {
            let terms = f(a[i], b[i]);
            (0..N).for_each(|n| sums[n][i] += terms[n]);
        }
    }
    for (i, (a, b)) in a_rest.iter().zip(b_rest).enumerate() {
        let terms = f(*a, *b);
        (0..N).for_each(|n| sums[n][i] += terms[n]);
    }
    totals(&mut sums)
}

/// The fold of a slice from `start`, by an `f` that may take its arguments in any order.
#[inline(always)]
pub(crate) fn fold<T: Lanes>(values: &[T], start: T, f: impl Fn(T, T) -> T) -> T {
    match values.len() < 2 * LONG {
        true => fold_side_by_side::<T, WIDTH>(values, start, f),
        false => fold_side_by_side::<T, LONG>(values, start, f),
    }
}

#[inline(always)]
fn fold_side_by_side<T: Lanes, const W: usize>(values: &[T], start: T, f: impl Fn(T, T) -> T) -> T {
    let mut parts = [start; W];
    let chunks = values.chunks_exact(W);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (part, x) in parts.iter_mut().zip(chunk) {
            *part = f(*part, *x);
        }
    }
    for (part, x) in parts.iter_mut().zip(rest) {
        *part = f(*part, *x);
    }
    tree(&mut parts, f)
}

/// The sum of each row.
#[inline(always)]
fn totals<T: Lanes, const W: usize, const N: usize>(sums: &mut [[T; W]; N]) -> [T; N] {
    let mut totals = [T::zero(); N];
    for (total, sums) in totals.iter_mut().zip(sums) {
        *total = tree(sums, |a, b| a + b);
    }
    totals
}

/// Halves by halves: 16, 8, 4, 2, 1.
#[inline(always)]
fn tree<T: Copy, const W: usize>(parts: &mut [T; W], f: impl Fn(T, T) -> T) -> T {
    let mut half = W / 2;
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
