//! Convolution with filters of 3 x 3 by minimal filtering: fewer products than its definition has.
//!
//! Outputs are computed in tiles of `M x M`. A tile sees `N x N` pixels, `N = M + 2`, and in two dimensions
//! `Y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A`: once pixels and filters are transformed, each of the `N²` places is a product of
//! matrices by itself, (tiles, channels) by (channels, filters). Tiles of 2 x 2 need 4 products an output, of 4 x 4 2.25,
//! where the definition has 9. The gradient of the filters goes the same way back.

mod apply;
mod filters;
mod plan;
mod transform;
mod weight;

pub(super) use apply::convolve;
pub(super) use plan::side;
pub(super) use weight::weight_gradient;

/// Places lie an odd number of vectors apart, so that they do not all fall into the same few sets of the cache.
fn odd(vectors: usize) -> usize {
    vectors | 1
}
