//! A block of sums.

use super::wave;
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(a: &[[f32; 4]], b: &[[f32; 8]]) -> [[f32; 8]; 4];

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let b = [[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]];
    let expected = [1.0, 10.0, 100.0, 0.0].map(|a| b[0].map(|b| a * b).to_vec());
    sheet.near("one step", lists(&answer(&[[1.0, 10.0, 100.0, 0.0]], &b)), expected.to_vec());

    let (a, b) = (wave(5 * 4, 7), wave(5 * 8, 3));
    let (a_steps, _) = a.as_chunks::<4>();
    let (b_steps, _) = b.as_chunks::<8>();
    let sum = |r: usize, c: usize| (0..5).map(|p| a[4 * p + r] * b[8 * p + c]).sum::<f32>();
    let expected = (0..4).map(|r| (0..8).map(|c| sum(r, c)).collect::<Vec<_>>()).collect::<Vec<_>>();
    sheet.near("five steps", lists(&answer(a_steps, b_steps)), expected);
    sheet.near("no step", lists(&answer(&[], &[])), vec![vec![0.0; 8]; 4]);
}

fn lists(block: &[[f32; 8]; 4]) -> Vec<Vec<f32>> {
    block.iter().map(|row| row.to_vec()).collect()
}

/// The block, by what each step does to each sum.
fn steps(
    a: &[[f32; 4]],
    b: &[[f32; 8]],
    step: impl Fn(f32, &[f32; 4], &[f32; 8], usize, usize) -> f32,
) -> [[f32; 8]; 4] {
    let mut sums = [[0.0; 8]; 4];
    for (a, b) in a.iter().zip(b) {
        for (r, sums) in sums.iter_mut().enumerate() {
            for (c, sum) in sums.iter_mut().enumerate() {
                *sum = step(*sum, a, b, r, c);
            }
        }
    }
    sums
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to overwrite where it should add, or to begin the sums inside the loop: what is left is the last step alone.",
        |a, b| steps(a, b, |_, a, b, r, c| a[r] * b[c]),
    ),
    (
        "to multiply what stands at the same place. Here every number of the column meets every number of the row, which is \
         called an outer product.",
        |a, b| steps(a, b, |sum, a, b, r, c| sum + a[r] * b[r] * f32::from(u8::from(c == r))),
    ),
    ("to swap the two: the rows of the block belong to a, and its columns to b.", |a, b| {
        steps(a, b, |sum, a, b, r, c| sum + a[c % 4] * b[r])
    }),
    (
        "to multiply the sums of both sides instead of summing the products. Each step adds products of its own numbers.",
        |a, b| {
            let total = |r: usize| a.iter().map(|a| a[r]).sum::<f32>();
            let across = |c: usize| b.iter().map(|b| b[c]).sum::<f32>();
            std::array::from_fn(|r| std::array::from_fn(|c| total(r) * across(c)))
        },
    ),
];
