//! Chapter 2: A value that knows its gradient
//!
//! Put your answers in place of each `todo!`, then run `cargo exercise 2`.
//! Stuck? `cargo exercise hint 2.1` gives a hint, and another when asked again.
//!
//! You may add functions and `use` lines; leave the lines `// === Exercise 2.1 ===` where they are.

use micrograd::Value;

// === Exercise 2.1 ===

/// What an engine has to know of each operator: how fast `a op b` moves when `a` does, and when `b` does.
///
/// `op` is one of `+`, `-`, `*`, `/` and `^`, where `a ^ b` is `a` to the power of `b`, for `a` above zero.
pub fn local_derivatives(op: char, a: f64, b: f64) -> [f64; 2] {
    // TASK: the derivative of `a op b` by a, and by b
    // HINT: Take one operator at a time, with a `match`. Hold `b` still and ask how the result moves with `a`; then the
    //       other way round.
    // HINT: `a * b` moves by `b` for each unit of `a`. For `a / b`, write it as `a * b^-1`: by `b` that is `-a * b^-2`.
    // HINT: By `a`, the derivative of `a^b` is `b * a^(b-1)`. By `b`, write it as `e^(b ln a)`: that is `a^b * ln(a)`.
    match op {
        '+' => [1.0, 1.0],
        '-' => [1.0, -1.0],
        '*' => [b, a],
        '/' => [1.0 / b, -a / (b * b)],
        '^' => [b * a.powf(b - 1.0), a.powf(b) * a.ln()],
        _ => panic!("no operator {op}"),
    }
    // END
}

// === Exercise 2.2 ===

/// An order in which every value comes after the values it was computed from: a topological order.
///
/// Value `i` was computed from the values `parents[i]`, which is empty for a leaf. Return `last` and all that it depends
/// on, however far back, each once, with `last` at the end. Leave out what it does not depend on.
pub fn topological_order(parents: &[Vec<usize>], last: usize) -> Vec<usize> {
    // TASK: last and all it depends on, every value after its parents
    // HINT: A value may enter the order as soon as all of its parents have. How do the parents get in? In the same way.
    // HINT: Write a function that visits a value: if it was visited before, return; otherwise visit its parents, and only
    //       then push the value.
    // HINT: `fn visit(parents, i, seen: &mut Vec<bool>, order: &mut Vec<usize>)`: return if `seen[i]`, set it, call
    //       `visit` for each of `parents[i]`, then `order.push(i)`.
    fn visit(parents: &[Vec<usize>], i: usize, seen: &mut Vec<bool>, order: &mut Vec<usize>) {
        if seen[i] {
            return;
        }
        seen[i] = true;
        for &parent in &parents[i] {
            visit(parents, parent, seen, order);
        }
        order.push(i);
    }
    let mut order = Vec::new();
    visit(parents, last, &mut vec![false; parents.len()], &mut order);
    order
    // END
}

// === Exercise 2.3 ===

/// The heart of the engine: the derivative of the last value by every value.
///
/// `tape[i]` lists the parents of value `i`, each as `(parent, derivative of i by that parent)`. Parents come earlier
/// on the tape than what was computed from them. A parent may be listed twice, as in `b = a + a`.
pub fn backward(tape: &[Vec<(usize, f64)>]) -> Vec<f64> {
    // TASK: the derivative of the last value by every value on the tape
    // HINT: How fast does the last value move with itself? Begin there, and walk the tape backwards.
    // HINT: A value passes its own gradient on to each parent, times the derivative written beside that parent.
    // HINT: A parent with two children hears from both, and adds what it hears: `+=`, not `=`.
    // HINT: For `i` in `(0..tape.len()).rev()`, for `&(parent, derivative)` in `&tape[i]`:
    //       `grad[parent] += derivative * grad[i]`.
    let mut grad = vec![0.0; tape.len()];
    if let Some(last) = grad.last_mut() {
        *last = 1.0;
    }
    for i in (0..tape.len()).rev() {
        for &(parent, derivative) in &tape[i] {
            grad[parent] += derivative * grad[i];
        }
    }
    grad
    // END
}

// === Exercise 2.4 ===

/// GELU, the activation inside GPT: `0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))` (Hendrycks and Gimpel 2016).
///
/// Compose it from the operations of [`Value`], and its gradient comes by itself.
pub fn gelu(x: &Value) -> Value {
    // TASK: GELU, from operations that a Value knows
    // HINT: Numbers and values mix: `0.5 * x`, `x.powi(3) * 0.044715`, `x.tanh()`.
    // HINT: Begin inside: `let inner = (x + x.powi(3) * 0.044715) * (2.0 / PI).sqrt();`
    // HINT: Then `0.5 * x * (inner.tanh() + 1.0)`, with `std::f64::consts::PI` above.
    let inner = (x + x.powi(3) * 0.044715) * (2.0 / std::f64::consts::PI).sqrt();
    0.5 * x * (inner.tanh() + 1.0)
    // END
}

// === Exercise 2.5 ===

/// One weight, several losses: the derivative of each loss by the weight, each for itself.
///
/// Every function in `losses` computes one loss from `w`.
pub fn slopes(w: &Value, losses: &[&dyn Fn(&Value) -> Value]) -> Vec<f64> {
    // TASK: the derivative of each loss by w, each for itself
    // HINT: Compute a loss, call `backward` on it, read `w.grad()`. What does `w` remember when the next loss comes?
    // HINT: A leaf adds each gradient to those it has. Something has to be forgotten in between, and by whom?
    // HINT: Before each `loss(w).backward()`, call `w.zero_grad()`; after it, push `w.grad()`.
    let slope = |loss: &&dyn Fn(&Value) -> Value| {
        w.zero_grad();
        loss(w).backward();
        w.grad()
    };
    losses.iter().map(slope).collect()
    // END
}
