//! Misuse panics with a message that says what was given, what was needed, and what to try.

use std::panic::{AssertUnwindSafe, catch_unwind};

use minitensor::{DType, Tensor};

fn message(f: impl FnOnce() -> Tensor) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).expect_err("it should have panicked");
    *payload.downcast::<String>().expect("a text")
}

#[test]
fn messages_name_the_op_the_shapes_and_the_fix() {
    let x = Tensor::zeros([2, 3]);
    let all = [
        message(|| &x + &Tensor::zeros([4])),
        message(|| x.matmul(&Tensor::zeros([2, 3]))),
        message(|| x.reshape([7])),
        message(|| x.sum_dim(2, false)),
        message(|| x.sum_dim([0, -2], false)),
        message(|| x.narrow(1, 2, 2)),
        message(|| x.expand([2, 4])),
        message(|| x.permute([0, 0])),
        message(|| &x + &x.to_dtype(DType::F64)),
        message(|| x.to_dtype(DType::I64).exp()),
        message(|| x.index_select(0, &Tensor::from([5i64]))),
        message(|| x.gather(1, &Tensor::zeros([2, 1]))),
        message(|| x.where_(&x, &x)),
        message(|| Tensor::cat(&[&x, &Tensor::zeros([2, 3, 1])], 0)),
        message(|| Tensor::from_vec(vec![1.0f32; 5], [2, 3])),
        message(|| Tensor::zeros([0]).max()),
        message(|| x.to_dtype(DType::I64).requires_grad_()),
        message(|| Tensor::arange(3).div(&Tensor::arange(3))),
        message(|| Tensor::arange(3).remainder(&Tensor::arange(3))),
        message(|| &Tensor::arange(3) / 0.0),
        message(|| x.index_put(&Tensor::from([0i64, 1]), &Tensor::zeros([2, 2]), false)),
        message(|| x.slice_assign(&Tensor::from([0i64, 1]), &x)),
        message(|| x.histc(0, 0.0, 1.0)),
        message(|| x.histc(3, 0.0, f64::INFINITY)),
        message(|| Tensor::zeros([1, 3, 7]).conv1d(&Tensor::zeros([1, 2, 5]), None, Default::default())),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn integers_are_divided_without_a_fraction_and_floats_by_anything() {
    let x = Tensor::from([49i64, -7, 0]);
    assert_eq!((&x / 49.0).to_vec::<i64>(), [1, 0, 0]);
    assert_eq!((&x / 2.0).to_vec::<i64>(), [24, -3, 0]);
    assert_eq!(x.div(&Tensor::from([2i64, 2, 2])).to_vec::<i64>(), [24, -3, 0]); // PyTorch's rounding_mode='trunc'
    assert_eq!(
        Tensor::from([1.0f32, -1.0]).div(&Tensor::zeros([2])).to_vec::<f32>(),
        [f32::INFINITY, f32::NEG_INFINITY]
    );
    assert_eq!((&Tensor::from([1.0f64]) / 0.0).to_vec::<f64>(), [f64::INFINITY]);
    assert_eq!(Tensor::zeros_of::<i64>([0]).div(&Tensor::zeros_of::<i64>([0])).shape()[..], [0]);
}
