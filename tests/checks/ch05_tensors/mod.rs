//! Checks of chapter 5.

mod broadcast_shape;
mod element;
mod linear;
mod seven_lists;
mod strides;
mod sum_to_shape;

use minitensor::{DType, Tensor};
#[allow(unused_imports, reason = "`../main.rs` has its own")]
use tests::my_chapter as chapter;

crate::chapter! {
    #[path = "../../mine/ch05_tensors.rs"]
    ch05_tensors: seven_lists, strides, element, broadcast_shape, linear, sum_to_shape
}

/// A tensor as lists in lists.
fn numbers(tensor: &Tensor) -> tests::exercise::Numbers {
    tests::exercise::Numbers::tensor(tensor.shape(), &tensor.detach().to_dtype(DType::F64).to_vec::<f64>())
}
