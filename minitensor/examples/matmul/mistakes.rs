//! What goes wrong, and how much it costs.

use std::hint::black_box;
use std::sync::atomic::{AtomicU32, Ordering};

use minitensor::lab::{Table, bytes};

use crate::ladder::operands;
use crate::measure::{fastest, giga, shown};
use crate::packing::TILE;
use crate::registers::DEPTH;
use crate::size::{Multiply, Size};
use crate::{packing, registers, three_loops};

fn gflops(size: Size, multiply: impl Fn(Size, &[f32], &[f32], &mut [f32])) -> f64 {
    let (a, b) = operands(size);
    let mut c = vec![0.0; size.m * size.n];
    giga(size.flops(), fastest(|| multiply(size, &a, &b, black_box(&mut c))))
}

/// Rows that lie a power of two apart share few places of a cache.
pub(crate) fn powers_of_two() {
    let mut table = Table::new(["Gflop/s", "n = 480", "n = 512", "n = 544"]);
    let rungs: [(&str, Multiply); 3] = [
        ("three loops", three_loops::multiply),
        ("registers", registers::multiply),
        ("packing", packing::multiply),
    ];
    for (rung, multiply) in rungs {
        let rates = [480, 512, 544].map(|n| shown(gflops(Size::square(n), multiply)));
        table.row([rung.to_string()].into_iter().chain(rates));
    }
    print!("{table}");
}

/// With so few rows of b at a time, a block has hardly begun when its sums have to go; with all of them, a strip of b does
/// not stay in the first cache.
pub(crate) fn sizes_of_tiles() {
    let n = 1024;
    let mut table = Table::new(["rows of b", "in a strip", "visits to each sum", "Gflop/s"]);
    for depth in [4, 16, 64, DEPTH, n] {
        let rate =
            gflops(Size::square(n), |size, a, b, c| packing::multiply_by([depth, TILE], size, a, b, c));
        let strip = bytes((depth * 16 * size_of::<f32>()) as u64);
        table.row([depth.to_string(), strip, (n / depth).to_string(), shown(rate)]);
    }
    print!("{table}");
}

// ANCHOR: false_sharing
/// A number with a cache line of its own.
#[repr(align(64))]
#[derive(Default)]
struct Apart(AtomicU32);

/// Two threads count, each in a number of its own.
fn count([one, other]: [&AtomicU32; 2]) {
    let count = |number: &AtomicU32| {
        for _ in 0..COUNTS {
            number.fetch_add(1, Ordering::Relaxed);
        }
    };
    rayon::join(|| count(one), || count(other));
}
// ANCHOR_END: false_sharing

const COUNTS: u32 = 10_000_000;

pub(crate) fn false_sharing() {
    let together = <[AtomicU32; 2]>::default();
    let apart = <[Apart; 2]>::default();
    let each = |counters| format!("{:.1} ns", fastest(|| count(counters)) * 1e9 / f64::from(COUNTS));
    let mut table = Table::new(["two numbers", "a step"]);
    table.row(["in one line of the cache".to_string(), each(together.each_ref())]);
    table.row(["in a line each".to_string(), each(apart.each_ref().map(|apart| &apart.0))]);
    print!("{table}");
}
