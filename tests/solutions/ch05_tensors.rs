//! Chapter 5: Tensors and broadcasting
//!
//! Put your answers in place of each `todo!`, then run `cargo exercise 5`.
//! Stuck? `cargo exercise hint 5.1` gives a hint, and another when asked again.
//!
//! You may add functions and `use` lines; leave the lines `// === Exercise 5.1 ===` where they are.

use minitensor::Tensor;

// === Exercise 5.1 ===

/// To warm up: seven lists of five numbers, where number `j` of list `i` is `5 i + j`, counted from zero.
pub fn seven_lists() -> Vec<Vec<usize>> {
    // TASK: seven lists of five numbers, 5 i + j
    // HINT: A range is an iterator: `(0..7)` gives every `i`, and `.map(|i| ...)` makes a list of each.
    // HINT: The list of one `i` is a range in its own right, from `5 * i` on, collected.
    // HINT: `(0..7).map(|i| (0..5).map(|j| 5 * i + j).collect()).collect()`
    (0..7).map(|i| (0..5).map(|j| 5 * i + j).collect()).collect()
    // END
}

// === Exercise 5.2 ===

/// How far apart neighbours lie along each dimension, when the numbers of a tensor stand in one row, last dimension
/// first: `[2, 3]` is stored as `x00 x01 x02 x10 x11 x12`, so its strides are `[3, 1]`.
pub fn strides(shape: &[usize]) -> Vec<usize> {
    // TASK: the row-major strides of a shape
    // HINT: Along the last dimension, neighbours touch: its stride is 1. What lies between two rows?
    // HINT: The stride of a dimension is the product of all sizes to the right of it; its own size is not among them.
    // HINT: Begin with a `vec![1; shape.len()]` and go from right to left: `strides[d - 1] = strides[d] * shape[d]`.
    let mut strides = vec![1; shape.len()];
    for d in (1..shape.len()).rev() {
        strides[d - 1] = strides[d] * shape[d];
    }
    strides
    // END
}

// === Exercise 5.3 ===

/// The element at `index` of a view: a buffer, where in it the view begins, and its strides.
///
/// Transposing swaps two strides, slicing moves the offset, and broadcasting sets a stride to 0: the buffer stays.
pub fn element(buffer: &[f64], offset: usize, strides: &[usize], index: &[usize]) -> f64 {
    // TASK: the number at an index of a strided view
    // HINT: A step along dimension `d` moves `strides[d]` places in the buffer. How far do `index[d]` steps go?
    // HINT: The place is `offset + index[0] * strides[0] + index[1] * strides[1] + ...`.
    // HINT: `index.iter().zip(strides).map(|(i, stride)| i * stride).sum::<usize>()`, plus the offset.
    let place = offset + index.iter().zip(strides).map(|(i, stride)| i * stride).sum::<usize>();
    buffer[place]
    // END
}

// === Exercise 5.4 ===

/// The shape of `a + b`, or `None` if the two do not broadcast.
///
/// Shapes are compared from the right. Two sizes go together if they are equal, or if one of them is 1, which then
/// repeats; a dimension that one shape does not have counts as 1.
pub fn broadcast_shape(a: &[usize], b: &[usize]) -> Option<Vec<usize>> {
    // TASK: the shape that two shapes broadcast to, if they do
    // HINT: The result has as many dimensions as the longer shape. Put ones before the shorter until they are as long.
    // HINT: For each pair of sizes: `(x, y)` with `x == y` gives `x`, `(1, y)` gives `y`, `(x, 1)` gives `x`, and any
    //       other pair is the end: `None`. The larger of two will not do: 1 beside 0 gives 0.
    // HINT: `let size = |s: &[usize], d: usize| if d + s.len() >= rank { s[d + s.len() - rank] } else { 1 };` reads a
    //       shape as if it had `rank` dimensions; then `(0..rank).map(|d| match (size(a, d), size(b, d)) {...}).collect()`
    //       collects options into an option.
    let rank = a.len().max(b.len());
    let size =
        |shape: &[usize], d: usize| if d + shape.len() >= rank { shape[d + shape.len() - rank] } else { 1 };
    let pair = |d| match (size(a, d), size(b, d)) {
        (x, y) if x == y => Some(x),
        (1, size) | (size, 1) => Some(size),
        _ => None,
    };
    (0..rank).map(pair).collect()
    // END
}

// === Exercise 5.5 ===

/// A fully connected layer: every row of `x` times every row of `weight`, plus the bias.
///
/// # Shapes
/// `x`: (batch, inputs), `weight`: (outputs, inputs), `bias`: (outputs), result: (batch, outputs).
pub fn linear(x: &Tensor, weight: &Tensor, bias: &Tensor) -> Tensor {
    // TASK: a batch through a fully connected layer
    // HINT: A matrix product wants the inner sizes equal: (batch, inputs) times (inputs, outputs). What is in the way?
    // HINT: `weight.t()` swaps rows and columns, and copies nothing. The bias broadcasts over the batch by itself.
    // HINT: `x.matmul(&weight.t()) + bias`
    x.matmul(&weight.t()) + bias
    // END
}

// === Exercise 5.6 ===

/// Undoes a broadcast: adds up the elements of `grad` that were one element of a tensor of shape `shape`.
///
/// This is what the gradient of every broadcast does: whoever was used many times hears from each use, and adds.
pub fn sum_to_shape(grad: &Tensor, shape: &[usize]) -> Tensor {
    // TASK: grad summed down to the shape that was broadcast
    // HINT: There are two kinds of dimension to sum: those that `shape` does not have, at the left, and those where it has
    //       a 1 and `grad` has not.
    // HINT: While the rank of `grad` is above `shape.len()`, sum dimension 0 away: `sum_dim(0, false)`. Then go through the
    //       dimensions that are left.
    // HINT: Where `shape[d] == 1` and `grad.shape()[d] != 1`, use `sum_dim(d as isize, true)`, which keeps the dimension.
    let mut grad = grad.clone();
    while grad.rank() > shape.len() {
        grad = grad.sum_dim(0, false);
    }
    for (d, &size) in shape.iter().enumerate() {
        if size == 1 && grad.shape()[d] != 1 {
            grad = grad.sum_dim(d as isize, true);
        }
    }
    grad
    // END
}
