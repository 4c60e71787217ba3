//! One picture, several questions: which of five figures it shows, and where.

use rand::rngs::ChaCha8Rng;

use super::canvas::{Canvas, Figure};
use super::shapes::rectangle;
use super::{Kind, below, between, normal, source};
use crate::Tensor;
use crate::data::Dataset;

/// Example `i` is (a picture (1, S, S) in `F32`, 0 to 1; its class, 0 to 4; two numbers (2) in `F32`: where the centre of
/// the figure is, x and y from -1 to 1).
#[derive(Debug, Clone)]
pub struct ManyTasks {
    count: usize,
    size: usize,
    seed: u64,
}

impl ManyTasks {
    /// The name of each class.
    pub const CLASSES: [&'static str; 5] = ["circle", "triangle", "rectangle", "cross", "ring"];

    /// `count` pictures of `size` x `size` pixels.
    ///
    /// # Panics
    /// If `size` is below 12.
    #[track_caller]
    pub fn new(count: usize, size: usize, seed: u64) -> ManyTasks {
        assert!(size >= 12, "ManyTasks: the size must be 12 or more, not {size}");
        ManyTasks { count, size, seed }
    }
}

impl Dataset for ManyTasks {
    type Item = (Tensor, i64, Tensor);

    fn len(&self) -> usize {
        self.count
    }

    fn get(&self, index: usize, _: &mut ChaCha8Rng) -> (Tensor, i64, Tensor) {
        let mut rng = source(Kind::ManyTasks, self.seed, index);
        let size = self.size as f32;
        let class = below(5, &mut rng);
        let radius = size * between(0.16, 0.25, &mut rng);
        let centre = [(); 2].map(|()| between(radius, size - radius, &mut rng));
        let angle = between(0.0, std::f32::consts::TAU, &mut rng);
        let (ground, ink) = (between(0.0, 0.2, &mut rng), between(0.6, 1.0, &mut rng));
        let mut canvas = Canvas::new(self.size, self.size, &[ground]);
        for (figure, is_ink) in figures(class, centre, radius, angle) {
            canvas.paint(&figure, &[if is_ink { ink } else { ground }]);
        }
        canvas.shake(|| 0.03 * normal(&mut rng));
        let numbers = centre.map(|x| 2.0 * x / size - 1.0).to_vec();
        (Tensor::from_vec(canvas.values, canvas.shape), class as i64, Tensor::from_vec(numbers, [2]))
    }
}

/// What is painted one after the other, and whether in ink or in the colour of the ground.
fn figures(class: usize, centre: [f32; 2], radius: f32, angle: f32) -> Vec<(Figure, bool)> {
    let bar = |angle: f32| rectangle(centre, radius, angle, 0.25);
    match class {
        0 => vec![(Figure::Disc { centre, radius }, true)],
        1 => vec![(Figure::regular(3, centre, radius, angle), true)],
        2 => vec![(rectangle(centre, radius, angle, 0.5), true)],
        3 => vec![(bar(angle), true), (bar(angle + std::f32::consts::FRAC_PI_2), true)],
        _ => {
            let hole = Figure::Disc { centre, radius: 0.55 * radius };
            vec![(Figure::Disc { centre, radius }, true), (hole, false)]
        }
    }
}
