//! Several losses of one weight.

use micrograd::Value;
use tests::exercise::{Sheet, Wrong};

type Losses<'a> = &'a [&'a dyn Fn(&Value) -> Value];

pub(crate) type Answer = fn(w: &Value, losses: Losses<'_>) -> Vec<f64>;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let (square, line, cube) = (|w: &Value| w * w, |w: &Value| w * 5.0, |w: &Value| w.powi(3));
    let w = Value::new(3.0);
    sheet.near("w * w, at w = 3", answer(&w, &[&square]), [6.0]);
    sheet.near("w * w, again", answer(&w, &[&square]), [6.0]);
    sheet.near(
        "w * w, 5 w and w^3, at w = 2",
        answer(&Value::new(2.0), &[&square, &line, &cube]),
        [4.0, 5.0, 12.0],
    );
    sheet.near("no losses", answer(&w, &[]), Vec::<f64>::new());
}

/// The slopes that `w` tells after `ask`, once for each loss.
fn each(w: &Value, losses: Losses<'_>, ask: impl Fn(&Value)) -> Vec<f64> {
    let slope = |loss: &&dyn Fn(&Value) -> Value| {
        ask(&loss(w));
        w.grad()
    };
    losses.iter().map(slope).collect()
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to forget nothing, or to let the loss forget. It is the leaf, `w`, that adds every gradient to what it has, so \
         each of these is the sum of all so far: call `w.zero_grad()` before each `backward`.",
        |w, losses| each(w, losses, Value::backward),
    ),
    (
        "to forget too early. The gradient is read after `backward` and before the next `zero_grad`; in between is the \
         only time it is this loss's.",
        |w, losses| {
            each(w, losses, |loss| {
                loss.backward();
                w.zero_grad();
            })
        },
    ),
    (
        "to add the losses up. Then each entry is the derivative of the sum, and what belongs to which loss is lost.",
        |w, losses| {
            w.zero_grad();
            losses.iter().for_each(|loss| loss(w).backward());
            vec![w.grad(); losses.len()]
        },
    ),
];
