//! The backward pass of a linear layer.

use super::{gradient, numbers};
use minitensor::Tensor;
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(x: &Tensor, weight: &Tensor, target: &Tensor) -> [Tensor; 2];

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    // As many rows as outputs, and then not: a product that is transposed may fit by chance.
    let square = (
        Tensor::from([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0]]),
        Tensor::from([[1.0, 1.0, 0.5], [0.0, 2.0, -1.0]]),
        Tensor::from([[1.0, 0.0], [0.0, -2.0]]),
    );
    let wide = (
        Tensor::from([[1.0, 2.0], [0.5, 0.0], [-1.0, 1.0], [0.0, 1.0]]),
        Tensor::from([[2.0, -1.0]]),
        Tensor::from([[0.0]; 4]),
    );
    for (case, (x, weight, target)) in
        [("batch of 2, 3 inputs, 2 outputs", square), ("batch of 4, 2 inputs, 1 output", wide)]
    {
        let [dx, dw] = answer(&x, &weight, &target);
        let (x, weight) = (x.requires_grad_(), weight.requires_grad_());
        let loss = (x.matmul(&weight.t()) - &target).square().sum() / x.shape()[0] as f64;
        loss.backward();
        sheet.near(format!("{case}: dl/dx"), numbers(&dx), gradient(&x));
        sheet.near("    dl/dw", numbers(&dw), gradient(&weight));
    }
}

/// dl/dy, times `factor`.
fn dy(x: &Tensor, weight: &Tensor, target: &Tensor, factor: f64) -> Tensor {
    (x.matmul(&weight.t()) - target) * factor
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to forget the 1/batch. The loss is a mean over the rows, so each row has its share of it: without that, the steps \
         grow with the batch.",
        |x, weight, target| {
            let dy = dy(x, weight, target, 2.0);
            [dy.matmul(weight), dy.t().matmul(x)]
        },
    ),
    (
        "to divide by the outputs as well. This mean is over the batch alone; over the outputs, the squares are summed.",
        |x, weight, target| {
            let dy = dy(x, weight, target, 2.0 / target.numel() as f64);
            [dy.matmul(weight), dy.t().matmul(x)]
        },
    ),
    ("to lose the 2 of the square: the derivative of (y - t)^2 is 2 (y - t).", |x, weight, target| {
        let dy = dy(x, weight, target, 1.0 / x.shape()[0] as f64);
        [dy.matmul(weight), dy.t().matmul(x)]
    }),
    (
        "to divide by the batch twice. dl/dy has the 1/batch in it already, and whatever is computed from dl/dy inherits it.",
        |x, weight, target| {
            let batch = x.shape()[0] as f64;
            let dy = dy(x, weight, target, 2.0 / batch);
            [dy.matmul(weight), dy.t().matmul(x) / batch]
        },
    ),
    (
        "to return dl/dw transposed. A gradient has the shape of what it belongs to: (outputs, inputs), as the weight.",
        |x, weight, target| {
            let dy = dy(x, weight, target, 2.0 / x.shape()[0] as f64);
            [dy.matmul(weight), x.t().matmul(&dy)]
        },
    ),
];
