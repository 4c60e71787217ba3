//! Products of matrices: `faer` for floats, three loops for integers.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

use crate::dtype::{Element, Float};
use crate::shape::Layout;

use super::buffer::{self, Buffer};
use super::lanes::Lanes;
use super::parallel::{for_chunks, vectorised};

/// Below this many multiplications a product is done before a second thread has woken.
const MIN_WORK: usize = 1 << 20;

// ANCHOR: bands
/// (…, m, k) · (…, k, n) → (…, m, n), plus a bias (n) in every row, read through any strides without a copy.
pub(crate) fn float<T: Number>(x: &[T], xl: &Layout, y: &[T], yl: &Layout, bias: Option<&[T]>) -> Buffer<T> {
    let size = Sizes::new(xl, yl);
    let numel = size.batch * size.m * size.n;
    if numel == 0 || size.k == 0 {
        let mut out = buffer::full(numel, T::zero());
        add_to_rows(&mut out, bias);
        return out;
    }
    let mut out = buffer::stale(numel);
    let band = size.rows_per_band();
    // Bands of rows, a sequential product each: how the rows are cut depends on the shape alone, so the result does
    // not depend on the number of threads.
    let bands_per_matrix = size.m.div_ceil(band);
    let mut bands: Vec<&mut [T]> =
        out.chunks_mut(size.m * size.n).flat_map(|matrix| matrix.chunks_mut(band * size.n)).collect();
    let bands_per_chunk = MIN_WORK.div_ceil((band * size.n * size.k).max(1));
    for_chunks(&mut bands, bands_per_chunk, |first, chunk| {
        for (i, out) in chunk.iter_mut().enumerate() {
            let (batch, row) = ((first + i) / bands_per_matrix, (first + i) % bands_per_matrix * band);
            let a = xl.batch_start(batch) + row * size.x_strides.0;
            let (x, y) = ((&x[a..], size.x_strides), (&y[yl.batch_start(batch)..], size.y_strides));
            product(out, [size.k, size.n], x, y, Accum::Replace);
            add_to_rows(out, bias); // while the rows are in the cache
        }
    });
    out
}
// ANCHOR_END: bands

fn add_to_rows<T: Float>(rows: &mut [T], bias: Option<&[T]>) {
    let Some(bias) = bias else { return };
    vectorised(
        #[inline(always)]
        || {
            for row in rows.chunks_exact_mut(bias.len().max(1)) {
                for (out, bias) in row.iter_mut().zip(bias) {
                    *out += *bias;
                }
            }
        },
    );
}

/// The same product by the definition, for integers: out[i][j] = Σₚ x[i][p] · y[p][j].
pub(crate) fn plain<T: Element>(x: &[T], xl: &Layout, y: &[T], yl: &Layout) -> Buffer<T> {
    let size = Sizes::new(xl, yl);
    let mut out = buffer::full(size.batch * size.m * size.n, T::zero());
    for b in 0..size.batch {
        let (a, c) = (xl.batch_start(b), yl.batch_start(b));
        for i in 0..size.m {
            for p in 0..size.k {
                let left = x[a + i * size.x_strides.0 + p * size.x_strides.1];
                for j in 0..size.n {
                    out[(b * size.m + i) * size.n + j] +=
                        left * y[c + p * size.y_strides.0 + j * size.y_strides.1];
                }
            }
        }
    }
    out
}

struct Sizes {
    batch: usize,
    m: usize,
    k: usize,
    n: usize,
    /// How far apart rows and columns lie.
    x_strides: (usize, usize),
    y_strides: (usize, usize),
}

impl Sizes {
    fn new(x: &Layout, y: &Layout) -> Sizes {
        let r = x.shape.len();
        Sizes {
            batch: x.shape[..r - 2].iter().product(),
            m: x.shape[r - 2],
            k: x.shape[r - 1],
            n: y.shape[r - 1],
            x_strides: (x.strides[r - 2], x.strides[r - 1]),
            y_strides: (y.strides[r - 2], y.strides[r - 1]),
        }
    }

    // ANCHOR: rows_per_band
    /// Each band packs the right matrix anew, so a band is tall where that matrix is large, and where there are rows enough for
    /// eight threads to have one each.
    fn rows_per_band(&self) -> usize {
        let work_per_row = (self.n * self.k).max(1);
        let eighth = (self.batch * self.m / 8).clamp(128, 512);
        let tall = (8 * MIN_WORK).div_ceil(work_per_row).max(eighth).next_multiple_of(16).min(self.m);
        match self.m.div_ceil(tall.max(1)) {
            // one matrix on two threads, where that pays
            1 if self.batch == 1 && self.m >= 32 && self.m * work_per_row >= 4 * MIN_WORK => {
                self.m.div_ceil(2).next_multiple_of(16)
            }
            0 | 1 => tall,
            // an even number of equal ones, so that two threads end together
            bands => self.m.div_ceil(bands.next_multiple_of(2)).next_multiple_of(16),
        }
    }
    // ANCHOR_END: rows_per_band
}

