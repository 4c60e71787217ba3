//! The slope of a function, measured.

use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(f: &dyn Fn(f64) -> f64, x: f64, h: f64) -> f64;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    sheet.near("x^2 at 3, h = 0.1", answer(&|x| x * x, 3.0, 0.1), 6.0);
    sheet.near("x^3 at 2, h = 0.5", answer(&|x| x * x * x, 2.0, 0.5), 12.25);
    sheet.near("|x| at 0, h = 0.1", answer(&f64::abs, 0.0, 0.1), 0.0);
    sheet.near("sin x at 0, h = 0.5", answer(&f64::sin, 0.0, 0.5), 2.0 * 0.5_f64.sin());
    sheet.near("exp x at 1, h = 0.00001", answer(&f64::exp, 1.0, 1e-5), std::f64::consts::E);
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "a forward difference, (f(x + h) - f(x)) / h. It looks ahead only, and is wrong by about half of f'' * h; \
         a central one is wrong by about h^2, because the errors of the two sides cancel.",
        |f, x, h| (f(x + h) - f(x)) / h,
    ),
    (
        "to divide by h. From x - h to x + h the way is 2 h long, so these slopes are twice too steep.",
        |f, x, h| (f(x + h) - f(x - h)) / h,
    ),
    ("a missing pair of brackets: a / 2.0 * h is (a / 2.0) * h. Write a / (2.0 * h).", |f, x, h| {
        (f(x + h) - f(x - h)) / 2.0 * h
    }),
    (
        "a run with its sign lost: f(x - h) - f(x + h) goes backwards, so every slope is turned over.",
        |f, x, h| (f(x - h) - f(x + h)) / (2.0 * h),
    ),
];
