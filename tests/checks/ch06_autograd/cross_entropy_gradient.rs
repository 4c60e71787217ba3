//! Softmax minus one-hot.

use super::{gradient, numbers, softmax};
use minitensor::Tensor;
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(scores: &Tensor, classes: &[usize]) -> Tensor;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let equal = Tensor::from([[0.0; 4]]);
    sheet.near("four equal scores, class 0", numbers(&answer(&equal, &[0])), [[-0.75, 0.25, 0.25, 0.25]]);

    let (scores, classes) = (Tensor::from([[1.0, 2.0, 3.0], [2.0, -1.0, 0.5]]), [2, 1]);
    let got = answer(&scores, &classes);
    let scores = scores.requires_grad_();
    let row = |(row, class): (usize, &usize)| softmax(&scores).select(0, row).select(0, *class).ln();
    let loss = classes.iter().enumerate().map(row).fold(Tensor::from(0.0), |sum, ln| sum - ln) / 2.0;
    loss.backward();
    sheet.near("a batch of two, classes 2 and 1", numbers(&got), gradient(&scores));
}

fn one_hot(classes: &[usize], count: usize) -> Tensor {
    let row = |class: &usize| (0..count).map(|i| f64::from(u8::from(i == *class))).collect::<Vec<_>>();
    Tensor::from_vec(classes.iter().flat_map(row).collect(), [classes.len(), count])
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    ("to forget the mean: each row has 1/batch of the loss, and so of the gradient.", |scores, classes| {
        softmax(scores) - one_hot(classes, scores.shape()[1])
    }),
    (
        "to leave out the -1 at the right class. Without it every score is pushed down, the right one as well, and nothing is \
         pulled up.",
        |scores, classes| softmax(scores) / classes.len() as f64,
    ),
    (
        "a sign. The gradient points to where the loss grows: up the scores of wrong classes, and down that of the right one.",
        |scores, classes| (one_hot(classes, scores.shape()[1]) - softmax(scores)) / classes.len() as f64,
    ),
    (
        "to take the softmax over the batch. The scores that compete with each other are those of one row: the last dimension.",
        |scores, classes| {
            (softmax(&scores.t()).t() - one_hot(classes, scores.shape()[1])) / classes.len() as f64
        },
    ),
    ("to take the scores for probabilities. Softmax stands between them and the loss.", |scores, classes| {
        (scores - one_hot(classes, scores.shape()[1])) / classes.len() as f64
    }),
];
