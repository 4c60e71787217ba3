//! Running totals and sorting, row by row.

use std::cmp::Ordering;

use crate::device::order::{OrderKernels, ScanOp};
use crate::dtype::Element;
use crate::shape::Layout;

use super::CpuStorage;
use super::buffer::{self, Buffer};
use super::parallel::{MIN_CHUNK, for_chunks};
use super::rows::Rows;

impl OrderKernels for CpuStorage {
    fn scan(&self, op: ScanOp, layout: &Layout, reverse: bool) -> Self {
        match self {
            CpuStorage::F32(x) => {
                CpuStorage::F32(scan(op, x, layout, reverse, f64::from, |total| total as f32))
            }
            CpuStorage::F64(x) => CpuStorage::F64(scan(op, x, layout, reverse, |v| v, |total| total)),
            CpuStorage::I64(x) => CpuStorage::I64(scan(op, x, layout, reverse, |v| v, |total| total)),
            CpuStorage::U8(_) => unreachable!("an op let a scan of bytes through"),
        }
    }

    fn argsort(&self, layout: &Layout, descending: bool) -> Self {
        CpuStorage::I64(match self {
            CpuStorage::F32(x) => argsort(x, layout, descending),
            CpuStorage::F64(x) => argsort(x, layout, descending),
            CpuStorage::I64(x) => argsort(x, layout, descending),
            CpuStorage::U8(x) => argsort(x, layout, descending),
        })
    }
}

/// Running totals in a type `A` that is as wide as totals need.
fn scan<T: Element, A: Element>(
    op: ScanOp,
    x: &[T],
    layout: &Layout,
    reverse: bool,
    widen: impl Fn(T) -> A + Sync,
    narrow: impl Fn(A) -> T + Sync,
) -> Buffer<T> {
    each_row(x, layout, |row, out| {
        let mut total = if op == ScanOp::Sum { A::zero() } else { A::one() };
        for i in 0..row.len() {
            let i = if reverse { row.len() - 1 - i } else { i };
            match op {
                ScanOp::Sum => total += widen(row[i]),
                ScanOp::Prod => total *= widen(row[i]),
            }
            out[i] = narrow(total);
        }
    })
}

fn argsort<T: Element>(x: &[T], layout: &Layout, descending: bool) -> Buffer<i64> {
    each_row(x, layout, |row, out| {
        out.iter_mut().zip(0..).for_each(|(o, i)| *o = i);
        match descending {
            false => out.sort_by(|&a, &b| order(row[a as usize], row[b as usize])),
            true => out.sort_by(|&a, &b| order(row[b as usize], row[a as usize])),
        }
    })
}

/// From the smallest to the largest, and a NaN after all.
fn order<T: Element>(a: T, b: T) -> Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

/// Calls `f(row, out)` for each row along the last dimension, on all threads.
fn each_row<T: Element, U: Element>(
    x: &[T],
    layout: &Layout,
    f: impl Fn(&[T], &mut [U]) + Sync,
) -> Buffer<U> {
    let width = layout.shape.last().copied().unwrap_or(1);
    let mut out = buffer::stale(layout.numel());
    let grid = Rows::new([layout]);
    for_chunks(&mut out, MIN_CHUNK.next_multiple_of(width.max(1)), |first, chunk| {
        let mut row = Vec::with_capacity(width);
        let mut rest = &mut *chunk;
        // a stretch may be part of a row, or several rows
        grid.stretches(first, rest.len(), |[start], n| {
            for i in 0..n {
                row.push(x[start + i * grid.strides[0]]);
                if row.len() == width {
                    let (done, after) = std::mem::take(&mut rest).split_at_mut(width);
                    rest = after;
                    f(&row, done);
                    row.clear();
                }
            }
        });
    });
    out
}
