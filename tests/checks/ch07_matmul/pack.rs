//! Strips of columns.

use super::rows;
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(k: usize, n: usize, width: usize, b: &[f32]) -> Vec<f32>;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    // Row 1, column 2 is 12: each number says where it was.
    let matrix =
        |k: usize, n: usize| (0..k * n).map(|at| (10 * (at / n + 1) + at % n + 1) as f32).collect::<Vec<_>>();
    // Each line is what a block reads in one step.
    let two = answer(2, 4, 2, &matrix(2, 4));
    sheet.near(
        "(2, 4) in strips of 2",
        rows(&two, 2),
        [[11.0, 12.0], [21.0, 22.0], [13.0, 14.0], [23.0, 24.0]],
    );
    let edge = answer(2, 5, 3, &matrix(2, 5));
    let expected = [[11.0, 12.0, 13.0], [21.0, 22.0, 23.0], [14.0, 15.0, 0.0], [24.0, 25.0, 0.0]];
    sheet.near("(2, 5) in strips of 3", rows(&edge, 3), expected);
    sheet.near("(1, 2) in strips of 4", answer(1, 2, 4, &matrix(1, 2)), [11.0, 12.0, 0.0, 0.0]);
}

/// The matrix by strips; `at(p, c)` says in which order a strip has its numbers, and `edge(p)` what is where none is.
fn strips(
    [k, n, width]: [usize; 3],
    b: &[f32],
    by_columns: bool,
    edge: impl Fn(usize) -> Option<f32>,
) -> Vec<f32> {
    let number =
        |left: usize, p: usize, c: usize| if left + c < n { Some(b[p * n + left + c]) } else { edge(p) };
    let strip = |left: usize| {
        (0..k * width).filter_map(move |at| {
            let (p, c) = if by_columns { (at % k, at / k) } else { (at / width, at % width) };
            number(left, p, c)
        })
    };
    (0..n).step_by(width).flat_map(strip).collect()
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to leave the gaps out. A block always reads `width` numbers a step: without zeros in their place, every step after \
         the first takes its numbers from the wrong column.",
        |k, n, width, b| strips([k, n, width], b, false, |_| None),
    ),
    (
        "to go down the columns inside a strip. A step of the block needs a row of the strip, side by side.",
        |k, n, width, b| strips([k, n, width], b, true, |_| Some(0.0)),
    ),
    (
        "to leave the matrix as it is, rows one after the other: that is the order in which it lay already.",
        |_, _, _, b| b.to_vec(),
    ),
    (
        "to drop the columns at the edge that do not fill a strip. They are part of the result as well.",
        |k, n, width, b| {
            let whole = n / width * width;
            let rows = b.chunks(n).flat_map(|row| &row[..whole]).copied().collect::<Vec<_>>();
            strips([k, whole, width], &rows, false, |_| None)
        },
    ),
    (
        "to fill the gaps with whatever comes next in memory: the beginning of the next row. It would be multiplied and \
         added, in sums that are thrown away at best.",
        |k, n, width, b| {
            let mut packed = Vec::new();
            for left in (0..n).step_by(width) {
                for p in 0..k {
                    packed.extend((left..left + width).map(|j| b.get(p * n + j).copied().unwrap_or(0.0)));
                }
            }
            packed
        },
    ),
];
