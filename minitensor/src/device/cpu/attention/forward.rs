//! What each query reads.

use super::super::math::Smooth;
use super::super::matmul::{Matrix, Number};
use super::super::parallel::{for_chunks, vectorised};
use super::super::sums::{fold, sum};
use super::super::tasks::{Disjoint, for_each_task};
use super::operand::{LINE, aligned, laid_out, lay_out, pitch};
use super::product::product;
use super::tile::{Heads, KEYS, QUERIES, Tile};

/// From so many queries on it pays to lay out the keys once for all of them.
const MANY: usize = 16;

// ANCHOR: attention_forward
/// Writes `softmax(scores) v` of every head, and the logarithm of the sum of each query's e^score.
pub(super) fn forward<T: Smooth + Number>(heads: &Heads<'_, T>, output: &mut [T], log_sums: &mut [T]) {
    let (width, blocks) = (heads.v.columns, heads.t.div_ceil(QUERIES));
    let (outputs, log_sums) = (Disjoint::new(output), Disjoint::new(log_sums));
    with_keys_and_values(heads, |keys_and_values| {
        for_each_task(heads.count * blocks, true, |task| {
            let (head, query) = (task / blocks, task % blocks * QUERIES);
            let (first, queries) = (head * heads.t + query, QUERIES.min(heads.t - query));
            // SAFETY: every query belongs to one task.
            let (output, log_sums) =
                unsafe { (outputs.part(first * width, queries * width), log_sums.part(first, queries)) };
            read_all(heads, [head, query], keys_and_values[head], log_sums, output);
        });
    });
}

/// What a block of queries reads from all keys that it sees.
fn read_all<T: Smooth + Number>(
    heads: &Heads<'_, T>,
    [head, query]: [usize; 2],
    keys_and_values: [Matrix<'_, T>; 2],
    sums: &mut [T],
    output: &mut [T],
) {
    let (width, queries) = (heads.v.columns, sums.len());
    T::with_scratch(QUERIES * (KEYS + 1), |scratch| {
        let (scores, largest) = scratch.split_at_mut(QUERIES * KEYS);
        let largest = &mut largest[..queries];
        largest.fill(T::neg_infinity());
        for tile in heads.tiles(head, query) {
            let rows = tile.query - query..tile.query - query + tile.queries;
            let output = &mut output[rows.start * width..rows.end * width];
            let so_far = [&mut largest[rows.clone()], &mut sums[rows], output];
            read(heads, tile, keys_and_values, &mut scores[..tile.queries * tile.keys], so_far);
        }
        finish(width, largest, sums, output);
    });
}

/// Adds what the queries read from the keys of one tile; `sums` are those of e^(score - largest so far).
fn read<T: Smooth + Number>(
    heads: &Heads<'_, T>,
    tile: Tile,
    [keys, values]: [Matrix<'_, T>; 2],
    scores: &mut [T],
    [largest, sums, output]: [&mut [T]; 3],
) {
    heads.scores(tile, keys, scores);
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
    product(weights, values.at(tile.key, 0), tile.keys, output, width, true);
}
// ANCHOR_END: attention_forward

/// Calls `work` with kᵀ, (E, S), and v, (S, Ev), of every head.
fn with_keys_and_values<T: Smooth + Number>(heads: &Heads<'_, T>, work: impl FnOnce(&[[Matrix<'_, T>; 2]])) {
    let (e, s, width) = (heads.q.columns, heads.s, heads.v.columns);
    let views = |head| [heads.k.of_head(head).transposed(), heads.v.of_head(head)];
    if heads.t < MANY || s == 0 {
        return work(&(0..heads.count).map(views).collect::<Vec<_>>());
    }
    let [keys, values] = [e * pitch(s), s * pitch(width)];
    T::with_scratch(heads.count * (keys + values) + LINE, |scratch| {
        let scratch = &mut aligned(scratch)[..heads.count * (keys + values)];
        for_chunks(scratch, keys + values, |head, to| {
            let ([k, v], (keys, values)) = (views(head), to.split_at_mut(keys));
            lay_out(k, s, keys);
            lay_out(v, width, values);
        });
        let parts = scratch.chunks_exact(keys + values).map(|part| part.split_at(keys));
        let laid_out = parts.map(|(keys, values)| [laid_out(keys, s), laid_out(values, width)]);
        work(&laid_out.collect::<Vec<_>>());
    });
}

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
