//! Numbers in a row: running sums, and the order from small to large.

use crate::shape::Layout;

use super::{Storage, on_device};

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

/// Hands a call to the device that holds `self`.
impl OrderKernels for Storage {
    fn scan(&self, op: ScanOp, layout: &Layout, reverse: bool) -> Self {
        on_device!(self, x: S => x.scan(op, layout, reverse).into())
    }

    fn argsort(&self, layout: &Layout, descending: bool) -> Self {
        on_device!(self, x: S => x.argsort(layout, descending).into())
    }
}
