//! A step of gradient descent.

use super::numbers;
use minitensor::{Tensor, no_grad};
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(parameters: &[Tensor], rate: f64);

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let w = Tensor::from([1.0, -2.0]).requires_grad_();
    let unused = Tensor::from([7.0]).requires_grad_();
    // The gradient of w0^2 + w1^2 is 2 w, so at rate 0.25 each step halves w.
    for (step, expected) in [("after a step", [0.5, -1.0]), ("after another", [0.25, -0.5])] {
        (&w * &w).sum().backward();
        answer(&[w.clone(), unused.clone()], 0.25);
        sheet.near(format!("w = [1, -2], loss |w|^2: {step}"), numbers(&w), expected);
        sheet.same(
            "    its gradient",
            if w.grad().is_none_or(|g| g.sum().item() == 0.0) { "cleared" } else { "kept" },
            "cleared",
        );
    }
    sheet.near("a parameter without a gradient", numbers(&unused), [7.0]);
    let state = |w: &Tensor| format!("a leaf: {}, wants a gradient: {}", w.is_leaf(), w.requires_grad());
    sheet.same("w is still", state(&w), "a leaf: true, wants a gradient: true");
}

/// Moves every parameter that has a gradient, and then does `then`.
fn step(parameters: &[Tensor], rate: f64, then: fn(&Tensor)) {
    for p in parameters {
        if let Some(grad) = p.grad() {
            no_grad(|| p.copy_(&(p - grad * rate)));
            then(p);
        }
    }
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to keep the gradients. The next backward adds to them, and the second step is the first one over again, on top of \
         its own: call `zero_grad`.",
        |parameters, rate| step(parameters, rate, |_| ()),
    ),
    ("to go uphill: subtract the gradient.", |parameters, rate| step(parameters, -rate, Tensor::zero_grad)),
    (
        "to change a parameter outside of `no_grad`. The graph would have to remember the step, and a gradient would be taken \
         of it too; so a leaf that wants a gradient refuses.",
        |parameters, rate| {
            for p in parameters {
                if let Some(grad) = p.grad() {
                    p.copy_(&(p - grad * rate));
                    p.zero_grad();
                }
            }
        },
    ),
    (
        "to make new tensors. What you computed is right and nobody has it: the network holds the old ones. `copy_` writes \
         into the tensor that is there.",
        |parameters, rate| {
            let moved = |p: &Tensor| p.grad().map(|grad| no_grad(|| p - grad * rate));
            let _ = parameters.iter().map(moved).collect::<Vec<_>>();
            parameters.iter().for_each(Tensor::zero_grad);
        },
    ),
    (
        "to expect a gradient of every parameter. One that took no part in the loss has none, and stays where it is.",
        |parameters, rate| {
            for p in parameters {
                let grad = p.grad().expect("a gradient");
                no_grad(|| p.copy_(&(p - grad * rate)));
                p.zero_grad();
            }
        },
    ),
];
