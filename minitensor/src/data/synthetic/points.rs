//! Points in the plane with a class each: (points (N, 2) in `F32`, classes (N) in `I64`).

use std::f32::consts::{PI, TAU};

use rand::Rng;
use rand::rngs::ChaCha8Rng;

use super::{Kind, below, between, normal, source};
use crate::Tensor;

/// Two half circles that reach into each other, as in scikit-learn: (cos t, sin t) and (1 - cos t, 1/2 - sin t) for t from
/// 0 to pi, with normal noise.
pub fn moons(count: usize, noise: f32, seed: u64) -> (Tensor, Tensor) {
    labelled(count, 2, noise, source(Kind::Moons, seed, 0), |class, place, _| {
        let (sin, cos) = (PI * place).sin_cos();
        if class == 0 { [cos, sin] } else { [1.0 - cos, 0.5 - sin] }
    })
}

/// So many arms of a spiral, a class each: at radius r from 0 to 1, each has turned by `turns` r full circles.
pub fn spirals(count: usize, arms: usize, turns: f32, noise: f32, seed: u64) -> (Tensor, Tensor) {
    labelled(count, arms, noise, source(Kind::Spirals, seed, 0), |class, radius, _| {
        let (sin, cos) = (TAU * (turns * radius + class as f32 / arms as f32)).sin_cos();
        [radius * cos, radius * sin]
    })
}

/// Circles around one centre, of radius 1, 2, 3..., a class each.
pub fn rings(count: usize, circles: usize, noise: f32, seed: u64) -> (Tensor, Tensor) {
    labelled(count, circles, noise, source(Kind::Rings, seed, 0), |class, place, _| {
        let (sin, cos) = (TAU * place).sin_cos();
        [(class + 1) as f32 * cos, (class + 1) as f32 * sin]
    })
}

/// Round clouds of deviation `noise`, a class each, around centres drawn evenly from the square from -5 to 5.
pub fn blobs(count: usize, clouds: usize, noise: f32, seed: u64) -> (Tensor, Tensor) {
    let mut rng = source(Kind::Blobs, seed, 0);
    let mut coordinate = || between(-5.0, 5.0, &mut rng);
    let centres: Vec<[f32; 2]> = (0..clouds).map(|_| [coordinate(), coordinate()]).collect();
    labelled(count, clouds, noise, rng, |class, _, _| centres[class])
}

/// Clouds around the corners (±1, ±1): class 1 where the signs differ, which no straight line parts from class 0.
pub fn xor(count: usize, noise: f32, seed: u64) -> (Tensor, Tensor) {
    labelled(count, 2, noise, source(Kind::Xor, seed, 0), |class, _, rng| {
        let x = if below(2, rng) == 0 { -1.0 } else { 1.0 };
        [x, if class == 0 { x } else { -x }]
    })
}

/// `count` points, the classes in turn. `at` says where a point of a class is, given how far along it is, from 0 to 1.
#[track_caller]
fn labelled(
    count: usize,
    classes: usize,
    noise: f32,
    mut rng: ChaCha8Rng,
    at: impl Fn(usize, f32, &mut ChaCha8Rng) -> [f32; 2],
) -> (Tensor, Tensor) {
    assert!(classes > 0, "points with a class need one class at least");
    let mut points = Vec::with_capacity(2 * count);
    for index in 0..count {
        let (class, members) = (index % classes, count.div_ceil(classes));
        let place = (index / classes) as f32 / (members - 1).max(1) as f32;
        let point = at(class, place, &mut rng);
        points.extend(shaken(point, noise, &mut rng));
    }
    let labels = (0..count).map(|index| (index % classes) as i64).collect();
    (Tensor::from_vec(points, [count, 2]), Tensor::from_vec(labels, [count]))
}

/// The point with normal noise of deviation `noise`.
pub(super) fn shaken([x, y]: [f32; 2], noise: f32, rng: &mut impl Rng) -> [f32; 2] {
    [x + noise * normal(rng), y + noise * normal(rng)]
}
