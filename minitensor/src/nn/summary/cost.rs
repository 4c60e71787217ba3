//! What an op costs.

use crate::observe::Op;

/// How many products an op sums.
pub(super) fn multiply_adds(op: &Op<'_>) -> u64 {
    let size = |input: usize, dim: isize| op.inputs[input].size(dim);
    let (outputs, products) = match op.name {
        // (…, m, k) · (…, k, n): each output is a sum of k products
        "matmul" => (op.result.numel(), size(0, -1)),
        // x (…, in), weight (out, in)
        "linear" => (op.result.numel(), size(0, -1)),
        // weight (O, C / groups, …): each output sums one filter
        "conv1d" | "conv2d" | "conv3d" => (op.result.numel(), per_slice(op)),
        // weight (C, O / groups, …): each input is spread by one filter
        "conv_transpose1d" | "conv_transpose2d" | "conv_transpose3d" => (op.inputs[0].numel(), per_slice(op)),
        // q (…, T, D), k (…, S, D), v (…, S, E) → (…, T, E): each of T·S scores is a sum of D products, each output one of S
        "attention" => (op.result.numel() / size(2, -1).max(1) * size(1, -2), size(0, -1) + size(2, -1)),
        // x (T, B, C), weights (G·H, C) and (G·H, H): each gate of each step sums C products and H
        "recur" => (size(0, 0) * size(0, 1) * size(1, 0), size(0, -1) + size(2, -1)),
        _ => (0, 0),
    };
    outputs as u64 * products as u64
}

/// How many elements a weight has for each index of its first dimension.
fn per_slice(op: &Op<'_>) -> usize {
    op.inputs[1].shape()[1..].iter().product()
}
