//! A function composed from others.

use super::slope;
use micrograd::Value;
use std::f64::consts::PI;
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(&Value) -> Value;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let gelu = |x: f64| 0.5 * x * (1.0 + ((2.0 / PI).sqrt() * (x + 0.044715 * x.powi(3))).tanh());
    for at in [-2.0, -0.5, 0.0, 1.0, 3.0] {
        let x = Value::new(at);
        let y = answer(&x);
        y.backward();
        sheet.near(format!("gelu({at})"), y.data(), gelu(at));
        sheet.near(format!("and its gradient, at {at}"), x.grad(), slope(gelu, at));
    }
}

/// The formula of the exercise, with what stands for `x + 0.044715 x^3`, and a factor before `tanh`.
fn formula(x: &Value, inner: Value, outer: f64) -> Value {
    0.5 * x * ((inner * (2.0 / PI).sqrt()).tanh() * outer + 1.0)
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to leave the graph on the way. The values are right, but `x.data()` is a plain number, and what is computed \
         from it carries no gradient back: use `x` itself.",
        |x| formula(x, Value::new(x.data() + 0.044715 * x.data().powi(3)), 1.0),
    ),
    ("to square where it says cube: 0.044715 x^3 turns over with the sign of x, and x^2 does not.", |x| {
        formula(x, x + x.powi(2) * 0.044715, 1.0)
    }),
    ("to let 0.044715 multiply all of x + x^3. It belongs to the cube alone.", |x| {
        formula(x, (x + x.powi(3)) * 0.044715, 1.0)
    }),
    ("a sign: 1 + tanh keeps large x as it is, and 1 - tanh throws it away.", |x| {
        formula(x, x + x.powi(3) * 0.044715, -1.0)
    }),
];
