//! The gradient of the first of two layers.

use super::{sigmoid, slope};
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(w1: f64, w2: f64, x: f64, y: f64) -> f64;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    for (w1, w2, x, y) in
        [(0.5, 2.0, 1.0, 0.0), (0.5, 2.0, 1.0, 1.0), (-1.0, 3.0, 2.0, 0.5), (1.0, -0.5, -2.0, 0.0)]
    {
        let expected = slope(|w1| (sigmoid(w2 * sigmoid(w1 * x)) - y).powi(2), w1);
        sheet.near(format!("w1 = {w1}, w2 = {w2}, x = {x}, y = {y}"), answer(w1, w2, x, y), expected);
    }
}

/// The five factors on the way back, from the loss to w1.
fn factors(w1: f64, w2: f64, x: f64, y: f64) -> [f64; 5] {
    let h = sigmoid(w1 * x);
    let z = sigmoid(w2 * h);
    [2.0 * (z - y), z * (1.0 - z), w2, h * (1.0 - h), x]
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to leave out w2. The way from z back to h crosses the product w2 * h, whose derivative by h is w2; a layer \
         passes its gradient back through its weights.",
        |w1, w2, x, y| factors(w1, w2, x, y).iter().product::<f64>() / w2,
    ),
    (
        "to turn off at w2: with h for a factor where w2 should be, it is about dl/dw2 that goes on to x. By h, the \
         derivative of w2 * h is w2.",
        |w1, w2, x, y| factors(w1, w2, x, y).iter().product::<f64>() / w2 * sigmoid(w1 * x),
    ),
    (
        "to count one sigmoid only. There are two on the way, and the gradient passes h * (1 - h) as well as \
         z * (1 - z).",
        |w1, w2, x, y| {
            let [loss, outer, weight, _, input] = factors(w1, w2, x, y);
            loss * outer * weight * input
        },
    ),
    ("to stop before x. The last step is from the sum w1 * x to w1, and its factor is x.", |w1, w2, x, y| {
        factors(w1, w2, x, y)[..4].iter().product()
    }),
];
