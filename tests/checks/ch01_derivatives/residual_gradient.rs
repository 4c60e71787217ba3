//! The gradient of a layer with a bridge past it.

use super::slope;
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(weights: [[f64; 2]; 2], bias: [f64; 2], a: [f64; 2]) -> [f64; 2];

/// What each unit adds up, before relu.
fn sums(weights: [[f64; 2]; 2], bias: [f64; 2], a: [f64; 2]) -> [f64; 2] {
    [0, 1].map(|i| weights[i][0] * a[0] + weights[i][1] * a[1] + bias[i])
}

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let weights = [[1.0, -2.0], [0.5, 3.0]];
    for (case, bias, a) in [
        ("both units above zero", [5.0, 0.0], [1.0, 1.0]),
        ("the second unit asleep", [5.0, -9.0], [1.0, 1.0]),
        ("the first unit asleep", [0.0, 0.0], [1.0, 1.0]),
        ("both asleep: the bridge alone", [-5.0, -5.0], [1.0, 1.0]),
        ("a negative input", [1.0, 2.0], [1.0, -0.5]),
    ] {
        let y = |a: [f64; 2]| sums(weights, bias, a).iter().zip(a).map(|(s, a)| s.max(0.0) + a).sum::<f64>();
        let expected = [slope(|a0| y([a0, a[1]]), a[0]), slope(|a1| y([a[0], a1]), a[1])];
        sheet.near(case, answer(weights, bias, a), expected);
    }
}

/// The gradient with a bridge of `bridge`, where `on(i, j)` tells the weight that unit i passes to input j.
fn gradient(bridge: f64, on: impl Fn(usize, usize) -> f64) -> [f64; 2] {
    [0, 1].map(|j| bridge + on(0, j) + on(1, j))
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to forget the bridge. Each input also reaches the result directly, with a derivative of 1: that is why a \
         gradient still arrives where every unit is asleep.",
        |weights, bias, a| {
            let sums = sums(weights, bias, a);
            gradient(0.0, |i, j| if sums[i] > 0.0 { weights[i][j] } else { 0.0 })
        },
    ),
    (
        "to go back through the rows of the weights. Forward, unit i reads row i; backward, input j collects column \
         j, which is what the units took from it: the transpose.",
        |weights, bias, a| {
            let sums = sums(weights, bias, a);
            gradient(1.0, |i, j| if sums[i] > 0.0 { weights[j][i] } else { 0.0 })
        },
    ),
    (
        "to pass the gradient through every unit. Where the sum is not above zero, relu is flat, and nothing passes.",
        |weights, _, _| gradient(1.0, |i, j| weights[i][j]),
    ),
    (
        "to ask whether the input is above zero. What relu cuts is the sum of the unit, W a + b.",
        |weights, _, a| gradient(1.0, |i, j| if a[i] > 0.0 { weights[i][j] } else { 0.0 }),
    ),
];
