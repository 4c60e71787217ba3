//! The gradient by finite differences.

use super::numbers;
use minitensor::Tensor;
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(f: &dyn Fn(&Tensor) -> Tensor, x: &Tensor, h: f64) -> Tensor;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let x = Tensor::from([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]]);
    let square = |x: &Tensor| x.square().sum();
    sheet.near("sum of x^2: 2 x", numbers(&answer(&square, &x, 0.1)), numbers(&(&x * 2.0)));
    // A product of neighbours: each gradient is the other one's value.
    let product = |x: &Tensor| (x.narrow(1, 0, 1) * x.narrow(1, 1, 1)).sum();
    let expected = [[-2.0, 1.0, 0.0], [3.0, 0.0, 0.0]];
    sheet.near("sum over the rows of x0 * x1", numbers(&answer(&product, &x, 0.1)), expected);
    let cube = |x: &Tensor| x.powf(3.0);
    sheet.near("x^3 at 2, h = 0.5", numbers(&answer(&cube, &Tensor::from(2.0), 0.5)), 12.25);
    let x_after = numbers(&x);
    sheet.near("x is as it was", x_after, [[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]]);
}

/// For each element, `f` where the elements are what `moved(i)` makes of them, above and below.
fn differences(
    f: &dyn Fn(&Tensor) -> Tensor,
    x: &Tensor,
    moved: impl Fn(usize, &mut [f64]) -> f64,
    other: impl Fn(usize, &mut [f64]) -> f64,
) -> Tensor {
    let ask = |i: usize, moved: &dyn Fn(usize, &mut [f64]) -> f64| {
        let mut values = x.to_vec::<f64>();
        let way = moved(i, &mut values);
        (f(&Tensor::from_vec(values, x.shape())).item(), way)
    };
    let slope = |i| {
        let ((above, up), (below, down)) = (ask(i, &moved), ask(i, &other));
        (above - below) / (up - down)
    };
    Tensor::from_vec((0..x.numel()).map(slope).collect(), x.shape())
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to move all elements at once. That measures the sum of all gradients, in every place: move one, and leave the others.",
        |f, x, h| {
            let slope = (f(&(x + h)).item() - f(&(x - h)).item()) / (2.0 * h);
            Tensor::from_vec(vec![slope; x.numel()], x.shape())
        },
    ),
    ("a forward difference: it looks ahead only, and is wrong by about half of f'' * h.", |f, x, h| {
        let ahead = |i: usize, values: &mut [f64]| {
            values[i] += h;
            h
        };
        differences(f, x, ahead, |_, _| 0.0)
    }),
    (
        "to leave each element where it was moved to. The next one is then measured at another place: begin from `x` again for \
         each element.",
        |f, x, h| {
            let by = |by: f64| {
                move |i: usize, values: &mut [f64]| {
                    values[..i].iter_mut().for_each(|value| *value -= h);
                    values[i] += by;
                    by
                }
            };
            differences(f, x, by(h), by(-h))
        },
    ),
    ("to divide by h. From h below to h above the way is 2 h.", |f, x, h| {
        let by = |by: f64| {
            move |i: usize, values: &mut [f64]| {
                values[i] += by;
                by / 2.0
            }
        };
        differences(f, x, by(h), by(-h))
    }),
];
