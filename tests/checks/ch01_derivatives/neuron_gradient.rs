//! The gradient of one neuron by the chain rule.

use super::{sigmoid, slope};
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(w: [f64; 2], x: [f64; 2], y: f64) -> [f64; 2];

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let example = answer([1.0, 2.0], [0.5, 1.0], 0.0);
    sheet.near_within(1e-3, "the example of the chapter, to 3 decimals", example, [0.065, 0.13]);
    for (w, x, y) in
        [([1.0, 2.0], [0.5, 1.0], 1.0), ([-0.3, 0.8], [2.0, -1.0], 0.0), ([0.2, 0.1], [0.0, 3.0], 0.5)]
    {
        let loss = |w: [f64; 2]| (sigmoid(w[0] * x[0] + w[1] * x[1]) - y).powi(2);
        let expected = [slope(|w0| loss([w0, w[1]]), w[0]), slope(|w1| loss([w[0], w1]), w[1])];
        sheet.near(format!("w = {w:?}, x = {x:?}, y = {y}"), answer(w, x, y), expected);
    }
}

/// dl/ds, the part that both weights share.
fn shared(w: [f64; 2], x: [f64; 2], y: f64) -> f64 {
    let z = sigmoid(w[0] * x[0] + w[1] * x[1]);
    2.0 * (z - y) * z * (1.0 - z)
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to stop at the sum. These are dl/ds, the same for both weights; the last step, from s to each weight, \
         multiplies by that weight's input.",
        |w, x, y| [shared(w, x, y); 2],
    ),
    (
        "to leave out the slope of the sigmoid. Between the loss and the sum stands z = sigmoid(s), whose derivative \
         z * (1 - z) is a factor of its own, and never more than 0.25.",
        |w, x, y| {
            let z = sigmoid(w[0] * x[0] + w[1] * x[1]);
            x.map(|x| 2.0 * (z - y) * x)
        },
    ),
    (
        "to lose the 2 of the square: the derivative of (z - y)^2 is 2 (z - y). All is half of what it should be.",
        |w, x, y| {
            let half = shared(w, x, y) / 2.0;
            x.map(|x| half * x)
        },
    ),
    (
        "to put z through the sigmoid once more. The slope is s (1 - s) with s = sigmoid(x), and here z is that s \
         already: z * (1 - z).",
        |w, x, y| {
            let z = sigmoid(w[0] * x[0] + w[1] * x[1]);
            x.map(|x| 2.0 * (z - y) * sigmoid(z) * (1.0 - sigmoid(z)) * x)
        },
    ),
    (
        "to swap the weights and the inputs. ds/dw is x: the input says how much its weight matters.",
        |w, x, y| w.map(|w_i| shared(w, x, y) * w_i),
    ),
];
