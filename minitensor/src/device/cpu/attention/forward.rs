//! What each query reads.

use super::super::math::Smooth;
use super::super::matmul::{Matrix, Number};
use super::super::parallel::vectorised;
use super::super::sums::{fold, sum};
use super::super::tasks::{Disjoint, for_each_task};
use super::tile::{Heads, KEYS, QUERIES, Tile};

// ANCHOR: attention_forward
/// Writes `softmax(scores) v` of every head, and the logarithm of the sum of each query's e^score.
pub(super) fn forward<T: Smooth + Number>(heads: &Heads<'_, T>, output: &mut [T], log_sums: &mut [T]) {
    let (width, blocks) = (heads.v.columns, heads.t.div_ceil(QUERIES));
    let (outputs, log_sums) = (Disjoint::new(output), Disjoint::new(log_sums));
    for_each_task(heads.count * blocks, true, |task| {
        let (head, query) = (task / blocks, task % blocks * QUERIES);
        let (first, queries) = (head * heads.t + query, QUERIES.min(heads.t - query));
        // SAFETY: every query belongs to one task.
        let (output, log_sums) =
            unsafe { (outputs.part(first * width, queries * width), log_sums.part(first, queries)) };
        T::with_scratch(QUERIES * (KEYS + 1), |scratch| {
            let (scores, largest) = scratch.split_at_mut(QUERIES * KEYS);
            let largest = &mut largest[..queries];
            largest.fill(T::neg_infinity());
            for tile in heads.tiles(head, query) {
                read(heads, tile, &mut scores[..queries * tile.keys], largest, log_sums, output);
            }
            finish(width, largest, log_sums, output);
        });
    });
}

/// Adds what the queries read from the keys of one tile; `sums` are those of e^(score - largest so far).
fn read<T: Smooth + Number>(
    heads: &Heads<'_, T>,
    tile: Tile,
    scores: &mut [T],
    largest: &mut [T],
    sums: &mut [T],
    output: &mut [T],
) {
    heads.scores(tile, scores);
    let width = heads.v.columns;
    vectorised(
        #[inline(always)]
        || {
            for (row, scores) in scores.chunks_exact_mut(tile.keys).enumerate() {
                let before = largest[row];
                let max = fold(scores, before, |max, x| if x > max { x } else { max });
                // Nothing seen so far: any number does, and 0 keeps e^(score - max) from being NaN.
                let from = if max == T::neg_infinity() { T::zero() } else { max };
                scores.iter_mut().for_each(|score| *score = (*score - from).fast_exp_of_negative());
                let shrink = (before - from).fast_exp_of_negative();
                sums[row] = sums[row] * shrink + sum(scores, |weight| weight);
                output[row * width..][..width].iter_mut().for_each(|out| *out *= shrink);
                largest[row] = max;
            }
        },
    );
    let weights = Matrix { elements: scores, strides: (tile.keys, 1) };
    weights.times(heads.v.at_row(tile.head, tile.key), tile.keys, output, width, true);
}
// ANCHOR_END: attention_forward

/// Divides by the sums, and turns them into their logarithms. A query that saw nothing keeps its zeros, and gets an infinite
/// logarithm, so that its weights are 0 in the gradients, too.
fn finish<T: Smooth>(width: usize, largest: &[T], sums: &mut [T], output: &mut [T]) {
    for (row, sum) in sums.iter_mut().enumerate() {
        if *sum == T::zero() {
            *sum = T::infinity();
            continue;
        }
        let scale = T::one() / *sum;
        output[row * width..][..width].iter_mut().for_each(|out| *out *= scale);
        *sum = largest[row] + sum.ln();
    }
}
