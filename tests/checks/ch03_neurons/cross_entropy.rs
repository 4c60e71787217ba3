//! The loss of a classifier, for scores of any size.

use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(scores: &[f64], class: usize) -> f64;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    // Equal scores say that each of n classes has a chance of 1/n, and so the loss is ln n.
    sheet.near("three equal scores, class 1", answer(&[0.5; 3], 1), 3.0_f64.ln());
    sheet.near("ten equal scores, class 0", answer(&[0.0; 10], 0), 10.0_f64.ln());
    // The published value for these scores: softmax 0.0900, 0.2447, 0.6652.
    sheet.near("scores 1, 2, 3, class 2", answer(&[1.0, 2.0, 3.0], 2), 0.407_605_964_4);
    sheet.near("scores 1, 2, 3, class 0", answer(&[1.0, 2.0, 3.0], 0), 2.407_605_964_4);
    sheet.near("scores 1000, 0, class 0", answer(&[1000.0, 0.0], 0), 0.0);
    sheet.near("scores 1000, 0, class 1", answer(&[1000.0, 0.0], 1), 1000.0);
    sheet.near("scores -1000, -1000, class 0", answer(&[-1000.0; 2], 0), 2.0_f64.ln());
}

fn softmax(scores: &[f64], class: usize) -> f64 {
    let m = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (scores[class] - m).exp() / scores.iter().map(|score| (score - m).exp()).sum::<f64>()
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to compute e^score as it stands. e^1000 is infinite to a computer, and infinity divided by infinity is NaN: \
         subtract the largest score from all of them first, which changes no probability.",
        |scores, class| -(scores[class].exp() / scores.iter().map(|score| score.exp()).sum::<f64>()).ln(),
    ),
    (
        "to take the logarithm of a probability that was rounded to 0. Take the fraction apart first: \
         ln(e^s / sum) = s - ln(sum), and only the sum needs a logarithm.",
        |scores, class| -softmax(scores, class).ln(),
    ),
    (
        "to subtract the largest score, m, and not to add it again. ln(sum of e^score) is m + ln(sum of e^(score - m)).",
        |scores, class| {
            let m = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            scores.iter().map(|score| (score - m).exp()).sum::<f64>().ln() - scores[class]
        },
    ),
    (
        "to return the probability. The loss is minus its logarithm: 0 for a sure and right answer, and without bound for \
         a sure and wrong one.",
        softmax,
    ),
    (
        "a logarithm to base 2. That counts in bits; cross-entropy in books and libraries counts with the natural one.",
        |scores, class| {
            let m = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sum = scores.iter().map(|score| (score - m).exp()).sum::<f64>();
            (m - scores[class]) / 2.0_f64.ln() + sum.log2()
        },
    ),
];
