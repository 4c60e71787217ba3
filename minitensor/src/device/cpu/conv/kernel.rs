//! The two inner loops of convolution. Both keep a block of sums in registers and read the image in place: a
//! tap of the kernel is a constant offset from the position that it belongs to.

use pulp::Simd;

use crate::device::cpu::lanes::Lanes;

// ANCHOR: conv_weighted_sums
/// Sums for `M` filters at `N` vectors of positions: `sums[m][n] = bias[m] + sum over k of weights[k][m] *
/// source[bases[n] + offsets[k]]`, written one vector after the other, filter by filter.
///
/// # Safety
///
/// A vector that starts at any of the `bases` plus any of the `offsets` lies inside `source`.
#[inline(always)]
pub(super) unsafe fn weighted_sums<T: Lanes, S: Simd, const M: usize, const N: usize>(
    simd: S,
    weights: &[T], // (K, M)
    bias: &[T],    // (M)
    source: &[T],
    offsets: &[usize], // (K)
    bases: [usize; N],
    sums: &mut [T], // (M, N, lanes)
) {
    let starts = bases.map(|base| source.as_ptr().wrapping_add(base));
    let mut acc = [[T::splat(simd, T::zero()); N]; M];
    for m in 0..M {
        acc[m] = [T::splat(simd, bias[m]); N];
    }
    for (weights, &offset) in weights.chunks_exact(M).zip(offsets) {
        let mut x = [acc[0][0]; N];
        for n in 0..N {
            // SAFETY: as promised by the caller.
            x[n] = unsafe { load::<T, S>(starts[n].wrapping_add(offset)) };
        }
        for m in 0..M {
            let weight = T::splat(simd, weights[m]);
            for n in 0..N {
                acc[m][n] = T::fused(simd, weight, x[n], acc[m][n]);
            }
        }
    }
    let lanes = T::count::<S>();
    assert!(sums.len() >= M * N * lanes);
    for (m, acc) in acc.into_iter().enumerate() {
        for (n, acc) in acc.into_iter().enumerate() {
            // SAFETY: there is room for M * N vectors, as asserted.
            unsafe { store::<T, S>(acc, sums.as_mut_ptr().wrapping_add((m * N + n) * lanes)) };
        }
    }
}
// ANCHOR_END: conv_weighted_sums

// ANCHOR: conv_correlations
/// Sums over positions for `M` filters and `N` taps: `sums[m][n] = sum over i of grads[rows[m] + i] *
/// source[bases[i] + offsets[n]]`, where `i` counts vectors.
///
/// # Safety
///
/// A vector that starts at any of the `bases` plus any of the `offsets` lies inside `source`, and as many vectors as
/// there are bases, one after the other from any of the `rows`, lie inside `grads`.
#[inline(always)]
pub(super) unsafe fn correlations<T: Lanes, S: Simd, const M: usize, const N: usize>(
    simd: S,
    grads: &[T],
    rows: [usize; M],
    source: &[T],
    offsets: [usize; N],
    bases: &[usize],
) -> [[T; N]; M] {
    let lanes = T::count::<S>();
    let rows = rows.map(|row| grads.as_ptr().wrapping_add(row));
    let taps = offsets.map(|offset| source.as_ptr().wrapping_add(offset));
    let mut acc = [[T::splat(simd, T::zero()); N]; M];
    let mut position = 0;
    for &base in bases {
        let mut g = [acc[0][0]; M];
        for m in 0..M {
            // SAFETY: as promised by the caller.
            g[m] = unsafe { load::<T, S>(rows[m].wrapping_add(position)) };
        }
        for n in 0..N {
            // SAFETY: as promised by the caller.
            let x = unsafe { load::<T, S>(taps[n].wrapping_add(base)) };
            for m in 0..M {
                acc[m][n] = T::fused(simd, g[m], x, acc[m][n]);
            }
        }
        position = position.wrapping_add(lanes);
    }
    let mut sums = [[T::zero(); N]; M];
    for m in 0..M {
        for n in 0..N {
            sums[m][n] = T::sum_lanes(simd, acc[m][n]);
        }
    }
    sums
}
// ANCHOR_END: conv_correlations

/// Copies one vector from the start of `source` to the start of `target`.
#[inline(always)]
pub(super) fn copy<T: Lanes, S: Simd>(source: &[T], target: &mut [T]) {
    assert!(source.len().min(target.len()) >= T::count::<S>());
    // SAFETY: both are long enough, as asserted.
    unsafe { store::<T, S>(load::<T, S>(source.as_ptr()), target.as_mut_ptr()) };
}

/// A vector that need not be aligned.
#[repr(C, packed)]
struct Unaligned<V>(V);

/// # Safety
///
/// A vector's worth of numbers can be read at `at`.
#[inline(always)]
#[allow(
    clippy::transmute_ptr_to_ref,
    reason = "`read_unaligned` and `*at` check `at` in builds with debug assertions, which is what `cargo run` makes; \
              inside these loops that takes as long as the arithmetic"
)]
unsafe fn load<T: Lanes, S: Simd>(at: *const T) -> T::Vector<S> {
    // SAFETY: as promised; a vector is plain numbers, and this one need not be aligned.
    let vector: &Unaligned<T::Vector<S>> = unsafe { std::mem::transmute(at) };
    vector.0
}

/// # Safety
///
/// A vector's worth of numbers can be written at `at`.
#[inline(always)]
unsafe fn store<T: Lanes, S: Simd>(vector: T::Vector<S>, at: *mut T) {
    // SAFETY: as promised; a vector is plain numbers, and this one need not be aligned.
    unsafe { *at.cast::<Unaligned<T::Vector<S>>>() = Unaligned(vector) };
}
