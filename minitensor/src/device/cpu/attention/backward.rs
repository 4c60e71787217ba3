//! The gradients of queries, keys and values.

use super::super::buffer::Buffer;
use super::super::math::Smooth;
use super::super::matmul::{Matrix, Number};
use super::super::parallel::vectorised;
use super::super::sums::{narrow, sum_of_pairs};
use super::super::tasks::{Disjoint, for_each_task};
use super::tile::{Heads, KEYS, QUERIES, Tile};

/// The gradients of one head, (T, E), (S, E) and (S, Ev), to which tiles add.
type Grads<'a, T> = [&'a mut [T]; 3];

// ANCHOR: attention_backward
/// With weights P = e^(scores - log sum) and the gradient dO of the output O:
/// `dV = Pᵀ dO`, `dS = P ∘ (dO Vᵀ - rows of (dO ∘ O) summed) · scale`, `dQ = dS K`, `dK = dSᵀ Q` (Dao et al., 2022, algorithm 4).
///
/// A task has a head to itself, since each of its tiles adds to the gradients of both queries and keys.
pub(super) fn backward<T: Smooth + Number>(
    heads: &Heads<'_, T>,
    output: &[T],
    log_sums: &[T],
    grad: &[T],
    [dq, dk, dv]: &mut [Buffer<T>; 3],
) {
    let (e, width) = (heads.q.columns, heads.v.columns);
    let [q_size, k_size, v_size] = [heads.t * e, heads.s * e, heads.s * width];
    let grads = [Disjoint::new(dq), Disjoint::new(dk), Disjoint::new(dv)];
    for_each_task(heads.count, true, |head| {
        // SAFETY: every head belongs to one task.
        let [dq, dk, dv] = unsafe {
            [
                grads[0].part(head * q_size, q_size),
                grads[1].part(head * k_size, k_size),
                grads[2].part(head * v_size, v_size),
            ]
        };
        for query in (0..heads.t).step_by(QUERIES) {
            let (first, queries) = (head * heads.t + query, QUERIES.min(heads.t - query));
            let rows = first * width..(first + queries) * width;
            let (output, grad) = (&output[rows.clone()], &grad[rows]);
            T::with_scratch(QUERIES * (2 * KEYS + 1), |scratch| {
                let (along, scratch) = scratch.split_at_mut(queries);
                for (row, along) in along.iter_mut().enumerate() {
                    let row = row * width..(row + 1) * width;
                    *along = sum_of_pairs(&output[row.clone()], &grad[row], |out, grad| out * grad);
                }
                let known = [&log_sums[first..][..queries], along];
                for tile in heads.tiles(head, query) {
                    add_tile(heads, tile, grad, known, scratch, [&mut *dq, &mut *dk, &mut *dv]);
                }
            });
        }
    });
}
// ANCHOR_END: attention_backward

/// Adds what one tile gives to the gradients. `known` are each query's logarithm and its sum of dO ∘ O.
fn add_tile<T: Smooth + Number>(
    heads: &Heads<'_, T>,
    tile: Tile,
    grad: &[T],
    known: [&[T]; 2],
    scratch: &mut [T],
    [dq, dk, dv]: Grads<'_, T>,
) {
    let (e, width, size) = (heads.q.columns, heads.v.columns, tile.queries * tile.keys);
    let (weights, slopes) = scratch.split_at_mut(size);
    let slopes = &mut slopes[..size];
    let tile_of = |elements| Matrix { elements, strides: (tile.keys, 1) };
    let grad = Matrix { elements: grad, strides: (width, 1) };

    heads.scores(tile, weights);
    grad.times(heads.v.at_row(tile.head, tile.key).transposed(), width, slopes, tile.keys, false);
    weights_and_slopes(narrow(heads.scale), tile.keys, known, weights, slopes);

    let (weights, slopes) = (tile_of(weights), tile_of(slopes));
    let dv = &mut dv[tile.key * width..][..tile.keys * width];
    weights.transposed().times(grad, tile.queries, dv, width, true);
    let dk = &mut dk[tile.key * e..][..tile.keys * e];
    slopes.transposed().times(heads.q.at_row(tile.head, tile.query), tile.queries, dk, e, true);
    let dq = &mut dq[tile.query * e..][..tile.queries * e];
    slopes.times(heads.k.at_row(tile.head, tile.key), tile.keys, dq, e, true);
}

/// Turns scores into weights, and the weights' gradients into those of the scores before they were scaled.
fn weights_and_slopes<T: Smooth>(
    scale: T,
    keys: usize,
    [log_sums, along]: [&[T]; 2],
    weights: &mut [T],
    slopes: &mut [T],
) {
    vectorised(
        #[inline(always)]
        || {
            let rows = weights.chunks_exact_mut(keys).zip(slopes.chunks_exact_mut(keys));
            for ((weights, slopes), (log_sum, along)) in rows.zip(log_sums.iter().zip(along)) {
                for (weight, slope) in weights.iter_mut().zip(slopes) {
                    *weight = (*weight - *log_sum).fast_exp_of_negative();
                    *slope = *weight * (*slope - *along) * scale;
                }
            }
        },
    );
}
