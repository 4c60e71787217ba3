//! Points to learn from, made from a seed.

use rand::{Rng, RngExt};
use std::f64::consts::{PI, TAU};

/// Points of a plane with labels of -1 or 1.
pub(super) struct Points {
    pub(super) x: Vec<[f64; 2]>,
    pub(super) labels: Vec<f64>,
}

impl Points {
    /// The points with one label, for a picture.
    pub(super) fn labelled(&self, label: f64) -> impl Iterator<Item = (f64, f64)> {
        self.x.iter().zip(&self.labels).filter(move |(_, l)| **l == label).map(|(x, _)| (x[0], x[1]))
    }
}

// ANCHOR: moons
/// Two half circles that reach into each other, with noise: the "moons" of scikit-learn.
pub(super) fn moons(count: usize, noise: f64, rng: &mut impl Rng) -> Points {
    let mut points = Points { x: Vec::new(), labels: Vec::new() };
    for i in 0..count {
        let (sin, cos) = rng.random_range(0.0..PI).sin_cos();
        let (on_moon, label) = if i % 2 == 0 { ([cos, sin], -1.0) } else { ([1.0 - cos, 0.5 - sin], 1.0) };
        points.x.push(on_moon.map(|x| x + noise * normal(rng)));
        points.labels.push(label);
    }
    points
}
// ANCHOR_END: moons

/// A ring of radius 1 (label -1) inside one of radius 2, with noise.
pub(super) fn rings(count: usize, noise: f64, rng: &mut impl Rng) -> Points {
    let mut points = Points { x: Vec::new(), labels: Vec::new() };
    for i in 0..count {
        let (radius, label) = if i % 2 == 0 { (1.0, -1.0) } else { (2.0, 1.0) };
        let (sin, cos) = rng.random_range(0.0..TAU).sin_cos();
        points.x.push([radius * cos, radius * sin].map(|x| x + noise * normal(rng)));
        points.labels.push(label);
    }
    points
}

/// A number from the bell curve of width 1 (Box and Muller 1958).
fn normal(rng: &mut impl Rng) -> f64 {
    let (u, v): (f64, f64) = (rng.random(), rng.random());
    (-2.0 * (1.0 - u).ln()).sqrt() * (TAU * v).cos()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{SeedableRng, rngs::ChaCha8Rng};

    #[test]
    fn without_noise_every_point_lies_on_its_curve() {
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        let points = moons(50, 0.0, &mut rng);
        for (x, label) in points.x.iter().zip(&points.labels) {
            let centre = if *label < 0.0 { [0.0, 0.0] } else { [1.0, 0.5] };
            let (dx, dy) = (x[0] - centre[0], x[1] - centre[1]);
            assert!((dx.hypot(dy) - 1.0).abs() < 1e-12 && dy * label <= 0.0);
        }
        let points = rings(50, 0.0, &mut rng);
        assert!(points.labelled(1.0).all(|(x, y)| (x.hypot(y) - 2.0).abs() < 1e-12));
        assert_eq!(points.labelled(-1.0).count(), 25);
    }

    #[test]
    fn noise_has_the_width_of_a_bell_curve() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let sample: Vec<f64> = (0..20_000).map(|_| normal(&mut rng)).collect();
        let mean = sample.iter().sum::<f64>() / 20_000.0;
        let variance = sample.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.05, "mean {mean}, variance {variance}");
    }
}
