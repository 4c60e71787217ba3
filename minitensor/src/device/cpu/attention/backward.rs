//! The gradients of queries, keys and values.

use super::super::math::Smooth;
use super::super::matmul::{Matrix, Number};
use super::super::parallel::vectorised;
use super::super::sums::narrow;
use super::super::tasks::{Disjoint, for_each_task};
use super::operand::{LINE, aligned, lay_out, pitch};
use super::product::{dots, product};
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
    [dq, dk, dv]: &mut [Vec<T>; 3],
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
        let rows = head * heads.t * width..(head + 1) * heads.t * width;
        let known = [&output[rows.clone()], &grad[rows], &log_sums[head * heads.t..][..heads.t]];
        add_head(heads, head, known, [dq, dk, dv]);
    });
}

/// Adds the gradients of one head, whose `known` are the outputs, their gradients and the logarithms.
fn add_head<T: Smooth + Number>(
    heads: &Heads<'_, T>,
    head: usize,
    [output, grad, log_sums]: [&[T]; 3],
    [dq, dk, dv]: Grads<'_, T>,
) {
    let (e, width) = (heads.q.columns, heads.v.columns);
    with_operands(heads, head, |operands, scratch| {
        let (along, scratch) = scratch.split_at_mut(QUERIES);
        for query in (0..heads.t).step_by(QUERIES) {
            let queries = QUERIES.min(heads.t - query);
            let rows = query * width..(query + queries) * width;
            dots(&grad[rows.clone()], &output[rows], width, &mut along[..queries]);
            for tile in heads.tiles(head, query) {
                let rows = tile.query..tile.query + tile.queries;
                let known = [&log_sums[rows.clone()], &along[tile.query - query..][..tile.queries]];
                let grads = [
                    &mut dq[rows.start * e..rows.end * e],
                    &mut dk[tile.key * e..][..tile.keys * e],
                    &mut dv[tile.key * width..][..tile.keys * width],
                ];
                add_tile(heads, tile, operands, &grad[rows.start * width..], known, scratch, grads);
            }
        }
    });
}
// ANCHOR_END: attention_backward

/// Adds what one tile gives to the gradients of its queries, keys and values. `known` are each query's logarithm and its sum
/// of dO ∘ O; `grad` is dO from the tile's first query on.
fn add_tile<T: Smooth + Number>(
    heads: &Heads<'_, T>,
    tile: Tile,
    operands: &Operands<'_, T>,
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

    heads.scores(tile, operands.keys_across, weights);
    product(grad, operands.values_across.at(0, tile.key), width, slopes, tile.keys, false);
    weights_and_slopes(narrow(heads.scale), tile.keys, known, weights, slopes);

    let (weights, slopes) = (tile_of(weights), tile_of(slopes));
    product(weights.transposed(), grad, tile.queries, dv, width, true);
    product(slopes.transposed(), operands.queries.at(tile.query, 0), tile.queries, dk, e, true);
    product(slopes, operands.keys.at(tile.key, 0), tile.keys, dq, e, true);
}

/// What the products of a head read, laid out.
struct Operands<'a, T> {
    /// (T, E)
    queries: Matrix<'a, T>,
    /// (S, E)
    keys: Matrix<'a, T>,
    /// (E, S)
    keys_across: Matrix<'a, T>,
    /// (Ev, S)
    values_across: Matrix<'a, T>,
}

/// Calls `work` with the operands, and with room for two tiles and a number for each query.
fn with_operands<T: Smooth + Number>(
    heads: &Heads<'_, T>,
    head: usize,
    work: impl FnOnce(&Operands<'_, T>, &mut [T]),
) {
    let (t, s, e, width) = (heads.t, heads.s, heads.q.columns, heads.v.columns);
    let [q, k, across, v] = [t * pitch(e), s * pitch(e), e * pitch(s), width * pitch(s)];
    T::with_scratch(q + k + across + v + QUERIES * (2 * KEYS + 1) + LINE, |scratch| {
        let (queries, scratch) = aligned(scratch).split_at_mut(q);
        let (keys, scratch) = scratch.split_at_mut(k);
        let (keys_across, scratch) = scratch.split_at_mut(across);
        let (values_across, scratch) = scratch.split_at_mut(v);
        let operands = Operands {
            queries: lay_out(heads.q.of_head(head), e, queries),
            keys: lay_out(heads.k.of_head(head), e, keys),
            keys_across: lay_out(heads.k.of_head(head).transposed(), s, keys_across),
            values_across: lay_out(heads.v.of_head(head).transposed(), s, values_across),
        };
        work(&operands, scratch);
    });
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
