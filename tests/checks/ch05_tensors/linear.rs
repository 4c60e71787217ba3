//! A fully connected layer.

use super::numbers;
use minitensor::Tensor;
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(x: &Tensor, weight: &Tensor, bias: &Tensor) -> Tensor;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let x = Tensor::from([[1.0, 2.0, 3.0], [0.0, -1.0, 1.0]]);
    let weight = Tensor::from([[1.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.0, 2.0, -1.0]]);
    let bias = Tensor::from([0.5, 0.0, -10.0]);
    sheet.near(
        "(2, 3) through 3 neurons",
        numbers(&answer(&x, &weight, &bias)),
        [[1.5, 6.0, -9.0], [0.5, 0.0, -13.0]],
    );

    let wave = |n: usize, pace: usize| (0..n).map(|i| (i * pace % 11) as f64 - 5.0).collect::<Vec<_>>();
    let (x, weight, bias) = (wave(3200, 7), wave(5000, 3), wave(50, 4));
    let y = answer(
        &Tensor::from_vec(x.clone(), [32, 100]),
        &Tensor::from_vec(weight.clone(), [50, 100]),
        &Tensor::from_vec(bias.clone(), [50]),
    );
    sheet.same("(32, 100) through 50 neurons", y.shape().to_vec(), vec![32, 50]);
    for (row, neuron) in [(0, 0), (3, 1), (31, 49)] {
        let expected =
            (0..100).map(|i| x[100 * row + i] * weight[100 * neuron + i]).sum::<f64>() + bias[neuron];
        let got = y.narrow(0, row, 1).narrow(1, neuron, 1).item();
        sheet.near(format!("    at [{row}, {neuron}]"), got, expected);
    }
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to multiply without the transpose. (batch, inputs) times (outputs, inputs) has no inner size in common, unless both \
         are equal by chance, and then the numbers are wrong.",
        |x, weight, bias| x.matmul(weight) + bias,
    ),
    (
        "to reshape the weight where it should be transposed. The shape comes out right and the numbers do not: reshape \
         reads them in the same order, and a transpose reads down the columns.",
        |x, weight, bias| {
            let [outputs, inputs] = weight.dims();
            x.matmul(&weight.reshape([inputs, outputs])) + bias
        },
    ),
    ("to leave out the bias.", |x, weight, _| x.matmul(&weight.t())),
    (
        "to multiply the other way round. weight times x^T has one column for each row of the batch: it is the transpose of \
         what is asked for, and the bias then goes to the wrong dimension, or to none.",
        |x, weight, bias| weight.matmul(&x.t()) + bias.unsqueeze(-1),
    ),
];
