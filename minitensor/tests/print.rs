//! Tensors print as PyTorch 2.15 prints them, with shape and dtype behind.

use minitensor::Tensor;

/// The text without the shape and dtype that PyTorch does not show.
fn numbers(tensor: &Tensor) -> String {
    let text = tensor.to_string();
    let (numbers, _) = text.split_once(", shape=").expect("the shape is shown");
    format!("{numbers})")
}

#[test]
fn small_tensors() {
    let whole = Tensor::from([[1.0f32, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    assert_eq!(numbers(&whole), "tensor([[1., 2., 3.],\n        [4., 5., 6.]])");
    let mixed = Tensor::from([[1.5f32, -2.25], [0.125, 4.0]]);
    assert_eq!(numbers(&mixed), "tensor([[ 1.5000, -2.2500],\n        [ 0.1250,  4.0000]])");
    assert_eq!(numbers(&Tensor::scalar(3.25f32)), "tensor(3.2500)");
    assert_eq!(numbers(&Tensor::arange(3)), "tensor([0, 1, 2])");
    assert_eq!(numbers(&Tensor::zeros([2, 0, 3])), "tensor([])");
    assert_eq!(numbers(&Tensor::from([0.0f32, -0.0])), "tensor([0., -0.])");
}

#[test]
fn numbers_far_apart_are_scientific() {
    assert_eq!(numbers(&Tensor::from([1e-5f32, 1.0])), "tensor([1.0000e-05, 1.0000e+00])");
    assert_eq!(numbers(&Tensor::from([1e9f32, 1.5])), "tensor([1.0000e+09, 1.5000e+00])");
    assert_eq!(numbers(&Tensor::from([1234567.0f32, 2.0])), "tensor([1.2346e+06, 2.0000e+00])");
}

#[test]
fn nan_and_infinity() {
    assert_eq!(numbers(&Tensor::from([1.0, f32::NAN, f32::INFINITY])), "tensor([1., nan, inf])");
    assert_eq!(numbers(&Tensor::from([1.5, f32::NAN, -f32::INFINITY])), "tensor([1.5000,    nan,   -inf])");
}

#[test]
fn blocks_are_separated_by_a_line() {
    let expected = "tensor([[[ 0,  1],\n         [ 2,  3]],\n\n        [[ 4,  5],\n         [10, 11]]])";
    let blocks = Tensor::from([[[0i64, 1], [2, 3]], [[4, 5], [10, 11]]]);
    assert_eq!(numbers(&blocks), expected);
}

#[test]
fn long_rows_are_broken() {
    let long = Tensor::arange(40).to_dtype(minitensor::DType::F32) * 1.25;
    let text = numbers(&long);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[0], "tensor([ 0.0000,  1.2500,  2.5000,  3.7500,  5.0000,  6.2500,  7.5000,  8.7500,");
    assert_eq!(lines[4], "        40.0000, 41.2500, 42.5000, 43.7500, 45.0000, 46.2500, 47.5000, 48.7500])");
}

#[test]
fn large_tensors_are_summarised() {
    assert_eq!(numbers(&Tensor::arange(1001)), "tensor([   0,    1,    2,  ...,  998,  999, 1000])");
    let table = numbers(&Tensor::arange(2000).reshape([40, 50]));
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 7);
    assert_eq!(lines[0], "tensor([[   0,    1,    2,  ...,   47,   48,   49],");
    assert_eq!(lines[3], "        ...,");
    assert_eq!(lines[6], "        [1950, 1951, 1952,  ..., 1997, 1998, 1999]])");
}

#[test]
fn shape_dtype_and_origin_are_shown() {
    let x = Tensor::zeros([2]).requires_grad_();
    assert_eq!(x.to_string(), "tensor([0., 0.], shape=[2], dtype=f32, requires_grad=true)");
    assert_eq!(x.exp().to_string(), "tensor([1., 1.], shape=[2], dtype=f32, grad_fn=exp)");
}
