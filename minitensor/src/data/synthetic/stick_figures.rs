//! Stick figures, and where their joints are: what the stacked hourglass learns (Newell et al. 2016,
//! <https://arxiv.org/abs/1603.06937>).

use rand::rngs::ChaCha8Rng;

use super::canvas::{Canvas, Figure};
use super::{Kind, between, normal, source};
use crate::Tensor;
use crate::data::Dataset;

/// The joints, in the order in which they come.
pub const JOINTS: [&str; 11] = [
    "head",
    "neck",
    "hip",
    "left elbow",
    "left hand",
    "right elbow",
    "right hand",
    "left knee",
    "left foot",
    "right knee",
    "right foot",
];

/// The joints between which a stick runs.
const BONES: [(usize, usize); 10] =
    [(0, 1), (1, 2), (1, 3), (3, 4), (1, 5), (5, 6), (2, 7), (7, 8), (2, 9), (9, 10)];

/// Example `i` is (a picture (1, S, S) in `F32`, 0 to 1; the joints (11, 2) in `F32`: x and y in pixels, the centre of the
/// first pixel being (0.5, 0.5)).
#[derive(Debug, Clone)]
pub struct StickFigures {
    count: usize,
    size: usize,
    seed: u64,
}

impl StickFigures {
    /// `count` pictures of `size` x `size` pixels.
    ///
    /// # Panics
    /// If `size` is below 16.
    #[track_caller]
    pub fn new(count: usize, size: usize, seed: u64) -> StickFigures {
        assert!(size >= 16, "StickFigures: the size must be 16 or more, not {size}");
        StickFigures { count, size, seed }
    }
}

impl Dataset for StickFigures {
    type Item = (Tensor, Tensor);

    fn len(&self) -> usize {
        self.count
    }

    fn get(&self, index: usize, _: &mut ChaCha8Rng) -> (Tensor, Tensor) {
        let mut rng = source(Kind::StickFigures, self.seed, index);
        let size = self.size as f32;
        let joints = pose(size, &mut rng);
        let mut canvas = Canvas::new(self.size, self.size, &[0.1]);
        for (from, to) in BONES {
            let bone = Figure::Stick { from: joints[from], to: joints[to], radius: size / 55.0 };
            canvas.paint(&bone, &[0.9]);
        }
        canvas.paint(&Figure::Disc { centre: joints[0], radius: size * 0.055 }, &[0.9]);
        canvas.shake(|| 0.02 * normal(&mut rng));
        (
            Tensor::from_vec(canvas.values, canvas.shape),
            Tensor::from_vec(joints.as_flattened().to_vec(), [joints.len(), 2]),
        )
    }
}

/// A map a joint with a bump of height 1 where the joint is, exp(-|x - joint|² / (2 sigma²)): (K, 2) to (K, H, W).
///
/// # Panics
/// If `joints` is not (K, 2) in `F32`, or `sigma` is not above 0.
#[track_caller]
pub fn heatmaps(joints: &Tensor, [height, width]: [usize; 2], sigma: f32) -> Tensor {
    let [count, two] = joints.dims();
    assert!(
        two == 2 && sigma > 0.0,
        "heatmaps: joints of shape (K, 2) and a sigma above 0 are needed, not {:?} and {sigma}",
        joints.shape()
    );
    let mut values = Vec::with_capacity(count * height * width);
    for joint in joints.to_vec::<f32>().chunks_exact(2) {
        values.extend(super::canvas::pixels(height, width).map(|[x, y]| {
            let (dx, dy) = (x - joint[0], y - joint[1]);
            (-(dx * dx + dy * dy) / (2.0 * sigma * sigma)).exp()
        }));
    }
    Tensor::from_vec(values, [count, height, width])
}

/// The centre of the highest pixel of each map: (K, H, W) to (K, 2), x and y.
///
/// # Panics
/// If `maps` is not (K, H, W) in `F32` with a pixel at least.
#[track_caller]
pub fn peaks(maps: &Tensor) -> Tensor {
    let [count, height, width] = maps.dims();
    assert!(height * width > 0, "peaks: maps of shape {:?} have no pixel", maps.shape());
    let highest = maps.reshape([count, height * width]).max_dim(1, false).1.to_vec::<i64>();
    let place = |pixel: i64| [(pixel as usize % width) as f32 + 0.5, (pixel as usize / width) as f32 + 0.5];
    Tensor::from_vec(highest.into_iter().flat_map(place).collect(), [count, 2])
}

/// Where the joints are, all inside the picture.
fn pose(size: f32, rng: &mut ChaCha8Rng) -> [[f32; 2]; 11] {
    let limb = 0.13 * size;
    // Angles from straight down; positive to the right.
    let step =
        |[x, y]: [f32; 2], angle: f32, length: f32| [x + length * angle.sin(), y + length * angle.cos()];
    let hip = [size * between(0.42, 0.58, rng), size * between(0.54, 0.62, rng)];
    let lean = between(-0.25, 0.25, rng);
    let neck = step(hip, std::f32::consts::PI + lean, 0.25 * size);
    let head = step(neck, std::f32::consts::PI + lean + between(-0.3, 0.3, rng), 0.11 * size);
    let mut arm = |side: f32| {
        let upper = side * between(0.3, 2.4, rng);
        let elbow = step(neck, upper, limb);
        [elbow, step(elbow, upper + side * between(0.0, 1.4, rng), limb)]
    };
    let ([left_elbow, left_hand], [right_elbow, right_hand]) = (arm(-1.0), arm(1.0));
    let mut leg = |side: f32| {
        let upper = side * between(0.05, 0.8, rng);
        let knee = step(hip, upper, 1.2 * limb);
        [knee, step(knee, upper - side * between(0.0, 0.9, rng), 1.2 * limb)]
    };
    let ([left_knee, left_foot], [right_knee, right_foot]) = (leg(-1.0), leg(1.0));
    [
        head,
        neck,
        hip,
        left_elbow,
        left_hand,
        right_elbow,
        right_hand,
        left_knee,
        left_foot,
        right_knee,
        right_foot,
    ]
}
