//! How far apart neighbours lie.

use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(shape: &[usize]) -> Vec<usize>;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let cases: [(&[usize], &[usize]); 6] = [
        (&[2, 3], &[3, 1]),
        (&[2, 3, 4], &[12, 4, 1]),
        (&[5, 1, 3], &[3, 3, 1]),
        (&[64, 3, 28, 28], &[2352, 784, 28, 1]),
        (&[7], &[1]),
        (&[], &[]),
    ];
    for (shape, strides) in cases {
        sheet.same(format!("{shape:?}"), answer(shape), strides.to_vec());
    }
}

/// For each size, the product of those before it.
fn running(sizes: &[usize]) -> Vec<usize> {
    (0..sizes.len()).map(|d| sizes[..d].iter().product()).collect()
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to build them from the left: that is column-major order, as Fortran stores a matrix. Here the last dimension is \
         the one whose neighbours touch.",
        running,
    ),
    (
        "to leave them in the order they were built in. Going from right to left, the first one found is the last.",
        |shape| running(&shape.iter().rev().copied().collect::<Vec<_>>()),
    ),
    (
        "to count a dimension's own size. Between two rows lies one row: the product of the sizes to the right.",
        |shape| (0..shape.len()).map(|d| shape[d..].iter().product()).collect(),
    ),
    (
        "to take the size to the right, and not the product of all of them. With two dimensions that is the same.",
        |shape| (0..shape.len()).map(|d| shape.get(d + 1).copied().unwrap_or(1)).collect(),
    ),
];
