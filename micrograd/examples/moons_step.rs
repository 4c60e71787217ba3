//! One training step on all of a hundred moon points, timed: the workload that `tests/peers/micrograd_step.py` compares
//! with the same step in Python. Prints the median in milliseconds and the losses, as one line of JSON.

use micrograd::{Activation, Mlp, Sgd, Value, hinge_loss};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use std::f64::consts::PI;
use std::time::Instant;

const STEPS: usize = 40;

fn main() {
    let net = Mlp::new(&[2, 16, 16, 1], Activation::Relu, &mut ChaCha8Rng::seed_from_u64(0));
    let parameters = net.parameters();
    // Weights that Python can make as well.
    parameters.iter().zip(1_u32..).for_each(|(w, k)| w.set_data(0.5 * f64::from(k).sin()));
    let (points, labels) = moons();
    let sgd = Sgd::new(parameters.clone(), 0.05);

    let mut times = Vec::new();
    let mut losses = Vec::new();
    for _ in 0..STEPS {
        let start = Instant::now();
        let scores: Vec<Value> = points.iter().map(|x| net.forward(&x.map(Value::new))[0].clone()).collect();
        let decay: Value = parameters.iter().map(|w| w * w).sum();
        let loss = hinge_loss(&scores, &labels) + decay * 1e-4;
        sgd.zero_grad();
        loss.backward();
        sgd.step();
        losses.push(loss.data());
        drop((loss, scores)); // Python frees the graph in its step, too
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    println!(
        r#"{{"workload": "micrograd_moons_step", "ms": {:.4}, "losses": {losses:?}}}"#,
        times[STEPS / 2]
    );
}

/// Fifty points on each of two half circles that reach into each other, labelled -1 and 1.
fn moons() -> (Vec<[f64; 2]>, Vec<f64>) {
    let point = |i: u32| {
        let angle = PI * f64::from(i / 2) / 49.0;
        match i % 2 {
            0 => ([angle.cos(), angle.sin()], -1.0),
            _ => ([1.0 - angle.cos(), 0.5 - angle.sin()], 1.0),
        }
    };
    (0..100).map(point).unzip()
}
