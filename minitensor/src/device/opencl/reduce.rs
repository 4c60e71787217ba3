//! Many numbers made one.

use super::launch::GROUP;
use super::{Grid, OpenClStorage, Source, source};
use crate::device::{ArgOp, ReduceOp};
use crate::dtype::DType;
use crate::shape::{Layout, Shape};

const REDUCE: Source = source!("reduce");

/// From so many numbers on, a work-group computes a result rather than a work-item.
const MIN_FOR_GROUP: usize = 64;
/// How many numbers each work-item of a group adds up before a result is cut into parts.
const PER_ITEM: usize = 64;
/// So many work-items are wanted at least, so that the whole device has something to do.
const ENOUGH: usize = 1 << 14;

/// The elements along `dims` made one.
pub(super) fn reduce(x: &OpenClStorage, op: ReduceOp, layout: &Layout, dims: &[usize]) -> OpenClStorage {
    let (kept, gone) = split(layout, dims);
    let (results, numel) = (kept.numel(), gone.numel());
    if results == 0 || numel == 0 {
        return OpenClStorage::full(x.runtime, results, start(op, x.dtype), x.dtype)
            .unwrap_or_else(|error| super::give_up(error));
    }
    let lies_together = gone.strides.last() == Some(&1) || results < ENOUGH / GROUP;
    let parts = match numel >= MIN_FOR_GROUP && lies_together {
        true => by_group(x, op, &kept, &gone),
        false => by_item(x, op, &kept, &gone),
    };
    match parts.numel / results {
        1 => parts,
        count => reduce(&parts, op, &Layout::contiguous([count, results]), &[0]),
    }
}

/// out[part][result], a work-group each.
fn by_group(x: &OpenClStorage, op: ReduceOp, kept: &Layout, gone: &Layout) -> OpenClStorage {
    let [_, name] = kernels(op);
    let (results, numel) = (kept.numel(), gone.numel());
    let group = x.runtime.group(numel);
    let part = numel.min(group * PER_ITEM);
    let out = x.like(results * numel.div_ceil(part));
    let (kept, gone) = (Grid::new([kept]), Grid::new([gone]));
    let launch = x.kernel(&REDUCE, name).size(results).size(numel).size(part).grid(&kept).grid(&gone);
    let launch = launch.buffer(x).buffer(&out).local(group * x.dtype.size_in_bytes());
    launch.groups([out.numel, 1, 1], [group, 1, 1]);
    out
}

/// The same, a work-item each.
fn by_item(x: &OpenClStorage, op: ReduceOp, kept: &Layout, gone: &Layout) -> OpenClStorage {
    let [name, _] = kernels(op);
    let (results, numel) = (kept.numel(), gone.numel());
    let parts = (ENOUGH / results).clamp(1, numel.div_ceil(PER_ITEM));
    let part = numel.div_ceil(parts);
    let out = x.like(results * numel.div_ceil(part));
    let (kept, gone) = (Grid::new([kept]), Grid::new([gone]));
    let launch = x.kernel(&REDUCE, name).size(out.numel).size(results).size(numel).size(part);
    launch.grid(&kept).grid(&gone).buffer(x).buffer(&out).over(out.numel);
    out
}

/// The position along `dim` of the largest or smallest.
pub(super) fn arg_reduce(x: &OpenClStorage, op: ArgOp, layout: &Layout, dim: usize) -> OpenClStorage {
    let (kept, gone) = split(layout, &[dim]);
    let (out, length) = (x.result(kept.numel(), DType::I64), gone.numel());
    let (group, grid) = (x.runtime.group(length), Grid::new([&kept]));
    let launch = x.kernel(&REDUCE, "arg_group").size(length).size(layout.strides[dim]);
    let launch = launch.int(i32::from(op == ArgOp::Max)).grid(&grid).buffer(x).buffer(&out);
    let launch = launch.local(group * x.dtype.size_in_bytes()).local(group * size_of::<u32>());
    launch.groups([out.numel, 1, 1], [group, 1, 1]);
    out
}

/// The kernel with a work-item for each result, and that with a work-group.
fn kernels(op: ReduceOp) -> [&'static str; 2] {
    match op {
        ReduceOp::Sum => ["sum_each", "sum_group"],
        ReduceOp::Prod => ["prod_each", "prod_group"],
        ReduceOp::Max => ["max_each", "max_group"],
        ReduceOp::Min => ["min_each", "min_group"],
    }
}

/// What no numbers give.
fn start(op: ReduceOp, dtype: DType) -> f64 {
    let (lowest, highest) = match dtype {
        DType::F32 | DType::F64 => (f64::NEG_INFINITY, f64::INFINITY),
        DType::I64 => (i64::MIN as f64, i64::MAX as f64),
        DType::U8 => (0.0, 255.0),
    };
    match op {
        ReduceOp::Sum => 0.0,
        ReduceOp::Prod => 1.0,
        ReduceOp::Max => lowest,
        ReduceOp::Min => highest,
    }
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
