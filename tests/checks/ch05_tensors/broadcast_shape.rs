//! The shape that two shapes broadcast to.

use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(a: &[usize], b: &[usize]) -> Option<Vec<usize>>;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    type Case<'a> = (&'a [usize], &'a [usize], Option<&'a [usize]>);
    let cases: [Case<'_>; 9] = [
        (&[2, 3], &[2, 3], Some(&[2, 3])),
        (&[2, 3], &[3], Some(&[2, 3])),
        (&[4, 1], &[3], Some(&[4, 3])),
        (&[], &[2, 3], Some(&[2, 3])),
        (&[8, 1, 6, 1], &[7, 1, 5], Some(&[8, 7, 6, 5])),
        (&[2, 3], &[2], None),
        (&[2], &[3], None),
        (&[4, 3, 2], &[3, 3, 2], None),
        (&[1, 3], &[0, 3], Some(&[0, 3])),
    ];
    for (a, b, expected) in cases {
        sheet.same(format!("{a:?} with {b:?}"), words(answer(a, b)), words(expected.map(<[usize]>::to_vec)));
    }
}

fn words(shape: Option<Vec<usize>>) -> String {
    shape.map_or("no".to_owned(), |shape| format!("{shape:?}"))
}

/// Pairs sizes from the right, or from the left, with ones for those that are missing.
fn pairs(
    a: &[usize],
    b: &[usize],
    from_right: bool,
    join: fn(usize, usize) -> Option<usize>,
) -> Option<Vec<usize>> {
    let rank = a.len().max(b.len());
    let size = |shape: &[usize], d: usize| {
        let d = if from_right { (d + shape.len()).checked_sub(rank) } else { Some(d) };
        d.and_then(|d| shape.get(d)).copied().unwrap_or(1)
    };
    (0..rank).map(|d| join(size(a, d), size(b, d))).collect()
}

fn joined(x: usize, y: usize) -> Option<usize> {
    (x == y || y == 1).then_some(x).or((x == 1).then_some(y))
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to line the shapes up at the left. They are compared from the right, so that a row goes with every matrix of as \
         many columns.",
        |a, b| pairs(a, b, false, joined),
    ),
    (
        "to take the larger of two sizes, whatever they are. 2 beside 3 is a mistake that has to be found, not a 3; only a 1 \
         repeats.",
        |a, b| pairs(a, b, true, |x, y| Some(x.max(y))),
    ),
    (
        "to pair only what both shapes have. A dimension that one of them lacks is still there in the result.",
        |a, b| {
            let rank = a.len().min(b.len());
            pairs(&a[a.len() - rank..], &b[b.len() - rank..], true, joined)
        },
    ),
    (
        "to take the larger of a 1 and a 0. The 1 repeats as often as the other says, and that is not at all: an empty \
         tensor stays empty.",
        |a, b| pairs(a, b, true, |x, y| joined(x, y).map(|_| x.max(y))),
    ),
    ("to ask for equal sizes. A size of 1 goes with any other.", |a, b| {
        pairs(a, b, true, |x, y| (x == y).then_some(x))
    }),
];
