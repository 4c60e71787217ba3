//! Points in the plane without a class, (N, 2): what a diffusion model learns to draw.

use rand::RngExt;

use super::points::shaken;
use super::{Kind, below, source};
use crate::Tensor;

/// A spiral band: t (cos t, sin t) / 10 for t drawn evenly from 1.5 pi to 4.5 pi, with normal noise.
pub fn swiss_roll(count: usize, noise: f32, seed: u64) -> Tensor {
    let mut rng = source(Kind::SwissRoll, seed, 0);
    let point = |_| {
        let t = 1.5 * std::f32::consts::PI * (1.0 + 2.0 * rng.random::<f32>());
        shaken([t * t.cos() / 10.0, t * t.sin() / 10.0], noise, &mut rng)
    };
    Tensor::from_vec((0..count).flat_map(point).collect(), [count, 2])
}

/// Points spread evenly over the eight dark fields of a board of 4 x 4, from -2 to 2 each way.
pub fn checkerboard(count: usize, seed: u64) -> Tensor {
    let mut rng = source(Kind::Checkerboard, seed, 0);
    let point = |_| {
        let (row, column) = (below(4, &mut rng), below(2, &mut rng));
        let left = (2 * column + row % 2) as f32;
        [left - 2.0 + rng.random::<f32>(), row as f32 - 2.0 + rng.random::<f32>()]
    };
    Tensor::from_vec((0..count).flat_map(point).collect(), [count, 2])
}
