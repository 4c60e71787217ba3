//! Chapter 3: Neurons, losses and learning
//!
//! Put your answers in place of each `todo!`, then run `cargo exercise 3`.
//! Stuck? `cargo exercise hint 3.1` gives a hint, and another when asked again.
//!
//! You may add functions and `use` lines; leave the lines `// === Exercise 3.1 ===` where they are.

use micrograd::{Mlp, Value};

// === Exercise 3.1 ===

/// A neuron: `tanh(weights[0] * x[0] + weights[1] * x[1] + ... + bias)`.
pub fn neuron(weights: &[Value], bias: &Value, x: &[Value]) -> Value {
    // TASK: the weighted sum of the inputs and the bias, through tanh
    // HINT: First the sum, over pairs of a weight and its input: `weights.iter().zip(x)`.
    // HINT: A sum may begin with the bias, so that it is counted once: `let mut sum = bias.clone();`
    // HINT: In the loop, `sum += w * x;`, and after it, `sum.tanh()`.
    let mut sum = bias.clone();
    for (w, x) in weights.iter().zip(x) {
        sum += w * x;
    }
    sum.tanh()
    // END
}

// === Exercise 3.2 ===

/// How many numbers a network learns, which is the first thing to know about it.
///
/// `widths` are the sizes of its layers, inputs first: `[3, 4, 2]` has 3 inputs, 4 hidden neurons and 2 outputs. Every
/// neuron has a weight for each value of the layer before it, and a bias.
pub fn parameter_count(widths: &[usize]) -> usize {
    // TASK: the number of weights and biases of a network of these widths
    // HINT: Count for one neuron of one layer first. Inputs are no neurons: they learn nothing.
    // HINT: A layer from `n` values to `m` neurons has `m * n` weights and `m` biases.
    // HINT: `widths.windows(2)` gives each pair of neighbours: sum `pair[1] * (pair[0] + 1)` over them.
    widths.windows(2).map(|pair| pair[1] * (pair[0] + 1)).sum()
    // END
}

// === Exercise 3.3 ===

/// The cross-entropy of scores against the right class: `-ln(p)`, where `p = e^scores[class] / (sum of e^score)`.
///
/// Scores may be as large as 1000, and `e^1000` is no number that a computer knows.
pub fn cross_entropy(scores: &[f64], class: usize) -> f64 {
    // TASK: minus the logarithm of the softmax at the right class, for scores of any size
    // HINT: Take the logarithm of the fraction apart: `-ln(p) = ln(sum of e^score) - scores[class]`.
    // HINT: The first part overflows as it stands. Write `m` for the largest score: `sum of e^score` is `e^m` times
    //       `sum of e^(score - m)`, and no term of that is above 1.
    // HINT: `let m = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);` and then
    //       `m + (sum of (score - m).exp()).ln() - scores[class]`.
    let m = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    m + scores.iter().map(|score| (score - m).exp()).sum::<f64>().ln() - scores[class]
    // END
}

// === Exercise 3.4 ===

/// A step of gradient descent with momentum, which keeps rolling where it rolled before. As in PyTorch, for each weight,
///
/// `velocity = momentum * velocity + gradient`, and then `weight = weight - rate * velocity`.
///
/// Changes both in place; the velocity is kept for the next step.
pub fn momentum_step(weights: &mut [f64], velocity: &mut [f64], gradient: &[f64], rate: f64, momentum: f64) {
    // TASK: the new velocity, then the new weights, in place
    // HINT: The formula is above, and the order of the two lines matters.
    // HINT: `for i in 0..weights.len()`: change `velocity[i]` first, then `weights[i]` with it.
    // HINT: `velocity[i] = momentum * velocity[i] + gradient[i];` and `weights[i] -= rate * velocity[i];`
    for i in 0..weights.len() {
        velocity[i] = momentum * velocity[i] + gradient[i];
        weights[i] -= rate * velocity[i];
    }
    // END
}

// === Exercise 3.5 ===

/// Learning, all of it: `steps` times, compute the mean squared error over all points, ask for its gradient, and take a
/// step against it with every parameter.
///
/// `net.forward(&[a, b])` answers with a list of one value; each point is two inputs and the answer wanted. Returns the
/// mean squared error after the last step.
pub fn train(net: &Mlp, points: &[([f64; 2], f64)], rate: f64, steps: usize) -> f64 {
    // TASK: the loss after so many steps of gradient descent on all points
    // HINT: Write a function for the loss first; you need it in the loop and once more at the end. `Value::new` makes an
    //       input, and a sum may begin with `Value::new(0.0)`.
    // HINT: In each step: the parameters forget their gradients, the loss goes `backward`, the parameters move.
    // HINT: `for p in net.parameters()`: before `backward` call `p.zero_grad()`, after it
    //       `p.set_data(p.data() - rate * p.grad())`.
    // HINT: The loss: for each point, `let y = &net.forward(&[Value::new(x[0]), Value::new(x[1])])[0];`, add
    //       `(y - target).powi(2)`, and divide by `points.len() as f64`.
    let loss = || {
        let squares =
            points.iter().map(|(x, target)| (&net.forward(&x.map(Value::new))[0] - *target).powi(2));
        squares.sum::<Value>() / points.len() as f64
    };
    let parameters = net.parameters();
    for _ in 0..steps {
        parameters.iter().for_each(Value::zero_grad);
        loss().backward();
        parameters.iter().for_each(|p| p.set_data(p.data() - rate * p.grad()));
    }
    loss().data()
    // END
}
