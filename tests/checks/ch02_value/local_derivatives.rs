//! The derivatives of the five operators.

use super::slope;
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(op: char, a: f64, b: f64) -> [f64; 2];

fn compute(op: char, a: f64, b: f64) -> f64 {
    match op {
        '+' => a + b,
        '-' => a - b,
        '*' => a * b,
        '/' => a / b,
        _ => a.powf(b),
    }
}

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    for (op, a, b) in [
        ('+', 3.0, 4.0),
        ('-', 3.0, 4.0),
        ('*', 3.0, -4.0),
        ('/', 3.0, 2.0),
        ('/', 1.0, -2.0),
        ('^', 2.0, 3.0),
        ('^', 0.5, -1.0),
    ] {
        let expected = [slope(|a| compute(op, a, b), a), slope(|b| compute(op, a, b), b)];
        sheet.near(format!("{a} {op} {b}, by a and by b"), answer(op, a, b), expected);
    }
}

/// The right derivatives, but for one operator.
fn but(op: char, [a, b]: [f64; 2], special: char, wrong: [f64; 2]) -> [f64; 2] {
    if op == special { wrong } else { [slope(|a| compute(op, a, b), a), slope(|b| compute(op, a, b), b)] }
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to forget a in the derivative of a / b by b. It is -a / b^2: the more there is to divide, the more it matters \
         by what.",
        |op, a, b| but(op, [a, b], '/', [1.0 / b, -1.0 / (b * b)]),
    ),
    (
        "to multiply each side of a product by itself. When a moves, a * b moves by b: the derivative by one is the other.",
        |op, a, b| but(op, [a, b], '*', [a, b]),
    ),
    (
        "to treat the exponent as if it were the base. When b moves, a^b = e^(b ln a) grows exponentially: its \
         derivative by b is a^b * ln(a).",
        |op, a, b| but(op, [a, b], '^', [b * a.powf(b - 1.0), b * a.powf(b - 1.0)]),
    ),
    ("to give both sides of a difference the same sign. When b grows, a - b shrinks.", |op, a, b| {
        but(op, [a, b], '-', [1.0, 1.0])
    }),
];
