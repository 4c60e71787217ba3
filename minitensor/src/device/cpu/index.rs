//! Reading and writing at positions that other numbers name.

use crate::dtype::Element;
use crate::error::{Error, Result};
use crate::shape::{Layout, Shape};

use super::buffer::{self, Buffer};
use super::parallel::even_chunk;
use super::rows::Rows;
use super::tasks::{Disjoint, for_each_task};

/// Overwrites the elements of `y` at `to` with those of `x` at `from`; the shapes are equal.
pub(crate) fn write<T: Element>(y: &mut [T], to: &Layout, x: &[T], from: &Layout) {
    let (rows, numel) = (Rows::new([to, from]), to.numel());
    let [s, r] = rows.strides;
    if (s, r) != (1, 1) || to.overlaps() {
        rows.stretches(0, numel, |[t, f], n| (0..n).for_each(|i| y[t + i * s] = x[f + i * r]));
        return;
    }
    let (chunk, y) = (even_chunk(numel), Disjoint::new(y));
    for_each_task(numel.div_ceil(chunk), true, |task| {
        let first = task * chunk;
        rows.stretches(first, chunk.min(numel - first), |[t, f], n| {
            // SAFETY: `to` has no place twice, so no two stretches share any.
            unsafe { y.part(t, n) }.copy_from_slice(&x[f..f + n]);
        });
    });
}

/// out[i][j][k] = x[index[i][j][k]][j][k] for `dim` 0, and likewise for the others.
pub(crate) fn gather<T: Element>(
    x: &[T],
    layout: &Layout,
    dim: usize,
    index: &[i64],
    index_layout: &Layout,
) -> Result<Buffer<T>> {
    let line = beside(layout, dim, &index_layout.shape);
    let rows = Rows::new([index_layout, &line]);
    let (size, stride) = (layout.shape[dim], layout.strides[dim]);
    let mut out = buffer::stale(index_layout.numel());
    let (mut places, mut wrong) = (out.iter_mut(), None);
    rows.stretches(0, index_layout.numel(), |[i, l], n| {
        for (e, out) in places.by_ref().take(n).enumerate() {
            let at = index[i + e * rows.strides[0]];
            match usize::try_from(at) {
                Ok(at) if at < size => *out = x[l + e * rows.strides[1] + at * stride],
                _ => wrong = wrong.or(Some(at)),
            }
        }
    });
    wrong.map_or(Ok(out), |index| Err(out_of_range("gather", index, layout, dim)))
}

/// y[index[i][j][k]][j][k] = x[i][j][k] for `dim` 0, and likewise for the others; of several for one place, the last.
pub(crate) fn scatter<T: Element>(
    y: &mut [T],
    layout: &Layout,
    dim: usize,
    index: &[i64],
    index_layout: &Layout,
    x: &[T],
    x_layout: &Layout,
) -> Result<()> {
    let put = |to: usize, from: usize| y[to] = x[from];
    each_target("scatter", layout, dim, index, [index_layout, x_layout], put)
}

/// y[index[i][j][k]][j][k] += x[i][j][k] for `dim` 0, and likewise for the others.
pub(crate) fn scatter_add<T: Element>(
    y: &mut [T],
    layout: &Layout,
    dim: usize,
    index: &[i64],
    index_layout: &Layout,
    x: &[T],
    x_layout: &Layout,
) -> Result<()> {
    let add = |to: usize, from: usize| y[to] += x[from];
    each_target("scatter_add", layout, dim, index, [index_layout, x_layout], add)
}

/// Calls `f(to, from)` for each element of a source, in order: where it lies, and where its index says.
fn each_target(
    op: &'static str,
    layout: &Layout,
    dim: usize,
    index: &[i64],
    [index_layout, source]: [&Layout; 2],
    mut f: impl FnMut(usize, usize),
) -> Result<()> {
    let line = beside(layout, dim, &index_layout.shape);
    let rows = Rows::new([index_layout, &line, source]);
    let (size, stride) = (layout.shape[dim], layout.strides[dim]);
    let mut wrong = None;
    rows.stretches(0, index_layout.numel(), |[i, l, s], n| {
        for e in 0..n {
            let at = index[i + e * rows.strides[0]];
            match usize::try_from(at) {
                Ok(at) if at < size => f(l + e * rows.strides[1] + at * stride, s + e * rows.strides[2]),
                _ => wrong = wrong.or(Some(at)),
            }
        }
    });
    wrong.map_or(Ok(()), |index| Err(out_of_range(op, index, layout, dim)))
}

/// The slices of `x` along `dim` that `index` names, in its order.
pub(crate) fn index_select<T: Element>(
    x: &[T],
    layout: &Layout,
    dim: usize,
    index: &[i64],
    at: &Layout,
) -> Result<Buffer<T>> {
    let mut shape = layout.shape.clone();
    shape[dim] = at.numel();
    let out_layout = Layout::contiguous(shape);
    let mut out = buffer::stale(out_layout.numel());
    for (i, from) in slices("index_select", layout, dim, index, at)?.into_iter().enumerate() {
        write(&mut out, &one(&out_layout, dim, i), x, &from);
    }
    Ok(out)
}

/// Adds the slices of `x` along `dim` to those of `y` that `index` names.
pub(crate) fn index_add<T: Element>(
    y: &mut [T],
    layout: &Layout,
    dim: usize,
    index: &[i64],
    at: &Layout,
    x: &[T],
    x_layout: &Layout,
) -> Result<()> {
    for (i, to) in slices("index_add", layout, dim, index, at)?.into_iter().enumerate() {
        let rows = Rows::new([&to, &one(x_layout, dim, i)]);
        let [s, r] = rows.strides;
        rows.stretches(0, to.numel(), |[t, f], n| (0..n).for_each(|i| y[t + i * s] += x[f + i * r]));
    }
    Ok(())
}

/// The grid of line starts along `dim`, in the shape of an index: stepping along `dim` itself goes nowhere.
fn beside(layout: &Layout, dim: usize, shape: &Shape) -> Layout {
    let mut line = Layout { shape: shape.clone(), strides: layout.strides.clone(), offset: layout.offset };
    line.strides[dim] = 0;
    line
}

/// Slice `i` along `dim`.
fn one(layout: &Layout, dim: usize, i: usize) -> Layout {
    let mut slice = layout.clone();
    slice.shape[dim] = 1;
    slice.offset += i * layout.strides[dim];
    slice
}

/// The slices along `dim` that a one-dimensional index names.
fn slices(op: &'static str, layout: &Layout, dim: usize, index: &[i64], at: &Layout) -> Result<Vec<Layout>> {
    let stride = at.strides.first().copied().unwrap_or(0);
    (0..at.numel())
        .map(|i| {
            let index = index[at.offset + i * stride];
            match usize::try_from(index) {
                Ok(i) if i < layout.shape[dim] => Ok(one(layout, dim, i)),
                _ => Err(out_of_range(op, index, layout, dim)),
            }
        })
        .collect()
}

fn out_of_range(op: &'static str, index: i64, layout: &Layout, dim: usize) -> Error {
    Error::Index { op, what: format!("dimension {dim}"), index, size: layout.shape[dim] }
}
