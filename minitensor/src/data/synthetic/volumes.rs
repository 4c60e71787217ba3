//! Small volumes with the class of each cell of the grid, for a net with three-dimensional convolutions.

use rand::rngs::ChaCha8Rng;

use super::{Kind, below, between, normal, source};
use crate::Tensor;
use crate::data::Dataset;

/// Example `i` is (a volume (1, S, S, S) in `F32`; the class of each cell (S, S, S) in `I64`: 0 ground, 1 ball, 2 tube). A
/// ball and a tube are equally bright: only their form tells them apart.
#[derive(Debug, Clone)]
pub struct Volumes {
    count: usize,
    size: usize,
    seed: u64,
}

/// A tube runs along `axis` through the whole volume.
enum Body {
    Ball { centre: [f32; 3], radius: f32 },
    Tube { centre: [f32; 3], axis: usize, radius: f32 },
}

impl Volumes {
    /// `count` volumes of `size` cells a side.
    ///
    /// # Panics
    /// If `size` is below 8.
    #[track_caller]
    pub fn new(count: usize, size: usize, seed: u64) -> Volumes {
        assert!(size >= 8, "Volumes: the size must be 8 or more, not {size}");
        Volumes { count, size, seed }
    }
}

impl Dataset for Volumes {
    type Item = (Tensor, Tensor);

    fn len(&self) -> usize {
        self.count
    }

    fn get(&self, index: usize, _: &mut ChaCha8Rng) -> (Tensor, Tensor) {
        let mut rng = source(Kind::Volumes, self.seed, index);
        let size = self.size;
        let bodies: Vec<Body> = (0..4).map(|place| body(place, size as f32, &mut rng)).collect();
        let (mut values, mut classes) = (Vec::new(), Vec::new());
        for cell in 0..size * size * size {
            let point = [cell / (size * size), cell / size % size, cell % size].map(|i| i as f32 + 0.5);
            let distances = bodies.iter().map(|body| body.distance(point));
            let (distance, class) = distances.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or((1.0, 0));
            let covered = (0.5 - distance).clamp(0.0, 1.0);
            values.push(0.2 + 0.6 * covered + 0.05 * normal(&mut rng));
            classes.push(if distance < 0.0 { class } else { 0 });
        }
        (Tensor::from_vec(values, [1, size, size, size]), Tensor::from_vec(classes, [size, size, size]))
    }
}

impl Body {
    /// How far a point is from the surface, below 0 inside, and the class.
    fn distance(&self, point: [f32; 3]) -> (f32, i64) {
        let square = |centre: &[f32; 3], but: usize| -> f32 {
            (0..3).filter(|&i| i != but).map(|i| (point[i] - centre[i]).powi(2)).sum()
        };
        match self {
            Body::Ball { centre, radius } => (square(centre, 3).sqrt() - radius, 1),
            Body::Tube { centre, axis, radius } => (square(centre, *axis).sqrt() - radius, 2),
        }
    }
}

/// Balls and tubes in turn.
fn body(place: usize, size: f32, rng: &mut ChaCha8Rng) -> Body {
    let centre = [(); 3].map(|()| between(0.2, 0.8, rng) * size);
    if place.is_multiple_of(2) {
        Body::Ball { centre, radius: size * between(0.12, 0.2, rng) }
    } else {
        Body::Tube { centre, axis: below(3, rng), radius: size * between(0.05, 0.09, rng) }
    }
}
