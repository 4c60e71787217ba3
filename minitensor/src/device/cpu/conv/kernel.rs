//! The two inner loops of convolution. Both keep a block of sums in registers and read the image in place: a
//! tap of the kernel is a constant offset from the position that it belongs to.

use pulp::Simd;

use crate::device::cpu::lanes::Lanes;

// ANCHOR: conv_weighted_sums
/// Sums for `M` filters at `N` vectors of positions: `sums[m][n] = bias[m] + sum over k of weights[k][m] *
/// source[bases[n] + offsets[k]]`, written one vector after the other, filter by filter.
#[inline(always)]
pub(super) fn weighted_sums<T: Lanes, S: Simd, const M: usize, const N: usize>(
    simd: S,
    weights: &[T], // (K, M)
    bias: &[T],    // (M)
    source: &[T],
    offsets: &[usize], // (K)
    bases: [usize; N], //
    sums: &mut [T],    // (M, N, lanes)
) {
    let mut acc = [[T::splat(simd, T::zero()); N]; M];
    for (acc, &bias) in acc.iter_mut().zip(bias) {
        *acc = [T::splat(simd, bias); N];
    }
    for (weights, &offset) in weights.chunks_exact(M).zip(offsets) {
        let mut x = acc[0];
        for (x, base) in x.iter_mut().zip(bases) {
            *x = load(simd, source, base + offset);
        }
        for (acc, &weight) in acc.iter_mut().zip(weights) {
            let weight = T::splat(simd, weight);
            for (acc, x) in acc.iter_mut().zip(x) {
                *acc = T::fused(simd, weight, x, *acc);
            }
        }
    }
    let vectors = sums.chunks_exact_mut(T::count::<S>());
    for (sums, acc) in vectors.zip(acc.iter().flatten()) {
        store(simd, *acc, sums);
    }
}
// ANCHOR_END: conv_weighted_sums

// ANCHOR: conv_products_of_vectors
/// Sums over positions for `M` filters and `N` taps: `sums[m][n] = sum over i of grads[rows[m] + i] *
/// source[bases[i] + offsets[n]]`, where `i` counts vectors.
#[inline(always)]
pub(super) fn correlations<T: Lanes, S: Simd, const M: usize, const N: usize>(
    simd: S,
    grads: &[T],
    rows: [usize; M],
    source: &[T],
    offsets: [usize; N],
    bases: &[usize],
) -> [[T; N]; M] {
    let mut acc = [[T::splat(simd, T::zero()); N]; M];
    let lanes = T::count::<S>();
    for (i, base) in bases.iter().enumerate() {
        let mut g = [acc[0][0]; M];
        for (g, row) in g.iter_mut().zip(rows) {
            *g = load(simd, grads, row + i * lanes);
        }
        for n in 0..N {
            let x = load(simd, source, base + offsets[n]);
            for m in 0..M {
                acc[m][n] = T::fused(simd, g[m], x, acc[m][n]);
            }
        }
    }
    let mut sums = [[T::zero(); N]; M];
    for (sums, acc) in sums.iter_mut().zip(acc) {
        for (sum, acc) in sums.iter_mut().zip(acc) {
            *sum = T::sum_lanes(simd, acc);
        }
    }
    sums
}
// ANCHOR_END: conv_products_of_vectors

/// The vector that starts at `source[at]`.
#[inline(always)]
fn load<T: Lanes, S: Simd>(_: S, source: &[T], at: usize) -> T::Vector<S> {
    let lanes = T::count::<S>();
    assert!(at < source.len() && lanes <= source.len() - at);
    // SAFETY: `lanes` numbers from `at` are inside `source`; a vector is plain numbers, and need not be aligned here.
    unsafe { source.as_ptr().add(at).cast::<T::Vector<S>>().read_unaligned() }
}

/// Writes a vector over the first numbers of `target`.
#[inline(always)]
pub(super) fn store<T: Lanes, S: Simd>(_: S, vector: T::Vector<S>, target: &mut [T]) {
    assert!(T::count::<S>() <= target.len());
    // SAFETY: the vector's numbers fit into `target`; they need not be aligned here.
    unsafe { target.as_mut_ptr().cast::<T::Vector<S>>().write_unaligned(vector) }
}

/// Copies one vector from the start of `source` to the start of `target`.
#[inline(always)]
pub(super) fn copy<T: Lanes, S: Simd>(simd: S, source: &[T], target: &mut [T]) {
    store(simd, load(simd, source, 0), target);
}
