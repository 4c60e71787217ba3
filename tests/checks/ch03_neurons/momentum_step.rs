//! Gradient descent that keeps rolling.

use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer =
    fn(weights: &mut [f64], velocity: &mut [f64], gradient: &[f64], rate: f64, momentum: f64);

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let (mut weights, mut velocity) = ([1.0, -1.0], [0.0, 0.0]);
    // The gradient stays at (2, -4): the velocity is 1, 1.9, 2.71 times that, and would end at 10 times.
    for (step, pace) in [1.0, 1.9, 2.71].into_iter().enumerate() {
        let before = weights;
        answer(&mut weights, &mut velocity, &[2.0, -4.0], 0.1, 0.9);
        sheet.near(format!("step {}: velocity", step + 1), velocity, [2.0 * pace, -4.0 * pace]);
        sheet.near("        weights", weights, [before[0] - 0.2 * pace, before[1] + 0.4 * pace]);
    }
    let before = weights;
    answer(&mut weights, &mut velocity, &[0.0, 0.0], 0.1, 0.9);
    sheet.near("no gradient: it rolls on", weights, [before[0] - 0.2 * 2.439, before[1] + 0.4 * 2.439]);
    let (mut weights, mut velocity) = ([3.0], [7.0]);
    answer(&mut weights, &mut velocity, &[2.0], 0.5, 0.0);
    sheet.near("momentum 0 is plain descent", weights, [2.0]);
}

/// A step of one rule for every weight: `(weight, velocity, gradient)` to the new weight and velocity.
fn each(w: &mut [f64], v: &mut [f64], gradient: &[f64], rule: impl Fn(f64, f64, f64) -> (f64, f64)) {
    for ((w, v), g) in w.iter_mut().zip(v).zip(gradient) {
        (*w, *v) = rule(*w, *v, *g);
    }
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to move by the gradient and not by the velocity. Then the velocity is kept, and nobody uses it.",
        |w, v, g, rate, momentum| each(w, v, g, |w, v, g| (w - rate * g, momentum * v + g)),
    ),
    (
        "to move first and find the velocity after. The step uses the new velocity, so that already the first one moves.",
        |w, v, g, rate, momentum| each(w, v, g, |w, v, g| (w - rate * v, momentum * v + g)),
    ),
    (
        "to weigh the gradient by 1 - momentum. That is an average, as Adam takes it; the momentum of SGD adds up: with 0.9, \
         a gradient that stays the same is worth ten of itself in the end.",
        |w, v, g, rate, momentum| {
            each(w, v, g, |w, v, g| {
                let v = momentum * v + (1.0 - momentum) * g;
                (w - rate * v, v)
            })
        },
    ),
    (
        "to forget the velocity there was. `momentum * velocity + gradient` has both: what it rolls with, and the push.",
        |w, v, g, rate, _| each(w, v, g, |w, _, g| (w - rate * g, g)),
    ),
];
