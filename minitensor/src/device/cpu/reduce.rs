//! Many numbers made one.

use crate::dtype::Element;
use crate::shape::{Layout, Shape};

use super::super::kernels::{ArgOp, ReduceOp};
use super::buffer::{self, Buffer};
use super::parallel::{MIN_CHUNK, for_chunks, vectorised};

/// The elements along `dims` made one; the other dimensions stay, in order.
pub(crate) fn reduce<T: Element>(op: ReduceOp, x: &[T], layout: &Layout, dims: &[usize]) -> Buffer<T> {
    match op {
        ReduceOp::Sum => fold(x, layout, dims, T::zero(), |a, b| a + b),
        ReduceOp::Prod => fold(x, layout, dims, T::one(), |a, b| a * b),
        ReduceOp::Max => fold(x, layout, dims, T::LOWEST, |a, b| if a > b || a.is_nan() { a } else { b }),
        ReduceOp::Min => fold(x, layout, dims, T::HIGHEST, |a, b| if a < b || a.is_nan() { a } else { b }),
    }
}

/// The position along one dimension of the largest or smallest element: the first of equals, a NaN before all.
pub(crate) fn arg_reduce<T: Element>(op: ArgOp, x: &[T], layout: &Layout, dim: usize) -> Buffer<i64> {
    let better = |a: T, b: T| match op {
        ArgOp::Max => a > b || (a.is_nan() && !b.is_nan()),
        ArgOp::Min => a < b || (a.is_nan() && !b.is_nan()),
    };
    let (size, stride) = (layout.shape[dim], layout.strides[dim]);
    let (kept, _) = split(layout, &[dim]);
    let mut out = buffer::stale(kept.numel());
    for_chunks(&mut out, MIN_CHUNK.div_ceil(size.max(1)), |first, chunk| {
        for (i, o) in chunk.iter_mut().enumerate() {
            let start = position(&kept, first + i);
            let best =
                (1..size).fold(0, |best, j| match better(x[start + j * stride], x[start + best * stride]) {
                    true => j,
                    false => best,
                });
            *o = best as i64;
        }
    });
    out
}

/// How many rows are combined before they are added to the total: a sum of many numbers of one size loses digits
/// when each is added to an ever larger total, and loses far fewer when sums of blocks are added.
const BLOCK: usize = 64;

fn fold<T: Element>(
    x: &[T],
    layout: &Layout,
    dims: &[usize],
    start: T,
    f: impl Fn(T, T) -> T + Sync,
) -> Buffer<T> {
    let (kept, reduced) = split(layout, dims);
    let mut out = buffer::full(kept.numel(), start);
    if out.is_empty() || reduced.numel() == 0 {
        return out;
    }
    let (kept, reduced) = (merged(&kept), merged(&reduced));
    let rows_lie_together = reduced.strides.last() == Some(&1) || kept.strides.last() != Some(&1);
    if rows_lie_together || kept.shape.last() == Some(&1) {
        fold_rows(x, &kept, &reduced, &mut out, start, f);
    } else {
        fold_columns(x, &kept, &reduced, &mut out, start, f);
    }
    out
}

/// Each result from its own row of elements: a sum over the last dimension.
fn fold_rows<T: Element>(
    x: &[T],
    kept: &Layout,
    reduced: &Layout,
    out: &mut [T],
    start: T,
    f: impl Fn(T, T) -> T + Sync,
) {
    let (outer, inner) = split_last(reduced);
    let (len, stride) = (inner.shape[0], inner.strides[0]);
    let row = |at: usize| match stride {
        1 => fold_slice(&x[at..at + len], start, &f),
        _ => (0..len).fold(start, |acc, i| f(acc, x[at + i * stride])),
    };
    if out.len() == 1 && outer.numel() == 1 && stride == 1 && len > MIN_CHUNK {
        // one long sum: pieces of fixed size on all threads, then the sum of these
        let at = kept.offset;
        let mut parts = vec![start; len.div_ceil(MIN_CHUNK)];
        for_chunks(&mut parts, 1, |i, part| {
            let piece = &x[at + i * MIN_CHUNK..at + len.min((i + 1) * MIN_CHUNK)];
            part[0] = vectorised(
                #[inline(always)]
                || fold_slice(piece, start, &f),
            );
        });
        out[0] = parts.into_iter().fold(start, &f);
        return;
    }
    for_chunks(out, MIN_CHUNK.div_ceil(reduced.numel()), |first, chunk| {
        vectorised(
            #[inline(always)]
            || {
                for (i, o) in chunk.iter_mut().enumerate() {
                    let at = position(kept, first + i);
                    *o = (0..outer.numel()).fold(start, |acc, r| f(acc, row(at + position(&outer, r))));
                }
            },
        );
    });
}

