//! The inner loops of minimal filtering: small products of matrices whose sums stay in registers.

use pulp::Simd;

/// `sums[t][o] = sum over c of pixels[t][c] * filters[c][o]` for so many tiles and `V` vectors of filters, `R` tiles at a time
/// and the last ones by fours: there is room for a multiple of [`FEW`] tiles.
#[inline(always)]
pub(super) fn weigh_all<S: Simd, const R: usize, const V: usize>(
    simd: S,
    tiles: usize,
    pixels: &[S::f32s],
    apart: usize,
    filters: &[S::f32s],
    sums: &mut [S::f32s],
) {
    let mut tile = 0;
    while tiles - tile >= R {
        weigh::<S, R, V>(simd, &pixels[tile..], apart, filters, &mut sums[tile * V..]);
        tile += R;
    }
    while tile < tiles {
        weigh::<S, FEW, V>(simd, &pixels[tile..], apart, filters, &mut sums[tile * V..]);
        tile += FEW;
    }
}

/// The fewest tiles at a time whose sums do not wait for each other.
pub(super) const FEW: usize = 4;

/// `sums[t][o] = sum over c of pixels[t][c] * filters[c][o]` for `R` tiles and `V` vectors of filters.
///
/// A vector of `pixels` holds channels of one tile; those of the next tile follow, and after `apart` vectors the next
/// channels of the first. `filters` are (C, V vectors).
#[inline(always)]
fn weigh<S: Simd, const R: usize, const V: usize>(
    simd: S,
    pixels: &[S::f32s],
    apart: usize,
    filters: &[S::f32s],
    sums: &mut [S::f32s],
) {
    let blocks = filters.len() / (V * S::F32_LANES);
    assert!(blocks == 0 || pixels.len() >= (blocks - 1) * apart + R);
    let mut acc = [[simd.splat_f32s(0.0); V]; R];
    let mut block = pixels.as_ptr();
    for filters in filters.chunks_exact(V * S::F32_LANES) {
        let tiles = block.cast::<f32>();
        for (channel, filters) in filters.chunks_exact(V).enumerate() {
            for (r, acc) in acc.iter_mut().enumerate() {
                // SAFETY: `R` vectors begin at each block, as asserted, and `channel` is below their lanes.
                let pixel = simd.splat_f32s(unsafe { *tiles.add(r * S::F32_LANES + channel) });
                for v in 0..V {
                    acc[v] = simd.mul_add_e_f32s(pixel, filters[v], acc[v]);
                }
            }
        }
        block = block.wrapping_add(apart);
    }
    for (sums, acc) in sums[..R * V].chunks_exact_mut(V).zip(acc) {
        sums.copy_from_slice(&acc);
    }
}

/// `sums[c][v] += sum over t of pixels[t][c] * grads[v][t]` for `R` channels from `channel` on, and `V` vectors of filters.
///
/// The next row of `sums`, that of the next channel, is `filters` vectors on; the next vector of filters' gradients are
/// `apart` vectors on.
#[inline(always)]
pub(super) fn correlate<S: Simd, const R: usize, const V: usize>(
    simd: S,
    pixels: &[S::f32s],
    channel: usize,
    grads: &[S::f32s],
    apart: usize,
    sums: &mut [S::f32s],
    filters: usize,
) {
    assert!(channel + R <= S::F32_LANES && grads.len() >= (V - 1) * apart + pixels.len());
    let mut acc = [[simd.splat_f32s(0.0); V]; R];
    let first = pixels.as_ptr().cast::<f32>().wrapping_add(channel);
    for tile in 0..pixels.len() {
        let grads: [S::f32s; V] =
            // SAFETY: `grads` has a vector for each tile from each multiple of `apart` on, as asserted.
            std::array::from_fn(|v| unsafe { *grads.as_ptr().add(v * apart + tile) });
        for (r, acc) in acc.iter_mut().enumerate() {
            // SAFETY: a vector of pixels has the channels up to `channel + R`, as asserted.
            let pixel = simd.splat_f32s(unsafe { *first.add(tile * S::F32_LANES + r) });
            for v in 0..V {
                acc[v] = simd.mul_add_e_f32s(pixel, grads[v], acc[v]);
            }
        }
    }
    for (r, acc) in acc.into_iter().enumerate() {
        for (sum, acc) in sums[r * filters..][..V].iter_mut().zip(acc) {
            *sum = simd.add_f32s(*sum, acc);
        }
    }
}
