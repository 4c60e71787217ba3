//! Views share their numbers, whatever the strides.

use minitensor::{DType, Tensor};

/// Tensors in which some stride is not what it would be by default.
fn strided() -> Vec<Tensor> {
    let x = Tensor::arange(24).reshape([2, 3, 4]);
    vec![
        x.clone(),
        x.permute([2, 0, 1]),
        x.narrow(2, 1, 2),
        x.step(1, 2),
        x.select(2, 3),
        Tensor::arange(3).reshape([3, 1]).expand([2, 3, 4]),
        x.unfold(2, 3, 1),
    ]
}

#[test]
fn a_new_dimension_of_size_one_copies_nothing() {
    for x in strided() {
        for dim in 0..=x.rank() {
            let y = x.unsqueeze(dim as isize);
            let mut strides = y.strides().to_vec();
            strides.remove(dim);
            assert_eq!(strides, x.strides(), "unsqueeze({dim}) of {:?}", x.shape());
            let back = y.squeeze(dim as isize);
            assert_eq!((back.shape(), back.strides()), (x.shape(), x.strides()));
            assert_eq!(back.to_vec::<i64>(), x.to_vec::<i64>());
        }
    }
}

#[test]
fn windows_are_read_where_they_lie() {
    let x = Tensor::arange(10).reshape([2, 5]);
    let y = x.unfold(1, 3, 1);
    assert_eq!((&y.shape()[..], y.strides()), (&[2, 3, 3][..], &[5, 1, 1][..]));
    assert_eq!(x.diagonal(1, 0, 1).strides(), [6]);
}

#[test]
fn an_empty_view_starts_inside_the_buffer() {
    let none = Tensor::zeros([0, 3, 3]);
    assert!(none.diagonal(1, 1, 2).to_vec::<f32>().is_empty());
    assert!(none.narrow(1, 2, 1).to_vec::<f32>().is_empty());
    assert!(none.unfold(1, 2, 1).to_vec::<f32>().is_empty());
    assert!(none.i((.., -1, 2)).to_vec::<f32>().is_empty());
}

#[test]
fn assignment_changes_the_part_and_no_view_made_before() {
    let x = Tensor::zeros([3, 4]);
    let before = x.select(0, 1);
    x.slice_assign_((1.., ..2), &Tensor::ones([2]));
    assert_eq!(x.to_vec::<f32>(), [0., 0., 0., 0., 1., 1., 0., 0., 1., 1., 0., 0.]);
    assert_eq!(before.to_vec::<f32>(), [0.0; 4]);
}

#[test]
#[should_panic(expected = "no_grad")]
fn assignment_to_a_leaf_that_wants_a_gradient_is_refused() {
    Tensor::zeros([3]).requires_grad_().slice_assign_(0, &Tensor::ones([]));
}

#[test]
fn sizes_are_found_out_and_mixed() {
    let (x, batch) = (Tensor::zeros([2, 3, 4]), 2usize);
    assert_eq!(x.reshape((batch, -1)).dims(), [2, 12]);
    assert_eq!(x.reshape([-1]).dims(), [24]);
    assert_eq!(x.narrow(0, 0, 1).reshape([3, 4]).expand((batch, -1, 4)).dims(), [2, 3, 4]);
    assert_eq!(Tensor::scalar(1i64).reshape(()).dtype(), DType::I64);
}

#[test]
#[should_panic(expected = "do not divide")]
fn sizes_that_leave_a_rest_are_refused() {
    Tensor::zeros([2, 3]).reshape([4, -1]);
}

#[test]
fn a_large_tensor_is_joined_by_several_threads_as_by_one() {
    // more numbers than one task writes, and tasks that end in the middle of a row
    let widths = [150, 1, 83];
    let number = |part: usize, row: usize, column: usize| (part * 100_000 + row * 200 + column) as f32;
    let part = |k: usize| {
        let numbers = (0..200).flat_map(|row| (0..widths[k]).map(move |column| number(k, row, column)));
        Tensor::from_vec(numbers.collect(), [200, widths[k]])
    };
    let parts = [part(0), part(1), part(2)];
    let joined = Tensor::cat(&parts.each_ref(), 1).to_vec::<f32>();
    let row_of = |row| (0..3).flat_map(move |k| (0..widths[k]).map(move |column| number(k, row, column)));
    assert_eq!(joined, (0..200).flat_map(row_of).collect::<Vec<f32>>());
}
