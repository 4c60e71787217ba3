//! Numbers in a row: running sums, and the order from small to large.

use crate::shape::Layout;

use super::Storage;

/// What a running total is made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScanOp {
    /// Σx
    Sum,
    /// Πx
    Prod,
}

/// Kernels that go along the last dimension, one row at a time; results are contiguous.
pub trait OrderKernels: Sized {
    /// The total of each element and all before it in its row; from the end if `reverse`. Floats are added in `F64`.
    fn scan(&self, op: ScanOp, layout: &Layout, reverse: bool) -> Self;

    /// The positions (`I64`) of each row's elements from the smallest to the largest, or the other way round.
    ///
    /// Equals stay in their order, and a NaN is larger than all numbers.
    fn argsort(&self, layout: &Layout, descending: bool) -> Self;
}

impl OrderKernels for Storage {
    fn scan(&self, op: ScanOp, layout: &Layout, reverse: bool) -> Self {
        match self {
            Storage::Cpu(x) => Storage::Cpu(x.scan(op, layout, reverse)),
        }
    }

    fn argsort(&self, layout: &Layout, descending: bool) -> Self {
        match self {
            Storage::Cpu(x) => Storage::Cpu(x.argsort(layout, descending)),
        }
    }
}
