//! A product of views.

use super::{product, rows, wave};
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer =
    fn(usize, usize, usize, a: &[f32], a_strides: [usize; 2], b: &[f32], b_strides: [usize; 2]) -> Vec<f32>;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let [m, k, n] = [2, 3, 4];
    let (a, b) = (wave(m * k, 7), wave(k * n, 3));
    let cases = [
        ("both row by row", [k, 1], [n, 1]),
        ("a transposed", [1, m], [n, 1]),
        ("b transposed", [k, 1], [1, k]),
        ("both transposed", [1, m], [1, k]),
        ("one row of a for all (stride 0)", [0, 1], [n, 1]),
    ];
    for (case, a_strides, b_strides) in cases {
        let c = answer(m, k, n, &a, a_strides, &b, b_strides);
        let expected = product([m, k, n], (&a, a_strides), (&b, b_strides));
        sheet.near(format!("(2, 3) times (3, 4), {case}"), rows(&c, n), rows(&expected, n));
    }
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to read both as if they lay row by row. The strides say how far apart rows and columns are, and a transposed view \
         has others.",
        |m, k, n, a, _, b, _| product([m, k, n], (a, [k, 1]), (b, [n, 1])),
    ),
    (
        "to swap the strides: the first one is from row to row, the second from column to column.",
        |m, k, n, a, a_strides, b, b_strides| {
            let swapped = |[row, column]: [usize; 2]| [column, row];
            product([m, k, n], (a, swapped(a_strides)), (b, swapped(b_strides)))
        },
    ),
    ("to read b through the strides of a. Each matrix has its own.", |m, k, n, a, a_strides, b, _| {
        let b = b.iter().copied().cycle().take(4 * b.len()).collect::<Vec<_>>();
        product([m, k, n], (a, a_strides), (&b, a_strides))
    }),
    (
        "to write the result by the order of a, column by column. It is a new matrix, and lies row by row.",
        |m, k, n, a, a_strides, b, b_strides| {
            let c = product([m, k, n], (a, a_strides), (b, b_strides));
            (0..m * n).map(|at| c[at % m * n + at / m]).collect()
        },
    ),
];
