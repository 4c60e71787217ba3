//! A broadcast, undone.

use super::numbers;
use minitensor::Tensor;
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(grad: &Tensor, shape: &[usize]) -> Tensor;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let matrix = Tensor::from([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]);
    let cases: [(&str, &[usize], Tensor); 5] = [
        ("a row was repeated: (2, 3) to (3)", &[3], Tensor::from([11.0, 22.0, 33.0])),
        ("a column was repeated: (2, 3) to (2, 1)", &[2, 1], Tensor::from([[6.0], [60.0]])),
        ("a row with its dimension kept: (2, 3) to (1, 3)", &[1, 3], Tensor::from([[11.0, 22.0, 33.0]])),
        ("a number was repeated: (2, 3) to ()", &[], Tensor::from(66.0)),
        ("nothing was repeated: (2, 3) to (2, 3)", &[2, 3], matrix.clone()),
    ];
    for (case, shape, expected) in cases {
        let got = answer(&matrix, shape);
        sheet.same(format!("{case}, its shape"), got.shape().to_vec(), shape.to_vec());
        sheet.near("    its numbers", numbers(&got), numbers(&expected));
    }
    let got = answer(&Tensor::ones([4, 2, 3]), &[2, 1]);
    sheet.same("of each kind: (4, 2, 3) to (2, 1), its shape", got.shape().to_vec(), vec![2, 1]);
    sheet.near("    its numbers", numbers(&got), [[12.0], [12.0]]);
}

/// Takes away the dimensions that `shape` does not have, then makes those of size 1 in it 1, by two rules.
fn reduced(
    grad: &Tensor,
    shape: &[usize],
    leading: fn(&Tensor) -> Tensor,
    ones: fn(&Tensor, isize) -> Tensor,
) -> Tensor {
    let mut grad = grad.clone();
    while grad.rank() > shape.len() {
        grad = leading(&grad);
    }
    let repeated = (0..shape.len()).filter(|d| shape[*d] == 1 && grad.shape()[*d] != 1).collect::<Vec<_>>();
    repeated.into_iter().fold(grad, |grad, d| ones(&grad, d as isize))
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to take the mean. An element that was used three times moves the result three times: its gradients add up.",
        |grad, shape| reduced(grad, shape, |grad| grad.mean_dim(0, false), |grad, d| grad.mean_dim(d, true)),
    ),
    (
        "to keep the gradient of one copy and drop the others. Each use of an element has its say, and they are added.",
        |grad, shape| reduced(grad, shape, |grad| grad.select(0, 0), |grad, d| grad.narrow(d, 0, 1)),
    ),
    (
        "to sum only the dimensions that `shape` does not have. A size of 1 in it was repeated as well.",
        |grad, shape| reduced(grad, shape, |grad| grad.sum_dim(0, false), |grad, _| grad.clone()),
    ),
    (
        "to sum from the right. Shapes line up at the right, so what is missing is missing at the left: sum dimension 0.",
        |grad, shape| reduced(grad, shape, |grad| grad.sum_dim(-1, false), |grad, d| grad.sum_dim(d, true)),
    ),
];
