//! Lists of lists.

use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn() -> Vec<Vec<usize>>;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let expected = [
        [0, 1, 2, 3, 4],
        [5, 6, 7, 8, 9],
        [10, 11, 12, 13, 14],
        [15, 16, 17, 18, 19],
        [20, 21, 22, 23, 24],
        [25, 26, 27, 28, 29],
        [30, 31, 32, 33, 34],
    ];
    sheet.near("seven lists of five", answer(), expected);
}

/// `rows` lists of `columns` numbers each.
fn lists(rows: usize, columns: usize, number: impl Fn(usize, usize) -> usize) -> Vec<Vec<usize>> {
    (0..rows).map(|i| (0..columns).map(|j| number(i, j)).collect()).collect()
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to swap the two: five lists of seven. The outer range counts the lists, and the inner one what is in a list.",
        || lists(5, 7, |i, j| 5 * i + j),
    ),
    (
        "to multiply the other index: i + 5 j. The one that is multiplied is the one whose neighbours are far apart.",
        || lists(7, 5, |i, j| i + 5 * j),
    ),
    (
        "to count from one. Here everything begins at zero: lists, places in a list, and so the first number.",
        || lists(7, 5, |i, j| 5 * (i + 1) + j + 1),
    ),
    ("`0..=5`, which has six numbers in it: `0..5` ends before 5.", || lists(7, 6, |i, j| 5 * i + j)),
];
