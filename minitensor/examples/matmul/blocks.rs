//! Blocks of several shapes, by themselves: all that they read is in the first cache.

use std::hint::black_box;

use minitensor::lab::{Table, percent};
use pulp::{Arch, Simd, WithSimd};

use crate::ceiling::Ceilings;
use crate::measure::{fastest, giga, shown};
use crate::packing::block;
use crate::registers::{DEPTH, lanes};

/// So many blocks of R rows by V vectors of columns.
struct Blocks<const R: usize, const V: usize>(usize);

impl<const R: usize, const V: usize> WithSimd for Blocks<R, V> {
    /// How many columns that is.
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> usize {
        let a = [[0.5; R]; DEPTH];
        let b = [[simd.splat_f32s(0.5); V]; DEPTH];
        for _ in 0..self.0 {
            black_box(block(simd, black_box(&a), black_box(&b)));
        }
        V * lanes::<S>()
    }
}

const TIMES: usize = 1000;

/// A row of the table.
fn row<const R: usize, const V: usize>(ceilings: &Ceilings) -> [String; 5] {
    let columns = Arch::new().dispatch(Blocks::<R, V>(0));
    let seconds = fastest(|| {
        Arch::new().dispatch(Blocks::<R, V>(TIMES));
    });
    let gflops = giga(2.0 * (R * columns * DEPTH * TIMES) as f64, seconds);
    let (sums, loads) = (R * V, R + V);
    [
        format!("{R} x {columns}"),
        sums.to_string(),
        format!("{:.2}", sums as f64 / loads as f64),
        shown(gflops),
        percent(gflops / ceilings.one.gflops),
    ]
}

pub(crate) fn print(ceilings: &Ceilings) {
    let rows = [row::<1, 1>, row::<1, 2>, row::<2, 2>, row::<4, 2>, row::<6, 2>, row::<8, 2>, row::<8, 4>];
    let mut table =
        Table::new(["block", "vectors of sums", "multiply-adds a load", "Gflop/s", "of the ceiling"]);
    for row in rows {
        table.row(row(ceilings));
    }
    print!("{table}");
}
