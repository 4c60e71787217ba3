//! The inner loops over blocks of channels: small products of matrices whose sums stay in registers.

use pulp::Simd;

/// Where the blocks of channels lie that a sum is over, from the first channel of a pixel on.
pub(in super::super) struct Offsets {
    starts: Vec<usize>,
    reach: usize,
}

impl Offsets {
    pub(in super::super) fn new(starts: Vec<usize>) -> Self {
        let reach = starts.iter().copied().max().unwrap_or(0);
        Self { starts, reach }
    }
}

/// Which numbers a product takes: `step` from one pixel to the next, `width` channels of each block.
#[derive(Clone, Copy)]
pub(in super::super) struct Stride {
    pub(in super::super) step: usize,
    pub(in super::super) width: usize,
}

/// `sums[p][o] = sum over blocks b and channels c of pixels[b][p][c] * filters[b][c][o]` for so many pixels and `V` vectors of
/// filters, `R` pixels at a time and the last ones by fours: pixels and sums have room for a multiple of [`FEW`].
#[inline(always)]
pub(in super::super) fn weigh_all<S: Simd, const R: usize, const V: usize>(
    simd: S,
    count: usize,
    pixels: &[f32],
    offsets: &Offsets,
    stride: Stride,
    filters: &[S::f32s],
    sums: &mut [S::f32s],
) {
    let mut pixel = 0;
    while count - pixel >= R {
        let (pixels, sums) = (&pixels[pixel * stride.step..], &mut sums[pixel * V..]);
        weigh::<S, R, V>(simd, pixels, offsets, stride, filters, sums);
        pixel += R;
    }
    while pixel < count {
        let (pixels, sums) = (&pixels[pixel * stride.step..], &mut sums[pixel * V..]);
        weigh::<S, FEW, V>(simd, pixels, offsets, stride, filters, sums);
        pixel += FEW;
    }
}

/// The fewest pixels at a time whose sums do not wait for each other.
pub(in super::super) const FEW: usize = 4;

/// `R` pixels of [`weigh_all`].
#[inline(always)]
fn weigh<S: Simd, const R: usize, const V: usize>(
    simd: S,
    pixels: &[f32],
    offsets: &Offsets,
    Stride { step, width }: Stride,
    filters: &[S::f32s],
    sums: &mut [S::f32s],
) {
    assert!(pixels.len() >= offsets.reach + (R - 1) * step + width);
    assert!(filters.len() >= offsets.starts.len() * width * V);
    let mut acc = [[simd.splat_f32s(0.0); V]; R];
    for (&start, filters) in offsets.starts.iter().zip(filters.chunks_exact(width * V)) {
        let block = pixels.as_ptr().wrapping_add(start);
        for (channel, filters) in filters.chunks_exact(V).enumerate() {
            for (r, acc) in acc.iter_mut().enumerate() {
                // SAFETY: `pixels` reaches as far as the last channel of the last pixel of any block, as asserted.
                let pixel = simd.splat_f32s(unsafe { *block.add(r * step + channel) });
                for v in 0..V {
                    acc[v] = simd.mul_add_e_f32s(pixel, filters[v], acc[v]);
                }
            }
        }
    }
    for (sums, acc) in sums[..R * V].chunks_exact_mut(V).zip(acc) {
        sums.copy_from_slice(&acc);
    }
}

/// Pixels of an image: so many lines of so many, a line and a pixel so many numbers apart.
#[derive(Clone, Copy)]
pub(in super::super) struct Lines {
    pub(in super::super) count: usize,
    pub(in super::super) columns: usize,
    pub(in super::super) line: usize,
    pub(in super::super) step: usize,
}

/// `sums[c][v] += sum over pixels p of pixels[p][c] * grads[v][p]` for `R` channels and `V` vectors of filters.
///
/// The next row of `sums`, that of the next channel, is `filters` vectors on; the next vector of filters' gradients are
/// `apart` vectors on.
#[inline(always)]
pub(in super::super) fn correlate<S: Simd, const R: usize, const V: usize>(
    simd: S,
    pixels: &[f32],
    lines: Lines,
    grads: &[S::f32s],
    apart: usize,
    sums: &mut [S::f32s],
    filters: usize,
) {
    let Lines { count, columns, line, step } = lines;
    if count * columns == 0 {
        return;
    }
    assert!(pixels.len() >= (count - 1) * line + (columns - 1) * step + R);
    assert!(grads.len() >= (V - 1) * apart + count * columns);
    let mut acc = [[simd.splat_f32s(0.0); V]; R];
    for y in 0..count {
        for x in 0..columns {
            let at = y * columns + x;
            let grads: [S::f32s; V] =
                // SAFETY: `grads` has a vector for each pixel from each multiple of `apart` on, as asserted.
                std::array::from_fn(|v| unsafe { *grads.as_ptr().add(v * apart + at) });
            let first = pixels.as_ptr().wrapping_add(y * line + x * step);
            for (r, acc) in acc.iter_mut().enumerate() {
                // SAFETY: `pixels` reaches as far as channel `R` of the last pixel, as asserted.
                let pixel = simd.splat_f32s(unsafe { *first.add(r) });
                for v in 0..V {
                    acc[v] = simd.mul_add_e_f32s(pixel, grads[v], acc[v]);
                }
            }
        }
    }
    for (r, acc) in acc.into_iter().enumerate() {
        for (sum, acc) in sums[r * filters..][..V].iter_mut().zip(acc) {
            *sum = simd.add_f32s(*sum, acc);
        }
    }
}
