//! Pictures of circles, rectangles and triangles, with the class of each pixel.

use rand::Rng;
use rand::rngs::ChaCha8Rng;

use super::canvas::{Canvas, Figure, pixels};
use super::{Kind, below, between, normal, source};
use crate::Tensor;
use crate::data::Dataset;

/// Example `i` is (a picture (C, S, S) in `F32`, 0 to 1; the class of each pixel (S, S) in `I64`): one to four figures on
/// a plain ground, with a little noise. A figure covers those drawn before it.
#[derive(Debug, Clone)]
pub struct Shapes {
    count: usize,
    channels: usize,
    size: usize,
    seed: u64,
}

impl Shapes {
    /// The name of each class.
    pub const CLASSES: [&'static str; 4] = ["ground", "circle", "rectangle", "triangle"];

    /// `count` pictures of `channels` (1: grey, 3: colours) and `size` x `size` pixels.
    ///
    /// # Panics
    /// If `channels` is not 1 or 3, or `size` is below 8.
    #[track_caller]
    pub fn new(count: usize, channels: usize, size: usize, seed: u64) -> Shapes {
        assert!(
            matches!(channels, 1 | 3) && size >= 8,
            "Shapes: channels are 1 or 3, and sizes 8 or more, not {channels} and {size}"
        );
        Shapes { count, channels, size, seed }
    }
}

impl Dataset for Shapes {
    type Item = (Tensor, Tensor);

    fn len(&self) -> usize {
        self.count
    }

    fn get(&self, index: usize, _: &mut ChaCha8Rng) -> (Tensor, Tensor) {
        let mut rng = source(Kind::Shapes, self.seed, index);
        let size = self.size;
        let colour = |low, high, rng: &mut ChaCha8Rng| -> Vec<f32> {
            (0..self.channels).map(|_| between(low, high, rng)).collect()
        };
        let mut canvas = Canvas::new(size, size, &colour(0.0, 0.3, &mut rng));
        let mut classes = vec![0i64; size * size];
        for _ in 0..1 + below(4, &mut rng) {
            let class = 1 + below(3, &mut rng);
            let figure = figure(class, size as f32, &mut rng);
            canvas.paint(&figure, &colour(0.45, 1.0, &mut rng));
            for (pixel, point) in classes.iter_mut().zip(pixels(size, size)) {
                if figure.distance(point) < 0.0 {
                    *pixel = class as i64;
                }
            }
        }
        canvas.shake(|| 0.02 * normal(&mut rng));
        (Tensor::from_vec(canvas.values, canvas.shape), Tensor::from_vec(classes, [size, size]))
    }
}

/// A figure of a class, wholly inside a square of `size`.
fn figure(class: usize, size: f32, rng: &mut impl Rng) -> Figure {
    let radius = size * between(0.12, 0.26, rng);
    let centre = [between(radius, size - radius, rng), between(radius, size - radius, rng)];
    let angle = between(0.0, std::f32::consts::TAU, rng);
    match class {
        1 => Figure::Disc { centre, radius },
        2 => rectangle(centre, radius, angle, between(0.3, 1.2, rng)),
        _ => Figure::regular(3, centre, radius, angle),
    }
}

/// Its corners are `radius` from the centre, and `half_angle` from its long axis.
pub(super) fn rectangle(centre: [f32; 2], radius: f32, angle: f32, half_angle: f32) -> Figure {
    let pi = std::f32::consts::PI;
    let corner = |turn: f32| {
        let (sin, cos) = (angle + turn).sin_cos();
        [centre[0] + radius * cos, centre[1] + radius * sin]
    };
    Figure::Polygon([half_angle, pi - half_angle, pi + half_angle, -half_angle].map(corner).to_vec())
}
