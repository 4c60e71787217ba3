//! The backward rule of softmax.

use super::{gradient, numbers, softmax};
use minitensor::Tensor;
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(y: &Tensor, grad: &Tensor) -> Tensor;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let scores = Tensor::from([[1.0, 2.0, 3.0], [0.5, 0.5, -1.0]]);
    for (case, grad) in [
        ("gradient 1 for one output of each row", Tensor::from([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])),
        ("gradient 1 for all: their sum is always 1", Tensor::from([[1.0; 3]; 2])),
        ("any gradient", Tensor::from([[0.3, -2.0, 1.0], [4.0, 0.0, -0.5]])),
    ] {
        let got = answer(&softmax(&scores), &grad);
        let x = scores.detach().requires_grad_();
        (softmax(&x) * &grad).sum().backward();
        sheet.near(case, numbers(&got), gradient(&x));
    }
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to count each output's own input only: y (1 - y) is the diagonal. A score that rises takes from all others in its \
         row, and that is the second case.",
        |y, grad| y * (1.0 - y) * grad,
    ),
    (
        "to sum over the whole batch. Rows do not compete with each other: sum over the last dimension, and keep it.",
        |y, grad| y * (grad - (y * grad).sum()),
    ),
    (
        "to subtract the mean of the gradient. It is the mean weighted by y that goes: outputs count by their probability.",
        |y, grad| y * (grad - grad.mean_dim(-1, true)),
    ),
    ("to leave out the factor y at the front.", |y, grad| grad - (y * grad).sum_dim(-1, true)),
];
