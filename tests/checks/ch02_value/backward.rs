//! The walk back along a tape.

use tests::exercise::{Sheet, Wrong};

type Tape<'a> = &'a [Vec<(usize, f64)>];

/// What it is, the parents of each value, and the gradients.
type Case<'a> = (&'a str, &'a [&'a [(usize, f64)]], &'a [f64]);

pub(crate) type Answer = fn(Tape<'_>) -> Vec<f64>;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let cases: [Case<'_>; 6] = [
        ("one value", &[&[]], &[1.0]),
        (
            "a chain: b = 2 a; c = 3 b; d = 5 c",
            &[&[], &[(0, 2.0)], &[(1, 3.0)], &[(2, 5.0)]],
            &[30.0, 15.0, 5.0, 1.0],
        ),
        ("a product: c = a b, at a = 4, b = 7", &[&[], &[], &[(0, 7.0), (1, 4.0)]], &[7.0, 4.0, 1.0]),
        ("b = a + a", &[&[], &[(0, 1.0), (0, 1.0)]], &[2.0, 1.0]),
        (
            "a diamond: b = 2 a; c = 3 a; d = 5 b + 7 c",
            &[&[], &[(0, 2.0)], &[(0, 3.0)], &[(1, 5.0), (2, 7.0)]],
            &[31.0, 5.0, 7.0, 1.0],
        ),
        ("b is not used: b = 2 a; c = 3 a", &[&[], &[(0, 2.0)], &[(0, 3.0)]], &[3.0, 0.0, 1.0]),
    ];
    for (case, tape, expected) in cases {
        let tape = tape.iter().map(|parents| parents.to_vec()).collect::<Vec<_>>();
        sheet.near(case, answer(&tape), expected);
    }
}

/// Walks the tape in the order given; `receive` gives the parent's new gradient from its old, ours and the derivative.
fn walk(tape: Tape<'_>, order: impl Iterator<Item = usize>, receive: fn(f64, f64, f64) -> f64) -> Vec<f64> {
    let mut grad = vec![0.0; tape.len()];
    grad[tape.len() - 1] = 1.0;
    for i in order {
        for &(parent, derivative) in &tape[i] {
            grad[parent] = receive(grad[parent], grad[i], derivative);
        }
    }
    grad
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to write = where += belongs. A parent of two children hears from both; with = the last to speak is the only \
         one heard, which shows wherever a value is used twice.",
        |tape| walk(tape, (0..tape.len()).rev(), |_, grad, derivative| derivative * grad),
    ),
    (
        "to walk from the first value to the last. A value must have heard from all its children before it passes its \
         gradient on, and children come later on the tape: go backwards.",
        |tape| walk(tape, 0..tape.len(), |before, grad, derivative| before + derivative * grad),
    ),
    (
        "to pass on the derivative without the gradient. The chain rule multiplies: the derivative of this step, times \
         how fast the end moves with this value.",
        |tape| walk(tape, (0..tape.len()).rev(), |before, _, derivative| before + derivative),
    ),
    (
        "to begin with nothing. The last value moves with itself at a rate of 1: that is what everything else multiplies.",
        |tape| vec![0.0; tape.len()],
    ),
];
