//! The path of gradient descent.

use super::sigmoid;
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(&dyn Fn([f64; 2]) -> [f64; 2], [f64; 2], f64, usize) -> Vec<[f64; 2]>;

/// The gradient of the chapter's example.
fn example(w: [f64; 2]) -> [f64; 2] {
    let z = sigmoid(0.5 * w[0] + w[1]);
    [z * z * (1.0 - z), 2.0 * z * z * (1.0 - z)]
}

/// The gradient of w0^2 + w0 w1 + w1^2, a tilted bowl.
fn bowl([w0, w1]: [f64; 2]) -> [f64; 2] {
    [2.0 * w0 + w1, w0 + 2.0 * w1]
}

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let step = answer(&example, [1.0, 2.0], 0.1, 1);
    sheet.near_within(1e-4, "one step of the chapter's example", step, [[1.0, 2.0], [0.9935, 1.987]]);
    let path = [[4.0, 0.0], [2.0, -1.0], [1.25, -1.0], [0.875, -0.8125]];
    sheet.near("a tilted bowl, rate 0.25, 3 steps", answer(&bowl, [4.0, 0.0], 0.25, 3), path);
    sheet.near("no step at all", answer(&bowl, [4.0, 0.0], 0.25, 0), [[4.0, 0.0]]);
}

/// Walks with `step`, which gives the next place.
fn walk(start: [f64; 2], steps: usize, step: impl Fn([f64; 2]) -> [f64; 2]) -> Vec<[f64; 2]> {
    std::iter::successors(Some(start), |w| Some(step(*w))).take(steps + 1).collect()
}

/// `w` moved by so many times `g`.
fn moved(w: [f64; 2], by: f64, g: [f64; 2]) -> [f64; 2] {
    [w[0] + by * g[0], w[1] + by * g[1]]
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to add the gradient. It points to where the loss grows fastest, so that climbs; subtract it.",
        |gradient, start, rate, steps| walk(start, steps, |w| moved(w, rate, gradient(w))),
    ),
    (
        "to ask for the gradient once, at the start. The slope is another at every place: ask again at each step.",
        |gradient, start, rate, steps| walk(start, steps, |w| moved(w, -rate, gradient(start))),
    ),
    (
        "to move one weight before asking about the other. Both steps belong to the gradient at one place: find all \
         of it, then move.",
        |gradient, start, rate, steps| {
            walk(start, steps, |[w0, w1]| {
                let w0 = w0 - rate * gradient([w0, w1])[0];
                [w0, w1 - rate * gradient([w0, w1])[1]]
            })
        },
    ),
    (
        "to leave out the start. The path has steps + 1 places, and `start` is the first of them.",
        |gradient, start, rate, steps| walk(start, steps, |w| moved(w, -rate, gradient(w))).split_off(1),
    ),
];