/// Whole rows combined into one: a sum over the first dimension.
fn fold_columns<T: Element>(
    x: &[T],
    kept: &Layout,
    reduced: &Layout,
    out: &mut [T],
    start: T,
    f: impl Fn(T, T) -> T + Sync,
) {
    let width = *kept.shape.last().unwrap_or(&1);
    let (kept_outer, _) = split_last(kept);
    let rows = reduced.numel();
    // a piece of a row of results, long enough to pay for a thread, short enough to stay in the cache
    let piece = MIN_CHUNK.div_ceil(rows).clamp(64, 4096).min(width);
    let pieces_per_row = width.div_ceil(piece);
    let mut parts: Vec<&mut [T]> = out.chunks_mut(width).flat_map(|row| row.chunks_mut(piece)).collect();
    for_chunks(&mut parts, 1, |p, part| {
        let at = position(&kept_outer, p / pieces_per_row) + p % pieces_per_row * piece;
        let total = &mut *part[0];
        vectorised(
            #[inline(always)]
            || {
                let mut block = vec![start; total.len()];
                for first in (0..rows).step_by(BLOCK) {
                    block.fill(start);
                    for r in first..rows.min(first + BLOCK) {
                        let from = at + position(reduced, r);
                        block.iter_mut().zip(&x[from..]).for_each(|(b, &v)| *b = f(*b, v));
                    }
                    total.iter_mut().zip(&block).for_each(|(t, &b)| *t = f(*t, b));
                }
            },
        );
    });
}

/// A slice made one number, with many running results so that neighbours need not wait for each other.
#[inline(always)]
fn fold_slice<T: Element>(x: &[T], start: T, f: &impl Fn(T, T) -> T) -> T {
    match x.len() < 256 {
        true => fold_lanes::<T, 16>(x, start, f),
        false => fold_lanes::<T, 64>(x, start, f),
    }
}

#[inline(always)]
fn fold_lanes<T: Element, const W: usize>(x: &[T], start: T, f: &impl Fn(T, T) -> T) -> T {
    let mut total = start;
    for block in x.chunks(16 * BLOCK) {
        let mut lanes = [start; W];
        let (groups, rest) = block.as_chunks::<W>();
        for group in groups {
            for i in 0..W {
                lanes[i] = f(lanes[i], group[i]);
            }
        }
        let mut width = W;
        while width > 16 {
            width /= 2;
            for i in 0..width {
                lanes[i] = f(lanes[i], lanes[i + width]);
            }
        }
        let block = lanes[..16].iter().chain(rest).fold(start, |a, &b| f(a, b));
        total = f(total, block);
    }
    total
}

/// A grid as two: the dimensions that stay, from the same offset, and those that go, from 0.
fn split(layout: &Layout, dims: &[usize]) -> (Layout, Layout) {
    let pick = |go: bool, offset| {
        let ds = || (0..layout.shape.len()).filter(move |d| dims.contains(d) == go);
        Layout {
            shape: Shape::from(ds().map(|d| layout.shape[d]).collect::<Vec<_>>()),
            strides: ds().map(|d| layout.strides[d]).collect(),
            offset,
        }
    };
    (pick(false, layout.offset), pick(true, 0))
}

/// The grid with neighbouring dimensions made one where they lie in memory as one, so that its rows are as long as can be.
fn merged(layout: &Layout) -> Layout {
    let mut dims: Vec<(usize, usize)> = Vec::new();
    for (&size, &stride) in layout.shape.iter().zip(&layout.strides).filter(|(size, _)| **size != 1) {
        match dims.last_mut() {
            // one step along the outer dimension is as far as `size` steps along this one
            Some((outer, above)) if *above == stride * size => (*outer, *above) = (*outer * size, stride),
            _ => dims.push((size, stride)),
        }
    }
    let shape = Shape::from(dims.iter().map(|&(size, _)| size).collect::<Vec<_>>());
    Layout { shape, strides: dims.iter().map(|&(_, stride)| stride).collect(), offset: layout.offset }
}

/// A grid as its dimensions but the last, and the last alone, from 0.
fn split_last(layout: &Layout) -> (Layout, Layout) {
    let last = layout.shape.len().saturating_sub(1);
    let outer = Layout {
        shape: Shape::from(&layout.shape[..last]),
        strides: layout.strides[..last].into(),
        offset: layout.offset,
    };
    let size = layout.shape.last().copied().unwrap_or(1);
    let stride = layout.strides.last().copied().unwrap_or(1);
    (outer, Layout { shape: [size].into(), strides: [stride].as_slice().into(), offset: 0 })
}

/// Where element number `index`, in row-major order, lies.
#[inline(always)]
fn position(layout: &Layout, mut index: usize) -> usize {
    let mut at = layout.offset;
    for (&size, &stride) in layout.shape.iter().zip(&layout.strides).rev() {
        at += index % size * stride;
        index /= size;
    }
    at
}
