//! The order of the loops.

use super::{Reads, product, rows, wave};
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(m: usize, k: usize, n: usize, a: &[f32], b: &dyn Fn(usize) -> f32) -> Vec<f32>;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let (a, b) = ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [1.0, 0.0, -1.0, 2.0, 1.0, 1.0]);
    let c = answer(2, 3, 2, &a, &|place| b[place]);
    sheet.near("(2, 3) times (3, 2)", rows(&c, 2), [[2.0, 7.0], [5.0, 16.0]]);

    // Three whole lines a row.
    let [m, k, n] = [4, 5, 48];
    let (a, b) = (wave(m * k, 7), wave(k * n, 3));
    let reads = Reads::of(&b);
    let c = answer(m, k, n, &a, &|place| reads.read(place));
    let expected = product([m, k, n], (&a, [k, 1]), (&b, [n, 1]));
    sheet.same("(4, 5) times (5, 48): how many are right", right(&c, &expected), m * n);
    // No fault if it can do with fewer.
    let least = m * k * n / 16;
    sheet.same("    lines of b that were fetched", reads.changes(|place| place / 16).max(least), least);
}

fn right(got: &[f32], expected: &[f32]) -> usize {
    if got.len() == expected.len() { got.iter().zip(expected).filter(|(g, e)| g == e).count() } else { 0 }
}

/// The product by any order of its steps.
fn by(
    [m, k, n]: [usize; 3],
    steps: impl IntoIterator<Item = [usize; 3]>,
    a: &[f32],
    b: &dyn Fn(usize) -> f32,
) -> Vec<f32> {
    let mut c = vec![0.0; m * n];
    for [i, p, j] in steps {
        c[i * n + j] += a[i * k + p] * b(p * n + j);
    }
    c
}

/// Every combination of three counts, the last one fastest.
fn nested([x, y, z]: [usize; 3]) -> impl Iterator<Item = [usize; 3]> {
    (0..x * y * z).map(move |at| [at / (y * z), at / z % y, at % z])
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to finish one sum after the other, with the loop over p innermost. The numbers are right, and each read of b is a \
         whole row further on than the last: in another line of the cache.",
        |m, k, n, a, b| by([m, k, n], nested([m, n, k]).map(|[i, j, p]| [i, p, j]), a, b),
    ),
    (
        "to overwrite where it should add. Each place of the result is visited once for each p, and has to keep what the \
         earlier ones gave.",
        |m, k, n, a, b| {
            let mut c = vec![0.0; m * n];
            for [i, p, j] in nested([m, k, n]) {
                c[i * n + j] = a[i * k + p] * b(p * n + j);
            }
            c
        },
    ),
    (
        "to have the loop over the rows of a innermost. Then b stays where it is, but the next step is down its column: the \
         reads still go from line to line.",
        |m, k, n, a, b| by([m, k, n], nested([n, k, m]).map(|[j, p, i]| [i, p, j]), a, b),
    ),
    (
        "to take the number of a from the wrong place: a has k columns, so row i begins at i * k.",
        |m, k, n, a, b| {
            let mut c = vec![0.0; m * n];
            for [i, p, j] in nested([m, k, n]) {
                c[i * n + j] += a[p * m + i] * b(p * n + j);
            }
            c
        },
    ),
];
