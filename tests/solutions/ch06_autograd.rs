//! Chapter 6: Autograd on tensors
//!
//! Put your answers in place of each `todo!`, then run `cargo exercise 6`.
//! Stuck? `cargo exercise hint 6.1` gives a hint, and another when asked again.
//!
//! You may add functions and `use` lines; leave the lines `// === Exercise 6.1 ===` where they are.

use minitensor::{Tensor, no_grad};

// === Exercise 6.1 ===

/// The backward pass of a linear layer `y = x w^T`, by hand, for the loss
/// `mean over the batch of (sum over the outputs of (y - target)^2)`.
///
/// Returns `[dl/dx, dl/dw]`.
///
/// # Shapes
/// `x`: (batch, inputs), `weight`: (outputs, inputs), `target`: (batch, outputs).
pub fn linear_gradients(x: &Tensor, weight: &Tensor, target: &Tensor) -> [Tensor; 2] {
    // TASK: the gradients of a linear layer, with the 1/batch of a mean loss
    // HINT: First `dl/dy`, of the shape of `y`. The square gives `2 (y - target)`; the mean over the batch divides by the
    //       number of rows, and the sum over the outputs by nothing.
    // HINT: A gradient has the shape of what it is the gradient of: that alone tells which product to take. (batch, inputs)
    //       comes from (batch, outputs) and (outputs, inputs); (outputs, inputs) from (outputs, batch) and (batch, inputs).
    // HINT: With `dy = (x.matmul(&weight.t()) - target) * (2.0 / batch)`: `dl/dx = dy.matmul(weight)`, and
    //       `dl/dw = dy.t().matmul(x)`.
    let batch = x.shape()[0] as f64;
    let dy = (x.matmul(&weight.t()) - target) * (2.0 / batch);
    [dy.matmul(weight), dy.t().matmul(x)]
    // END
}

// === Exercise 6.2 ===

/// The gradient of the mean cross-entropy by the scores: one of the neatest formulas there are.
///
/// For each row, the loss is `-ln softmax(scores)[class]`; the mean is over the rows.
///
/// # Shapes
/// `scores`: (batch, classes), one of `classes` for each row, result: (batch, classes).
pub fn cross_entropy_gradient(scores: &Tensor, classes: &[usize]) -> Tensor {
    // TASK: the derivative of the mean cross-entropy by each score
    // HINT: For one row, the loss is `ln(sum of e^score) - scores[class]`. What is its derivative by one of the scores? By
    //       the one at `class`?
    // HINT: The first part gives `softmax(scores)`, the second gives -1 at `class`, and 0 elsewhere. Then the mean.
    // HINT: `(softmax - one_hot) / batch`. The softmax is `e / e.sum_dim(-1, true)` with `e = scores.exp()`, and `one_hot`
    //       is a `vec![0.0; batch * count]` with a 1 at `row * count + class`, through `Tensor::from_vec`.
    let [batch, count] = scores.dims();
    let mut one_hot = vec![0.0; batch * count];
    for (row, class) in classes.iter().enumerate() {
        one_hot[row * count + class] = 1.0;
    }
    let e = (scores - scores.amax(-1, true)).exp();
    (&e / e.sum_dim(-1, true) - Tensor::from_vec(one_hot, [batch, count])) / batch as f64
    // END
}

// === Exercise 6.3 ===

/// The backward rule of softmax: from `y = softmax(x)`, row by row, and the gradient by `y`, the gradient by `x`.
///
/// Every output depends on every input of its row: `dy[i]/dx[j] = y[i] (1 - y[i])` for i = j, and `-y[i] y[j]` otherwise.
///
/// # Shapes
/// All are (batch, classes).
pub fn softmax_backward(y: &Tensor, grad: &Tensor) -> Tensor {
    // TASK: the gradient by the inputs of softmax, from that by its outputs
    // HINT: The gradient of `x[j]` is the sum over `i` of `grad[i] * dy[i]/dx[j]`. Write the two cases out.
    // HINT: Collect: it is `y[j] * grad[j] - y[j] * (sum over i of y[i] * grad[i])`, and the sum is the same for all `j`.
    // HINT: `y * (grad - (y * grad).sum_dim(-1, true))`
    y * (grad - (y * grad).sum_dim(-1, true))
    // END
}

// === Exercise 6.4 ===

/// One step of gradient descent: every parameter that has a gradient moves against it, `rate` times as far, and then has
/// none.
///
/// A step is no part of the computation whose gradient it follows, so it happens under `no_grad`.
pub fn sgd_step(parameters: &[Tensor], rate: f64) {
    // TASK: move the parameters, under no_grad, and clear their gradients
    // HINT: `parameter.grad()` is an `Option`: a parameter that took no part in the loss has none, and stays where it is.
    // HINT: `parameter.copy_(&other)` overwrites the numbers of a tensor. It insists on `no_grad(|| ...)` around it.
    // HINT: `if let Some(grad) = p.grad() { no_grad(|| p.copy_(&(p - grad * rate))); p.zero_grad(); }`
    for parameter in parameters {
        if let Some(grad) = parameter.grad() {
            no_grad(|| parameter.copy_(&(parameter - grad * rate)));
            parameter.zero_grad();
        }
    }
    // END
}

// === Exercise 6.5 ===

/// The gradient of `f` at `x`, measured: the judge of every backward rule.
///
/// For each element, how much `f` changes from `h` below to `h` above, for each unit of way, while all others stay.
///
/// # Shapes
/// `x`: any, in `F64`; `f` gives a single number; the result has the shape of `x`.
pub fn measured_gradient(f: &dyn Fn(&Tensor) -> Tensor, x: &Tensor, h: f64) -> Tensor {
    // TASK: the central difference of f by each element of x
    // HINT: `x.to_vec::<f64>()` gives the elements, and `Tensor::from_vec(elements, x.shape())` makes a tensor of them.
    // HINT: For each element: copy the list, change that one element to `+ h`, ask `f`; then the same with `- h`. All others
    //       are as they were.
    // HINT: `let ask = |i: usize, by: f64| { let mut v = values.clone(); v[i] += by; f(&Tensor::from_vec(v, x.shape())).item() };`
    //       and each element of the result is `(ask(i, h) - ask(i, -h)) / (2.0 * h)`.
    let values = x.to_vec::<f64>();
    let ask = |i: usize, by: f64| {
        let mut moved = values.clone();
        moved[i] += by;
        f(&Tensor::from_vec(moved, x.shape())).item()
    };
    let slopes = (0..values.len()).map(|i| (ask(i, h) - ask(i, -h)) / (2.0 * h));
    Tensor::from_vec(slopes.collect(), x.shape())
    // END
}

// === Exercise 6.6 ===

/// -1, 0 or 1 by the sign of each element, which has a slope of 0 wherever it has one, and would learn nothing.
///
/// So let the gradient pass straight through, as if this were `x` itself (the straight-through estimator, Bengio, Leonard
/// and Courville 2013). Networks with weights of one bit are trained in this way.
pub fn sign_through(x: &Tensor) -> Tensor {
    // TASK: the sign of x on the way forward, x itself on the way back
    // HINT: `detach()` gives a tensor of the same numbers that passes no gradient. Look for a sum of two parts: one that
    //       carries the gradient of `x`, and one that carries none and makes the numbers right.
    // HINT: The part with the gradient is `x`. What must be added to `x`, so that `x.sign()` comes out?
    // HINT: `x + (x.sign() - x).detach()`
    x + (x.sign() - x).detach()
    // END
}
