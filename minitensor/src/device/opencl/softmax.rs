//! Softmax, its logarithm, and their gradients: one kernel each.

use super::{OpenClStorage, Source, source};
use crate::device::SoftmaxKernels;

const SOFTMAX: Source = source!("softmax");

impl SoftmaxKernels for OpenClStorage {
    fn softmax(&self, width: usize, log: bool) -> Self {
        let name = if log { "log_softmax" } else { "softmax" };
        each_row(name, width, [self])
    }

    fn softmax_grad(&self, width: usize, log: bool, y: &Self) -> Self {
        let name = if log { "log_softmax_grad" } else { "softmax_grad" };
        each_row(name, width, [self, y])
    }
}

/// What a kernel makes of the rows of its operands.
fn each_row<const N: usize>(
    name: &'static str,
    width: usize,
    operands: [&OpenClStorage; N],
) -> OpenClStorage {
    let x = operands[0];
    let (out, across) = (x.like(x.numel), x.runtime.across(width));
    let rows = x.numel.checked_div(width).unwrap_or(0);
    let launch = x.kernel(&SOFTMAX, name).size(rows).size(width).size(across);
    let launch = operands.into_iter().fold(launch, |launch, operand| launch.buffer(operand));
    launch.buffer(&out).shared().over_rows(rows, across);
    out
}
