//! A tile: the scores of some queries with some keys.

use crate::shape::Layout;

use super::super::math::Smooth;
use super::super::matmul::{Matrix, Number};
use super::super::parallel::vectorised;
use super::super::sums::narrow;

/// Queries in a tile.
pub(super) const QUERIES: usize = 64;
/// Keys in a tile.
pub(super) const KEYS: usize = 128;

/// Everything that attention reads: `count` heads of T queries and S keys and values.
pub(super) struct Heads<'a, T> {
    pub(super) count: usize,
    pub(super) t: usize,
    pub(super) s: usize,
    pub(super) q: Matrices<'a, T>,
    pub(super) k: Matrices<'a, T>,
    pub(super) v: Matrices<'a, T>,
    pub(super) mask: Option<Mask<'a, T>>,
    pub(super) causal: bool,
    pub(super) scale: f64,
}

pub(super) enum Mask<'a, T> {
    /// 0 hides a key.
    Seen(Matrices<'a, u8>),
    /// Added to the scores.
    Added(Matrices<'a, T>),
}

/// A matrix for each head, in any layout.
pub(super) struct Matrices<'a, T> {
    elements: &'a [T],
    layout: &'a Layout,
    pub(super) rows: usize,
    pub(super) columns: usize,
}

impl<'a, T: Copy> Matrices<'a, T> {
    pub(super) fn new(elements: &'a [T], layout: &'a Layout) -> Self {
        let rank = layout.shape.len();
        Matrices { elements, layout, rows: layout.shape[rank - 2], columns: layout.shape[rank - 1] }
    }

    /// The matrix of one head, from a row on.
    pub(super) fn at_row(&self, head: usize, row: usize) -> Matrix<'a, T> {
        let rank = self.layout.shape.len();
        let strides = (self.layout.strides[rank - 2], self.layout.strides[rank - 1]);
        Matrix { elements: &self.elements[self.layout.batch_start(head) + row * strides.0..], strides }
    }
}

/// Which queries and keys a tile has.
#[derive(Clone, Copy)]
pub(super) struct Tile {
    pub(super) head: usize,
    pub(super) query: usize,
    pub(super) queries: usize,
    pub(super) key: usize,
    pub(super) keys: usize,
}

impl<T: Smooth + Number> Heads<'_, T> {
    /// The tiles of some queries, as far as they see any key.
    pub(super) fn tiles(&self, head: usize, query: usize) -> impl Iterator<Item = Tile> + use<T> {
        let queries = QUERIES.min(self.t - query);
        let end = if self.causal { self.s.min(query + queries) } else { self.s };
        let tile = move |key| Tile { head, query, queries, key, keys: KEYS.min(end - key) };
        (0..end).step_by(KEYS).map(tile)
    }

    /// Writes `q kᵀ · scale + mask` of a tile, row by row, with minus infinity for each key that a query does not see.
    pub(super) fn scores(&self, tile: Tile, scores: &mut [T]) {
        let keys = self.k.at_row(tile.head, tile.key).transposed();
        self.q.at_row(tile.head, tile.query).times(keys, self.q.columns, scores, tile.keys, false);
        let scale = narrow::<T>(self.scale);
        vectorised(
            #[inline(always)]
            || scores.iter_mut().for_each(|score| *score *= scale),
        );
        for (row, scores) in scores.chunks_exact_mut(tile.keys).enumerate() {
            match &self.mask {
                Some(Mask::Seen(seen)) => {
                    let hide = |score: &mut T, seen: u8| {
                        if seen == 0 {
                            *score = T::neg_infinity()
                        }
                    };
                    with_mask(seen.at_row(tile.head, tile.query + row), tile.key, scores, hide);
                }
                Some(Mask::Added(added)) => {
                    let add = |score: &mut T, added: T| *score += added;
                    with_mask(added.at_row(tile.head, tile.query + row), tile.key, scores, add);
                }
                None => {}
            }
            if self.causal {
                let seen = (tile.query + row + 1).saturating_sub(tile.key).min(tile.keys);
                scores[seen..].fill(T::neg_infinity());
            }
        }
    }
}

fn with_mask<T, M: Copy>(row: Matrix<'_, M>, key: usize, scores: &mut [T], apply: impl Fn(&mut T, M)) {
    for (j, score) in scores.iter_mut().enumerate() {
        apply(score, row.elements[(key + j) * row.strides.1]);
    }
}
