//! One thing forward, another backward.

use super::{gradient, numbers};
use minitensor::Tensor;
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(x: &Tensor) -> Tensor;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let x = Tensor::from([0.3, -2.0, 0.0, 5.0]).requires_grad_();
    let y = answer(&x);
    sheet.near("forward, at 0.3, -2, 0, 5", numbers(&y), [1.0, -1.0, 0.0, 1.0]);
    let weighted = (&y * Tensor::from([1.0, 2.0, 3.0, 4.0])).sum();
    if weighted.requires_grad() {
        weighted.backward();
    }
    // NaN stands for no gradient at all.
    sheet.near("backward, of 1, 2, 3, 4", gradient(&x), [1.0, 2.0, 3.0, 4.0]);
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to leave the sign in the graph: by itself, beside an x that is detached, or with x added and taken away again. It is \
         right forward, but the gradient that comes back is that of the sign, 0, and nothing learns.",
        |x| x + (x.sign() - x),
    ),
    ("to detach the whole. Then there is no way back at all: one part has to stay in the graph.", |x| {
        (x + (x.sign() - x)).detach()
    }),
    ("to pass x itself. Then the way back is right, and the way forward is not the sign.", |x| x * 1.0),
    (
        "to add the sign and not to take x away again. The part without a gradient has to make up the difference from x to \
         its sign.",
        |x| x + x.sign().detach(),
    ),
];
