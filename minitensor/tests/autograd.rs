//! The graph: what it sums, what it frees, what it refuses.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice::from_ref;

use minitensor::autograd::edge;
use minitensor::{Anomaly, Tensor, detect_anomaly, gradcheck, no_grad};

fn message(f: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).expect_err("it should have panicked");
    match payload.downcast::<String>() {
        Ok(message) => *message,
        Err(payload) => payload.downcast::<&str>().map(|s| s.to_string()).expect("a text"),
    }
}

#[test]
fn a_tensor_used_twice_gets_both_gradients() {
    let a = Tensor::scalar(3.0f64).requires_grad_();
    let b = &a + &a;
    (&b * &a).backward(); // 2a², so 4a
    assert_eq!(a.grad().unwrap().item(), 12.0);
}

#[test]
fn broadcast_dimensions_are_summed() {
    let row = Tensor::from([1.0f32, 2.0, 3.0]).requires_grad_();
    let column = Tensor::from([[10.0f32], [20.0]]).requires_grad_();
    (&row * &column).sum().backward();
    assert_eq!(row.grad().unwrap().to_vec::<f32>(), [30.0; 3]);
    assert_eq!(column.grad().unwrap().to_vec::<f32>(), [6.0; 2]);
    assert_eq!(column.grad().unwrap().shape()[..], [2, 1]);
}

#[test]
fn a_chain_of_a_million_ops_neither_overflows_nor_stalls() {
    let x = Tensor::scalar(1.0f64).requires_grad_();
    let mut y = x.clone();
    for _ in 0..1_000_000 {
        y = y.add_scalar(1e-6);
    }
    y.backward();
    assert_eq!(x.grad().unwrap().item(), 1.0);

    let mut dropped = x.clone();
    for _ in 0..1_000_000 {
        dropped = dropped.neg();
    }
    drop(dropped);
}

#[test]
fn a_second_backward_explains_itself() {
    let x = Tensor::scalar(2.0f64).requires_grad_();
    let y = x.square();
    y.backward_retain();
    y.backward();
    assert_eq!(x.grad().unwrap().item(), 8.0);
    assert!(message(|| y.backward()).contains("backward_retain"));
}

#[test]
fn no_grad_is_restored_after_a_panic() {
    let _ = catch_unwind(|| no_grad(|| panic!("inside")));
    let x = Tensor::ones([1]).requires_grad_();
    assert!((&x * 2.0).requires_grad());
}

#[test]
fn a_step_before_backward_does_not_falsify_the_gradient() {
    let w = Tensor::scalar(3.0f64).requires_grad_();
    let loss = w.square();
    no_grad(|| w.copy_(&Tensor::scalar(100.0f64)));
    loss.backward();
    assert_eq!(w.grad().unwrap().item(), 6.0);
    assert_eq!(w.item(), 100.0);
}

#[test]
fn changing_a_leaf_in_place_outside_no_grad_is_refused() {
    let w = Tensor::ones([2]).requires_grad_();
    assert!(message(|| w.copy_(&Tensor::zeros([2]))).contains("no_grad"));
    let y = &w * 2.0;
    assert!(message(|| y.copy_(&Tensor::zeros([2]))).contains("op computed this tensor"));
}

#[test]
fn misuse_of_backward_explains_itself() {
    let x = Tensor::ones([2]).requires_grad_();
    assert!(message(|| (&x * 2.0).backward()).contains("sum()"));
    assert!(message(|| Tensor::ones([1]).backward()).contains("requires_grad_"));
}

#[test]
fn anomaly_detection_names_the_op() {
    let x = Tensor::scalar(0.0f32).requires_grad_();
    let payload = catch_unwind(AssertUnwindSafe(|| detect_anomaly(|| x.ln()))).expect_err("ln 0 is -inf");
    assert_eq!(*payload.downcast::<Anomaly>().unwrap(), Anomaly { op: "ln", pass: "result" });
    let payload = catch_unwind(AssertUnwindSafe(|| detect_anomaly(|| x.sqrt().backward())));
    assert_eq!(
        *payload.expect_err("1/0").downcast::<Anomaly>().unwrap(),
        Anomaly { op: "sqrt", pass: "gradient" }
    );
}

#[test]
fn gradients_flow_through_views_and_joins() {
    let x = Tensor::from([[1.0f64, 2.0, 3.0], [4.0, 5.0, 6.0]]).requires_grad_();
    let y = Tensor::cat(&[&x.t().narrow(0, 1, 2), &x.narrow(1, 0, 2)], 0); // (4, 2)
    (&y * &y).sum().backward();
    // column 0 is used once, column 1 twice, column 2 once; each use adds 2x
    assert_eq!(x.grad().unwrap().to_vec::<f64>(), [2.0, 8.0, 6.0, 8.0, 20.0, 12.0]);
}

#[test]
fn an_op_from_outside_whose_gradient_has_a_wrong_shape_is_named() {
    let x = Tensor::ones([2, 3]).requires_grad_();
    let y = no_grad(|| x.exp()).record("mine", [edge(&x, |grad| grad.sum_dim(0, false))]);
    let why = message(|| y.sum().backward());
    assert!(why.contains("`mine`") && why.contains("[3]") && why.contains("[2, 3]"), "{why}");
}

#[test]
fn gradients_of_slices_come_together_at_their_places() {
    let x = Tensor::from([[0.3f64, -1.2, 2.5, 0.7], [1.1, 0.4, -0.6, 0.9], [-0.2, 0.8, 1.4, -1.5]]);
    type Reader = fn(&Tensor) -> Tensor;
    let readers: [(&str, Reader); 6] = [
        ("all of them", |x| {
            (0..3).fold(Tensor::zeros_of::<f64>([4]), |y, i| y * x.select(0, i) + x.select(0, i).exp())
        }),
        ("some of them", |x| x.select(0, 2) * x.select(0, 0)),
        ("some that overlap", |x| x.narrow(1, 0, 3) * x.narrow(1, 1, 3) + x.narrow(1, 0, 3).exp()),
        ("along two dimensions", |x| x.select(0, 1).sum() * x.select(1, 1)),
        ("besides all", |x| x.narrow(0, 1, 1) * x + x.exp()),
        ("none of the elements", |x| Tensor::cat(&[&x.narrow(0, 1, 0), &x.narrow(0, 2, 1)], 0)),
    ];
    for (name, read) in readers {
        // as a leaf, and as what an op computed
        assert_eq!(gradcheck(|x| read(&x[0]), from_ref(&x)), Ok(()), "{name}");
        assert_eq!(gradcheck(|x| read(&x[0].tanh()), from_ref(&x)), Ok(()), "{name}, of a result");
    }
}
