//! Gradient checks in F64 of every differentiable op: its backward against central differences of its forward.
//!
//! The ops are called through the arms of the fixtures, on inputs of their own: random, strided, broadcast. One topic a file.

mod activations;
mod attention;
mod conv;
mod conv3d;
mod conv_layers;
mod conv_transpose;
mod elementwise;
mod embedding;
mod fold;
mod functions;
mod indexing;
mod interpolate;
mod linear;
mod losses;
mod matmul;
mod measures;
mod movement;
mod norm;
mod picking;
mod pool;
mod pooling;
mod rearranging;
mod reductions;
mod rnn;
mod row_norm;
mod sorting;

use std::collections::BTreeSet;

use minitensor::{Tensor, gradcheck};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;

use crate::devices;
use crate::fixture::{Args, Fixture};
use crate::runner::Arm;

/// An input of a check.
enum Input {
    /// Numbers from −2 to 2, in a layout of which no stride is what it would be by default.
    Real(&'static [usize]),
    /// Numbers from 0.5 to 2.5: for ln, sqrt and divisors.
    Positive(&'static [usize]),
    /// As `Positive`, but of no interest to the gradient: running statistics, the weights of classes.
    Constant(&'static [usize]),
    /// Numbers from 0.05 to 0.95.
    Probability(&'static [usize]),
    /// As many −1 as 1, of no interest to the gradient.
    Sign(&'static [usize]),
    /// A real tensor repeated to a larger shape.
    Expanded(&'static [usize], &'static [usize]),
    /// Whole numbers in `0..high`.
    Index(i64, &'static [usize]),
    /// Zeros and ones.
    Mask(&'static [usize]),
}
use Input::{Constant, Expanded, Index, Mask, Positive, Probability, Real, Sign};

/// Checks of one topic: op, arguments, inputs.
type Checks = Vec<(&'static str, Value, Vec<Input>)>;

/// Runs the checks of a topic, and fails with all that went wrong; each differentiable op must have one.
fn check(topic: &str, arms: &[Arm], checks: Checks) {
    let description = Fixture::open(topic).description();
    let differentiable = description
        .cases
        .values()
        .filter(|case| !case.differentiable.is_empty())
        .map(|case| case.op.as_str());
    let checked: BTreeSet<&str> = checks.iter().map(|(op, ..)| *op).collect();
    let mut failures: Vec<String> = differentiable
        .collect::<BTreeSet<_>>()
        .difference(&checked)
        .map(|op| format!("{op} has a gradient, but no gradient check"))
        .collect();

    for device in devices::all() {
        let wrong = device.scope(|| wrong_gradients(arms, &checks));
        failures.extend(wrong.into_iter().map(|wrong| format!("on {device}, {wrong}")));
    }
    assert!(failures.is_empty(), "{topic}:\n  {}\n", failures.join("\n  "));
}

/// What goes wrong on the current device.
fn wrong_gradients(arms: &[Arm], checks: &Checks) -> Vec<String> {
    let mut failures = Vec::new();
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    for (op, arguments, inputs) in checks {
        let drawn: Vec<Tensor> = inputs.iter().map(|input| input.draw(&mut rng)).collect();
        let shapes: Vec<_> = drawn.iter().map(|x| format!("{:?}", x.shape())).collect();
        let wanted: Vec<usize> =
            (0..drawn.len()).filter(|&i| !matches!(inputs[i], Constant(_) | Sign(_))).collect();
        let (_, arm) = arms.iter().find(|(name, _)| name == op).unwrap_or_else(|| panic!("{op} has no arm"));
        let args = Args::from(arguments.clone());
        let call = |moved: &[Tensor]| {
            let mut x = drawn.clone();
            wanted.iter().zip(moved).for_each(|(&i, moved)| x[i] = moved.clone());
            arm(&x, &args).remove(0)
        };
        let moved: Vec<Tensor> = wanted.iter().map(|&i| drawn[i].clone()).collect();
        if let Err(wrong) = gradcheck(call, &moved) {
            failures.push(format!("{op} {arguments} of {}: {wrong}", shapes.join(", ")));
        }
    }
    failures
}

impl Input {
    fn draw(&self, rng: &mut ChaCha8Rng) -> Tensor {
        match *self {
            Real(shape) => strided(shape, rng, |rng| rng.random_range(-2.0..2.0)),
            Positive(shape) | Constant(shape) => strided(shape, rng, |rng| rng.random_range(0.5..2.5)),
            Probability(shape) => strided(shape, rng, |rng| rng.random_range(0.05..0.95)),
            Sign(shape) => strided(shape, rng, |rng| f64::from(2 * rng.random_range(0..2i8) - 1)),
            Expanded(from, to) => strided(from, rng, |rng| rng.random_range(-2.0..2.0)).expand(to),
            Index(high, shape) => strided(shape, rng, |rng| rng.random_range(0..high)),
            Mask(shape) => strided(shape, rng, |rng| rng.random_range(0..2u8)),
        }
    }
}

/// Random elements of this shape, seen through a reversed, narrowed and stepped view of a larger tensor.
fn strided<T: minitensor::Element>(
    shape: &[usize],
    rng: &mut ChaCha8Rng,
    mut draw: impl FnMut(&mut ChaCha8Rng) -> T,
) -> Tensor {
    let larger: Vec<usize> = shape.iter().rev().map(|&size| 2 * size + 1).collect();
    let base = Tensor::from_vec((0..larger.iter().product()).map(|_| draw(rng)).collect(), larger);
    let reversed: Vec<isize> = (0..shape.len() as isize).rev().collect();
    let turned = base.permute(&reversed);
    (0..shape.len()).fold(turned, |x, d| x.narrow(d as isize, 1, 2 * shape[d]).step(d as isize, 2))
}