impl Layout {
    /// Where matrix number `batch` starts.
    pub(crate) fn batch_start(&self, mut batch: usize) -> usize {
        let lead = self.shape.len() - 2;
        let mut at = self.offset;
        for (&size, &stride) in self.shape[..lead].iter().zip(&self.strides).rev() {
            at += batch % size * stride;
            batch /= size;
        }
        at
    }
}

/// A number that `faer` multiplies.
pub(crate) trait Number: Lanes + faer::traits::ComplexField {}
impl<T: Lanes + faer::traits::ComplexField> Number for T {}

/// A matrix that begins with `elements`; how far apart its rows and its columns lie.
#[derive(Clone, Copy)]
pub(crate) struct Matrix<'a, T> {
    pub(crate) elements: &'a [T],
    pub(crate) strides: (usize, usize),
}

impl<T> Matrix<'_, T> {
    pub(crate) fn transposed(self) -> Self {
        Matrix { strides: (self.strides.1, self.strides.0), ..self }
    }
}

impl<T: Number> Matrix<'_, T> {
    /// out (rows × n) = this (rows × k) · y (k × n), on this thread; or added to what `out` holds.
    pub(crate) fn times(self, y: Matrix<'_, T>, k: usize, out: &mut [T], n: usize, add: bool) {
        if out.is_empty() || k == 0 {
            out.iter_mut().for_each(|out| *out = if add { *out } else { T::zero() });
            return;
        }
        let accum = if add { Accum::Add } else { Accum::Replace };
        product(out, [k, n], (self.elements, self.strides), (y.elements, y.strides), accum);
    }
}

/// A product with fewer columns fills no vector with a row of them.
const NARROW: usize = 16;

// ANCHOR: product
/// out (rows × n) = x (rows × k) · y (k × n), or that added to it, on this thread.
pub(super) fn product<T: Number>(
    out: &mut [T],
    [k, n]: [usize; 2],
    (x, x_strides): (&[T], (usize, usize)),
    (y, y_strides): (&[T], (usize, usize)),
    accum: Accum,
) {
    let rows = out.len() / n;
    if n < NARROW && rows >= 4 * NARROW && k >= 4 * NARROW {
        let (x, y) = (Matrix { elements: x, strides: x_strides }, Matrix { elements: y, strides: y_strides });
        return turned(out, [k, n], x.transposed(), y.transposed(), accum);
    }
    let last = |count: usize, stride: usize| (count - 1) * stride;
    assert!(out.len() == rows * n && rows > 0 && k > 0);
    assert!(last(rows, x_strides.0) + last(k, x_strides.1) < x.len());
    assert!(last(k, y_strides.0) + last(n, y_strides.1) < y.len());
    // SAFETY: the assertions keep every element that the three views reach inside its slice; `out` is borrowed
    // mutably, so it overlaps neither operand.
    let (out, x, y) = unsafe {
        (
            MatMut::from_raw_parts_mut(out.as_mut_ptr(), rows, n, n as isize, 1),
            MatRef::from_raw_parts(x.as_ptr(), rows, k, x_strides.0 as isize, x_strides.1 as isize),
            MatRef::from_raw_parts(y.as_ptr(), k, n, y_strides.0 as isize, y_strides.1 as isize),
        )
    };
    matmul(out, accum, x, y, T::one(), Par::Seq);
}
// ANCHOR_END: product

/// The same through its transpose, yᵀ · xᵀ, whose few rows are long.
fn turned<T: Number>(
    out: &mut [T],
    [k, n]: [usize; 2],
    x: Matrix<'_, T>, // (k, rows)
    y: Matrix<'_, T>, // (n, k)
    accum: Accum,
) {
    let rows = out.len() / n;
    T::with_scratch(out.len(), |sums| {
        product(sums, [k, rows], (y.elements, y.strides), (x.elements, x.strides), Accum::Replace);
        for (i, row) in out.chunks_exact_mut(n).enumerate() {
            for (j, out) in row.iter_mut().enumerate() {
                *out = if accum == Accum::Add { *out + sums[j * rows + i] } else { sums[j * rows + i] };
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_product_is_the_plain_one() {
        let (rows, k) = (70, 65);
        for n in [1, 7, 15, 16] {
            // whole numbers, whose sums are exact in any order
            let x: Vec<f32> = (0..rows * k).map(|i| (i * 7919 % 17) as f32 - 8.0).collect();
            let y: Vec<f32> = (0..k * n).map(|i| (i * 104_729 % 13) as f32 - 6.0).collect();
            for (accum, before) in [(Accum::Replace, 0.0), (Accum::Add, 3.0)] {
                let mut out = vec![3.0; rows * n];
                product(&mut out, [k, n], (&x, (1, rows)), (&y, (1, k)), accum); // both turned
                for (at, got) in out.iter().enumerate() {
                    let (i, j) = (at / n, at % n);
                    let sum: f32 = (0..k).map(|p| x[p * rows + i] * y[j * k + p]).sum();
                    assert_eq!(*got, before + sum, "{n} columns: {i} {j}");
                }
            }
        }
    }
}
