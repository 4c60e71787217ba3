//! Checks of chapter 6. Gradients by hand are judged by autograd, which is itself judged by finite differences.

mod cross_entropy_gradient;
mod linear_gradients;
mod measured_gradient;
mod sgd_step;
mod sign_through;
mod softmax_backward;

use minitensor::{DType, Tensor};
#[allow(unused_imports, reason = "`../main.rs` has its own")]
use tests::my_chapter as chapter;

crate::chapter! {
    #[path = "../../mine/ch06_autograd.rs"]
    ch06_autograd: linear_gradients, cross_entropy_gradient, softmax_backward, sgd_step, measured_gradient, sign_through
}

/// A tensor as lists in lists.
fn numbers(tensor: &Tensor) -> tests::exercise::Numbers {
    tests::exercise::Numbers::tensor(tensor.shape(), &tensor.detach().to_dtype(DType::F64).to_vec::<f64>())
}

/// The gradient of a leaf, as lists in lists; a single NaN if it has none.
fn gradient(tensor: &Tensor) -> tests::exercise::Numbers {
    tensor.grad().map_or(f64::NAN.into(), |grad| numbers(&grad))
}

/// Softmax, row by row.
fn softmax(scores: &Tensor) -> Tensor {
    let e = (scores - scores.amax(-1, true)).exp();
    &e / e.sum_dim(-1, true)
}
