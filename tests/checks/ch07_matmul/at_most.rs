//! The roofline of a product.

use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(m: usize, k: usize, n: usize, gflops: f64, gigabytes: f64) -> [f64; 3];

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    // By hand: 2 m k n, 4 (m k + k n + m n), and the lower of the two roofs.
    let cases = [
        ("(2, 3) times (3, 4), at 100 Gflop/s and 20 GB/s", [2, 3, 4], [48.0, 104.0, 48.0 / 104.0 * 20.0]),
        ("(600, 600) times (600, 600)", [600, 600, 600], [432e6, 4.32e6, 100.0]),
        ("(1, 1000) times (1000, 1000): a batch of one", [1, 1000, 1000], [2e6, 4.008e6, 9.98003992]),
        ("(16, 1000) times (1000, 1000): a batch of 16", [16, 1000, 1000], [32e6, 4.128e6, 100.0]),
    ];
    for (case, [m, k, n], expected) in cases {
        sheet.near(case, answer(m, k, n, 100.0, 20.0).to_vec(), expected.to_vec());
    }
}

fn told(flops: f64, bytes: f64, gflops: f64, gigabytes: f64) -> [f64; 3] {
    [flops, bytes, gflops.min(flops / bytes * gigabytes)]
}

fn numbers(m: usize, k: usize, n: usize) -> f64 {
    (m * k + k * n + m * n) as f64
}

fn products(m: usize, k: usize, n: usize) -> f64 {
    (m * k * n) as f64
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to count a multiplication and its addition as one. They are two operations, even where the processor does both with \
         one instruction.",
        |m, k, n, gflops, gigabytes| told(products(m, k, n), 4.0 * numbers(m, k, n), gflops, gigabytes),
    ),
    ("to count numbers where bytes were asked for: an `f32` has four.", |m, k, n, gflops, gigabytes| {
        told(2.0 * products(m, k, n), numbers(m, k, n), gflops, gigabytes)
    }),
    ("to forget the result. It has to go to memory as well.", |m, k, n, gflops, gigabytes| {
        told(2.0 * products(m, k, n), 4.0 * (m * k + k * n) as f64, gflops, gigabytes)
    }),
    (
        "to take the higher roof. Arithmetic has to wait for its numbers, so the lower one decides.",
        |m, k, n, gflops, gigabytes| {
            let [flops, bytes, _] = told(2.0 * products(m, k, n), 4.0 * numbers(m, k, n), 0.0, 0.0);
            [flops, bytes, gflops.max(flops / bytes * gigabytes)]
        },
    ),
    (
        "to forget that arithmetic has a roof too. More work for each byte helps only until the processor is busy all the \
         time.",
        |m, k, n, _, gigabytes| {
            told(2.0 * products(m, k, n), 4.0 * numbers(m, k, n), f64::INFINITY, gigabytes)
        },
    ),
];
