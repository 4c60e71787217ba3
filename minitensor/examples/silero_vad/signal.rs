//! Four seconds of sound from formulas: what is speech in it, and what is not.

use std::f64::consts::{PI, TAU};

/// Samples a second.
pub(crate) const RATE: usize = 16_000;

/// The first three resonances of a mouth that says a, i, u, e, o, in Hz (after Peterson and Barney, 1952).
const VOWELS: [[f64; 3]; 5] = [
    [730.0, 1090.0, 2440.0],
    [270.0, 2290.0, 3010.0],
    [570.0, 840.0, 2410.0],
    [530.0, 1840.0, 2480.0],
    [300.0, 870.0, 2240.0],
];

/// A swept tone, a pause, five vowels, a pause, another sweep.
pub(crate) fn signal() -> Vec<f32> {
    (0..4 * RATE).map(|i| sample(i as f64 / RATE as f64) as f32).collect()
}

fn sample(t: f64) -> f64 {
    match t {
        _ if t < 0.8 => 0.3 * (TAU * (200.0 * t + 1000.0 * t * t)).sin(),
        _ if (1.2..3.2).contains(&t) => vowel(t, (t - 1.2) / 0.4),
        _ if t >= 3.6 => 0.3 * (TAU * (3000.0 * (t - 3.6) - 2500.0 * (t - 3.6) * (t - 3.6))).sin(),
        _ => 0.0,
    }
}

/// The harmonics of a voice that rises and falls, each as loud as the resonances near it let it be.
fn vowel(t: f64, syllable: f64) -> f64 {
    let envelope = (PI * syllable.fract()).sin().powi(2);
    let pitch = 120.0 + 30.0 * (TAU * 0.7 * t).sin(); // Hz
    let phase = TAU * 120.0 * t + 30.0 / 0.7 * (1.0 - (TAU * 0.7 * t).cos()); // its integral, times τ
    let resonances = VOWELS[syllable as usize];
    let harmonic = |k: f64| {
        let near = |(f, weight): (f64, f64)| weight / (1.0 + ((k * pitch - f) / 80.0).powi(2));
        let loudness: f64 = resonances.into_iter().zip([1.0, 0.5, 0.25]).map(near).sum();
        loudness * (k * phase).sin()
    };
    0.15 * envelope * (1..30).map(|k| harmonic(f64::from(k))).sum::<f64>()
}
