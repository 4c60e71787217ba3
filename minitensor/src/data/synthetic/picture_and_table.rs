//! A picture and a row of numbers that belong together.

use rand::rngs::ChaCha8Rng;

use super::canvas::{Canvas, Figure};
use super::{Kind, between, normal, source};
use crate::Tensor;
use crate::data::Dataset;

/// Example `i` is (a picture (1, S, S) in `F32`, 0 to 1; a row (4) of numbers of mean 0 and deviation 1; a target (1)).
///
/// The picture shows a disc. With d its radius, brought to mean 0 and deviation 1, and t the row, the target is
/// `share` d + (1 - `share`) (t0 - t1) / √2; t2 and t3 say nothing. So `share` is how much the picture matters.
#[derive(Debug, Clone)]
pub struct PictureAndTable {
    count: usize,
    size: usize,
    share: f32,
    seed: u64,
}

impl PictureAndTable {
    /// `count` examples with pictures of `size` x `size` pixels.
    ///
    /// # Panics
    /// If `size` is below 8, or `share` is not in 0..=1.
    #[track_caller]
    pub fn new(count: usize, size: usize, share: f32, seed: u64) -> PictureAndTable {
        assert!(
            size >= 8 && (0.0..=1.0).contains(&share),
            "PictureAndTable: the size must be 8 or more, and the share in 0..=1, not {size} and {share}"
        );
        PictureAndTable { count, size, share, seed }
    }
}

impl Dataset for PictureAndTable {
    type Item = (Tensor, Tensor, Tensor);

    fn len(&self) -> usize {
        self.count
    }

    fn get(&self, index: usize, _: &mut ChaCha8Rng) -> (Tensor, Tensor, Tensor) {
        let mut rng = source(Kind::PictureAndTable, self.seed, index);
        let size = self.size as f32;
        // An even distribution from -√3 to √3 has mean 0 and deviation 1.
        let root = 3f32.sqrt();
        let wide = between(-root, root, &mut rng);
        let radius = size * (0.25 + 0.1 * wide / root);
        let centre = [(); 2].map(|()| between(0.4, 0.6, &mut rng) * size);
        let mut canvas = Canvas::new(self.size, self.size, &[0.1]);
        canvas.paint(&Figure::Disc { centre, radius }, &[0.8]);
        canvas.shake(|| 0.03 * normal(&mut rng));
        let row = [(); 4].map(|()| normal(&mut rng));
        let target = self.share * wide + (1.0 - self.share) * (row[0] - row[1]) / 2f32.sqrt();
        (
            Tensor::from_vec(canvas.values, canvas.shape),
            Tensor::from_slice(&row, [4]),
            Tensor::from_vec(vec![target], [1]),
        )
    }
}
