//! Elements chosen and placed by indices.

use super::{Grid, OpenClStorage, Source, source};
use crate::device::{Kernels, OrderKernels};
use crate::shape::{Dims, Layout};

const INDEX: Source = source!("index");

/// From so many pairs of an element and an index in a line on, indices are sorted rather than looked through.
const MANY_IN_LINE: usize = 1 << 14;
/// The same for the pairs of all lines together.
const MANY: usize = 1 << 24;

/// Along `dim`, the element that `index` names.
pub(super) fn gather(
    (x, layout): (&OpenClStorage, &Layout),
    dim: usize,
    (index, index_layout): (&OpenClStorage, &Layout),
) -> OpenClStorage {
    gather_as("gather", (x, layout), dim, (index, index_layout))
}

/// Whole slices along `dim`: a gather whose index is the same in every other dimension.
pub(super) fn index_select(
    (x, layout): (&OpenClStorage, &Layout),
    dim: usize,
    (index, index_layout): (&OpenClStorage, &Layout),
) -> OpenClStorage {
    let mut chosen = layout.clone();
    chosen.shape[dim] = index_layout.numel();
    let index_layout = repeated(index_layout, &chosen, dim);
    gather_as("index_select", (x, layout), dim, (index, &index_layout))
}

fn gather_as(
    op: &'static str,
    (x, layout): (&OpenClStorage, &Layout),
    dim: usize,
    (index, index_layout): (&OpenClStorage, &Layout),
) -> OpenClStorage {
    let mut lines = Layout { shape: index_layout.shape.clone(), ..layout.clone() };
    lines.strides[dim] = 0;
    let (out, grid) = (x.like(index_layout.numel()), Grid::new([index_layout, &lines]));
    let launch = x.kernel(&INDEX, "gather").size(out.numel).grid(&grid);
    let launch = launch.size(layout.shape[dim]).size(layout.strides[dim]);
    launch.buffer(index).buffer(x).buffer(&out).faults(op).over(out.numel);
    out
}

/// Puts, or adds, each element of `source` where `index` says along `dim`.
pub(super) fn scatter(
    op: &'static str,
    (y, layout): (&OpenClStorage, &Layout),
    dim: usize,
    (index, index_layout): (&OpenClStorage, &Layout),
    (source, source_layout): (&OpenClStorage, &Layout),
) {
    let (size, pairs) = (layout.shape[dim], layout.shape[dim] * index_layout.shape[dim]);
    let lines = Layout { shape: index_layout.shape.clone(), ..layout.clone() };
    let lines = without(&lines, dim);
    if pairs > MANY_IN_LINE && pairs * lines.numel() > MANY {
        return scatter_sorted(op, (y, layout), dim, (index, index_layout), (source, source_layout));
    }
    let grid = Grid::new([&lines, &without(index_layout, dim), &without(source_layout, dim)]);
    let launch = y.kernel(&INDEX, "scatter").size(size * lines.numel()).size(lines.numel()).grid(&grid);
    let launch = launch.int(i32::from(op != "scatter")).size(size).size(layout.strides[dim]);
    let launch = launch.size(index_layout.shape[dim]);
    let launch = launch.size(index_layout.strides[dim]).size(source_layout.strides[dim]);
    launch.buffer(index).buffer(source).buffer(y).faults(op).over(size * lines.numel());
}

/// The same, by sorting the indices of each line first.
fn scatter_sorted(
    op: &'static str,
    (y, layout): (&OpenClStorage, &Layout),
    dim: usize,
    (index, index_layout): (&OpenClStorage, &Layout),
    (source, source_layout): (&OpenClStorage, &Layout),
) {
    // where all lines along a dimension have the same indices, one of them is sorted
    let mut once = index_layout.clone();
    let repeats = |d: usize| index_layout.strides[d] == 0;
    let others: Dims = (0..once.shape.len()).filter(|&d| d != dim).collect();
    others.iter().filter(|&&d| repeats(d)).for_each(|&d| once.shape[d] = 1);
    let once = once.permute(&[&others[..], &[dim]].concat());
    let packed = Layout::contiguous(once.shape.clone());
    let targets = index.contiguous(&once);
    let order = targets.argsort(&packed, false);

    let lines = Layout { shape: index_layout.shape.clone(), ..layout.clone() };
    let (lines, length) = (without(&lines, dim), index_layout.shape[dim]);
    let strides = others.iter().zip(&packed.strides).map(|(&d, &s)| if repeats(d) { 0 } else { s }).collect();
    let sorted = Layout { shape: lines.shape.clone(), strides, offset: 0 };
    let grid = Grid::new([&lines, &sorted, &without(source_layout, dim)]);
    let n = length * lines.numel();
    let launch = y.kernel(&INDEX, "scatter_sorted").size(n).size(lines.numel()).grid(&grid);
    let launch = launch.int(i32::from(op != "scatter")).size(layout.shape[dim]).size(layout.strides[dim]);
    let launch = launch.size(length).size(source_layout.strides[dim]);
    launch.buffer(&targets).buffer(&order).buffer(source).buffer(y).faults(op).over(n);
}

/// A one-dimensional index along `dim`, the same in every other dimension of a shape.
pub(super) fn repeated(index: &Layout, like: &Layout, dim: usize) -> Layout {
    let mut strides = Dims::from_elem(0, like.shape.len());
    strides[dim] = index.strides.first().copied().unwrap_or(0);
    Layout { shape: like.shape.clone(), strides, offset: index.offset }
}

/// The lines along `dim`: all other dimensions.
fn without(layout: &Layout, dim: usize) -> Layout {
    let mut one = layout.clone();
    one.shape[dim] = 1;
    one.squeeze(dim)
}
