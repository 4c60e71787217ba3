//! Weights and biases, counted.

use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(widths: &[usize]) -> usize;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    // 3 x 4 + 4 x 2 weights, and 4 + 2 biases.
    sheet.same("3 -> 4 -> 2", answer(&[3, 4, 2]), 26);
    sheet.same("one neuron with one input", answer(&[1, 1]), 2);
    sheet.same("2 -> 16 -> 16 -> 1, for the moons", answer(&[2, 16, 16, 1]), 337);
    sheet.same("784 -> 512 -> 512 -> 10, for Fashion-MNIST", answer(&[784, 512, 512, 10]), 669_706);
    sheet.same("inputs, and no neuron", answer(&[3]), 0);
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    ("to forget the biases. Every neuron has one: 4 + 2 of them in 3 -> 4 -> 2.", |widths| {
        widths.windows(2).map(|pair| pair[0] * pair[1]).sum()
    }),
    (
        "to give the inputs biases. They are numbers that come in, not neurons: 3 -> 4 -> 2 has 4 + 2 biases.",
        |widths| {
            widths.windows(2).map(|pair| pair[0] * pair[1]).sum::<usize>() + widths.iter().sum::<usize>()
        },
    ),
    ("to give each layer one bias. It is each neuron that has one.", |widths| {
        widths.windows(2).map(|pair| pair[0] * pair[1] + 1).sum()
    }),
    (
        "to count the bias with the neuron's outputs: n * (m + 1) where it is (n + 1) * m. A bias is one more input, which \
         is always 1.",
        |widths| widths.windows(2).map(|pair| pair[0] * (pair[1] + 1)).sum(),
    ),
];
