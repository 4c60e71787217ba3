//! One element of a view.

use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(buffer: &[f64], offset: usize, strides: &[usize], index: &[usize]) -> f64;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    // 0 to 23: in the buffer, each number says where it stands.
    let buffer = (0..24).map(f64::from).collect::<Vec<_>>();
    type Case<'a> = (&'a str, usize, &'a [usize], &'a [usize], f64);
    let cases: [Case<'_>; 7] = [
        ("a (4, 6) matrix, at [2, 3]", 0, &[6, 1], &[2, 3], 15.0),
        ("its transpose, at [3, 2]", 0, &[1, 6], &[3, 2], 15.0),
        ("its rows from 1, columns from 2, at [0, 0]", 8, &[6, 1], &[0, 0], 8.0),
        ("    the same view, at [2, 1]", 8, &[6, 1], &[2, 1], 21.0),
        ("every second column, at [1, 2]", 0, &[6, 2], &[1, 2], 10.0),
        ("a row repeated (stride 0), at [3, 4]", 6, &[0, 1], &[3, 4], 10.0),
        ("a single number", 17, &[], &[], 17.0),
    ];
    for (case, offset, strides, index, expected) in cases {
        sheet.near(case, answer(&buffer, offset, strides, index), expected);
    }
}

fn steps(strides: &[usize], index: &[usize]) -> usize {
    index.iter().zip(strides).map(|(i, stride)| i * stride).sum()
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    ("to forget the offset: a view may begin anywhere in the buffer.", |buffer, _, strides, index| {
        buffer[steps(strides, index)]
    }),
    (
        "to work out the place as if the buffer were the matrix itself, six columns wide. The strides say how this view \
         reads it, and a transpose has others.",
        |buffer, offset, _, index| buffer[(offset + steps(&[6, 1], index)) % 24],
    ),
    (
        "to pair the strides the wrong way round. Stride 0 belongs to index 0, from left to right.",
        |buffer, offset, strides, index| {
            let reversed = strides.iter().rev().copied().collect::<Vec<_>>();
            buffer[(offset + steps(&reversed, index)) % 24]
        },
    ),
    (
        "to multiply the offset as well. It is where the view begins, and is added once.",
        |buffer, offset, strides, index| buffer[(offset * steps(strides, index)) % 24],
    ),
];
