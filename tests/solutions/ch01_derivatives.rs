//! Chapter 1: Derivatives and the chain rule
//!
//! Put your answers in place of each `todo!`, then run `cargo exercise 1`.
//! Stuck? `cargo exercise hint 1.1` gives a hint, and another when asked again.
//!
//! You may add functions and `use` lines; leave the lines `// === Exercise 1.1 ===` where they are.

/// The logistic function, which squeezes any number into (0, 1). Its slope is `s * (1 - s)`, where `s = sigmoid(x)`.
fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

// === Exercise 1.1 ===

/// The slope of `f` at `x`, measured: how much `f` changes from `h` before `x` to `h` after it, for each unit of way.
///
/// No formula for the derivative is needed, and so this checks every formula that we shall ever write.
pub fn central_difference(f: &dyn Fn(f64) -> f64, x: f64, h: f64) -> f64 {
    // TASK: the slope of f between x - h and x + h
    // HINT: A slope is rise over run. Ask `f` for its value at two points.
    // HINT: The two points are `x - h` and `x + h`, so the rise is `f(x + h) - f(x - h)`. How long is the run?
    // HINT: The run is `2.0 * h`. Mind the brackets: `a / 2.0 * h` multiplies by `h`.
    (f(x + h) - f(x - h)) / (2.0 * h)
    // END
}

// === Exercise 1.2 ===

/// One neuron and its loss: `z = sigmoid(w[0] * x[0] + w[1] * x[1])`, and `l = (z - y)^2`.
///
/// Returns the derivatives of the loss by the two weights: `[dl/dw[0], dl/dw[1]]`.
pub fn neuron_gradient(w: [f64; 2], x: [f64; 2], y: f64) -> [f64; 2] {
    // TASK: the derivative of the loss by each weight, by the chain rule
    // HINT: Name each step: the sum `s = w·x`, then `z = sigmoid(s)`, then `l = (z - y)^2`. The derivative of the whole
    //       is the product of the derivatives of the steps.
    // HINT: Two of the three are the same for both weights: `dl/dz = 2 (z - y)` and `dz/ds = z (1 - z)`.
    // HINT: The third is `ds/dw[i] = x[i]`, so `dl/dw[i] = 2 (z - y) * z (1 - z) * x[i]`.
    let z = sigmoid(w[0] * x[0] + w[1] * x[1]);
    let dl_ds = 2.0 * (z - y) * z * (1.0 - z);
    [dl_ds * x[0], dl_ds * x[1]]
    // END
}

// === Exercise 1.3 ===

/// Two neurons in a row, each with one weight: `h = sigmoid(w1 * x)`, `z = sigmoid(w2 * h)`, and `l = (z - y)^2`.
///
/// Returns `dl/dw1`: how the loss moves with the weight that is furthest from it.
pub fn two_layers(w1: f64, w2: f64, x: f64, y: f64) -> f64 {
    // TASK: the derivative of the loss by the first weight, through both layers
    // HINT: Walk back from the loss: through the square, the second sigmoid, the second product, the first sigmoid and
    //       the first product. Each step gives one factor, so there are five.
    // HINT: The way back crosses `w2 * h` to `h`, and not to `w2`: the factor of that step is `w2`.
    // HINT: `2 (z - y)`, `z (1 - z)`, `w2`, `h (1 - h)` and `x`: multiply them.
    let h = sigmoid(w1 * x);
    let z = sigmoid(w2 * h);
    2.0 * (z - y) * z * (1.0 - z) * w2 * h * (1.0 - h) * x
    // END
}

// === Exercise 1.4 ===

/// A layer with a bridge past it: `y = relu(W a + b) + a`, where `relu(x)` is `x` above zero, and zero otherwise.
///
/// Returns the derivative of `y[0] + y[1]` by each of `a[0]` and `a[1]`. Blocks of this shape make a ResNet.
pub fn residual_gradient(weights: [[f64; 2]; 2], bias: [f64; 2], a: [f64; 2]) -> [f64; 2] {
    // TASK: the derivative of y[0] + y[1] by each input
    // HINT: Each input reaches the result by three ways: over the bridge, through the first unit, and through the second.
    //       The derivative is the sum over the ways.
    // HINT: The bridge gives 1. Unit `i` gives `weights[i][j]` to input `j` where its sum
    //       `weights[i][0] * a[0] + weights[i][1] * a[1] + bias[i]` is above zero, and nothing otherwise.
    // HINT: Begin with `[1.0, 1.0]`; for each unit whose sum is above zero, add `weights[i][j]` to entry `j`.
    let mut gradient = [1.0, 1.0];
    for (row, b) in weights.iter().zip(bias) {
        if row[0] * a[0] + row[1] * a[1] + b > 0.0 {
            gradient[0] += row[0];
            gradient[1] += row[1];
        }
    }
    gradient
    // END
}

// === Exercise 1.5 ===

/// Gradient descent: from `start`, `steps` times, go against the gradient, `rate` times as far as it is long.
///
/// Returns every place on the way, `start` among them: `steps + 1` in all.
pub fn descend(
    gradient: &dyn Fn([f64; 2]) -> [f64; 2],
    start: [f64; 2],
    rate: f64,
    steps: usize,
) -> Vec<[f64; 2]> {
    // TASK: the path of gradient descent, from start on
    // HINT: The gradient points uphill, where the loss grows fastest. Which way do you go?
    // HINT: Each place follows from the one before, by the gradient *there*: ask for it again at every step.
    // HINT: `let g = gradient(w); w = [w[0] - rate * g[0], w[1] - rate * g[1]];`, with each `w` pushed to a `Vec`.
    let mut w = start;
    let mut path = vec![w];
    for _ in 0..steps {
        let g = gradient(w);
        w = [w[0] - rate * g[0], w[1] - rate * g[1]];
        path.push(w);
    }
    path
    // END
}
