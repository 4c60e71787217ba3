//! Products of matrices as small as those of a tile: a few rows of sums stay in registers while the operands are read where
//! they lie. To pack them first, as a large product does, pays only where they have more rows and columns.

use pulp::{Arch, Simd, WithSimd};

use super::super::lanes::Lanes;
use super::super::matmul::{Matrix, Number};

/// out (rows × n) = x (rows × k) · y (k × n), or that added to what `out` holds. Each sum goes from the first product to the last.
///
/// A `y` whose rows are not contiguous is left to `faer`.
pub(super) fn product<T: Lanes + Number>(
    x: Matrix<'_, T>,
    y: Matrix<'_, T>,
    k: usize,
    out: &mut [T],
    n: usize,
    add: bool,
) {
    match y.strides.1 {
        1 => Arch::new().dispatch(Product { x, y, k, out, n, add }),
        _ => x.times(y, k, out, n, add),
    }
}

struct Product<'a, T> {
    x: Matrix<'a, T>,
    y: Matrix<'a, T>,
    k: usize,
    out: &'a mut [T],
    n: usize,
    add: bool,
}

impl<T: Lanes> WithSimd for Product<'_, T> {
    type Output = ();

    /// Two vectors of columns at a time, so that what all rows read of `y` stays in the nearest cache.
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let (lanes, mut column) = (T::count::<S>(), 0);
        while self.n - column >= 2 * lanes {
            self.columns::<S, 2>(simd, column, 2 * lanes);
            column += 2 * lanes;
        }
        while column < self.n {
            let columns = lanes.min(self.n - column);
            self.columns::<S, 1>(simd, column, columns);
            column += columns;
        }
    }
}

impl<T: Lanes> Product<'_, T> {
    /// All rows of some columns, that fill `N` vectors: six rows at a time and the last ones by four or one, which makes as
    /// many sums as 16 registers hold beside their factors.
    #[inline(always)]
    fn columns<S: Simd, const N: usize>(&mut self, simd: S, column: usize, columns: usize) {
        let (rows, mut row) = (self.out.len() / self.n, 0);
        // eight as twice four: of one row alone, each sum would wait for the one before
        while rows - row >= 6 && rows - row != 8 {
            self.block::<S, 6, N>(simd, row, column, columns);
            row += 6;
        }
        while rows - row >= 4 {
            self.block::<S, 4, N>(simd, row, column, columns);
            row += 4;
        }
        while row < rows {
            self.block::<S, 1, N>(simd, row, column, columns);
            row += 1;
        }
    }

    /// `M` rows of `N` vectors of columns; the last vector may be short of numbers.
    #[inline(always)]
    fn block<S: Simd, const M: usize, const N: usize>(
        &mut self,
        simd: S,
        row: usize,
        column: usize,
        columns: usize,
    ) {
        let (x, y, n) = (self.x, self.y, self.n);
        let last = (row + M - 1) * x.strides.0 + self.k.saturating_sub(1) * x.strides.1;
        assert!(self.k == 0 || last < x.elements.len());
        let mut sums = [[T::splat(simd, T::zero()); N]; M];
        if self.add {
            for (m, sums) in sums.iter_mut().enumerate() {
                *sums = load(simd, &self.out[(row + m) * n + column..][..columns]);
            }
        }
        for p in 0..self.k {
            let y = load::<T, S, N>(simd, &y.elements[p * y.strides.0 + column..][..columns]);
            for (m, sums) in sums.iter_mut().enumerate() {
                // SAFETY: no index is above `last`, where m = M - 1 and p = k - 1.
                let x = unsafe { *x.elements.get_unchecked((row + m) * x.strides.0 + p * x.strides.1) };
                let x = T::splat(simd, x);
                for (sum, y) in sums.iter_mut().zip(y) {
                    *sum = T::fused(simd, x, y, *sum);
                }
            }
        }
        for (m, sums) in sums.into_iter().enumerate() {
            store(simd, &mut self.out[(row + m) * n + column..][..columns], sums);
        }
    }
}

#[inline(always)]
fn load<T: Lanes, S: Simd, const N: usize>(simd: S, numbers: &[T]) -> [T::Vector<S>; N] {
    match T::vectors::<S>(numbers).first_chunk() {
        Some(vectors) => *vectors,
        None => [T::load_some(simd, numbers); N], // a single one, N = 1
    }
}

#[inline(always)]
fn store<T: Lanes, S: Simd, const N: usize>(simd: S, numbers: &mut [T], vectors: [T::Vector<S>; N]) {
    match T::vectors_mut::<S>(numbers).first_chunk_mut() {
        Some(place) => *place = vectors,
        None => T::store_some(simd, numbers, vectors[0]),
    }
}

/// out[i] = Σₚ x[i][p] · y[i][p], for rows of `k` numbers: what [`product`] gives for row i of x and column i of yᵀ, to the last
/// digit.
pub(super) fn dots<T: Lanes>(x: &[T], y: &[T], k: usize, out: &mut [T]) {
    Arch::new().dispatch(Dots { x, y, k, out });
}

struct Dots<'a, T> {
    x: &'a [T],
    y: &'a [T],
    k: usize,
    out: &'a mut [T],
}

impl<T: Lanes> WithSimd for Dots<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (many, rest) = self.out.as_chunks_mut::<8>();
        for (i, out) in many.iter_mut().enumerate() {
            dots_of::<T, S, 8>(simd, self.x, self.y, self.k, 8 * i, out);
        }
        for (i, out) in rest.chunks_exact_mut(1).enumerate() {
            dots_of::<T, S, 1>(simd, self.x, self.y, self.k, 8 * many.len() + i, out);
        }
    }
}

/// The sums of `M` rows, which do not wait for each other. Numbers are multiplied and added as in [`Product::block`], all
/// lanes alike, so that the result is rounded as often.
#[inline(always)]
fn dots_of<T: Lanes, S: Simd, const M: usize>(
    simd: S,
    x: &[T],
    y: &[T],
    k: usize,
    row: usize,
    out: &mut [T],
) {
    let rows = |numbers| -> [&[T]; M] { std::array::from_fn(|m| rows_of(numbers, k, row + m)) };
    let (x, y): ([&[T]; M], [&[T]; M]) = (rows(x), rows(y));
    let mut sums = [T::splat(simd, T::zero()); M];
    for p in 0..k {
        for m in 0..M {
            sums[m] = T::fused(simd, T::splat(simd, x[m][p]), T::splat(simd, y[m][p]), sums[m]);
        }
    }
    for (out, sum) in out.chunks_exact_mut(1).zip(sums) {
        T::store_some(simd, out, sum);
    }
}

#[inline(always)]
fn rows_of<T>(numbers: &[T], k: usize, row: usize) -> &[T] {
    &numbers[row * k..][..k]
}

#[cfg(test)]
mod tests {
    use super::super::super::sums::{narrow, wide};
    use super::*;

    /// Numbers between -1 and 1 without a pattern that a wrong index could hide in.
    fn numbers<T: Lanes>(len: usize, seed: usize) -> Vec<T> {
        (0..len).map(|i| narrow(((i * i + 3 * i + seed) as f64 * 0.7).sin())).collect()
    }

    /// Σₚ x[i][p] · y[p][j] in f64.
    fn naive<T: Lanes>(x: Matrix<'_, T>, y: Matrix<'_, T>, k: usize, i: usize, j: usize) -> f64 {
        let at = |matrix: Matrix<'_, T>, i, j| matrix.elements[i * matrix.strides.0 + j * matrix.strides.1];
        (0..k).map(|p| wide(at(x, i, p)) * wide(at(y, p, j))).sum()
    }

    /// Matrices with room between their rows, as they are and as the transposes of what is in memory.
    fn forms<T>(elements: &[T], [rows, columns]: [usize; 2]) -> [Matrix<'_, T>; 2] {
        [(columns + 3, 1), (1, rows + 2)].map(|strides| Matrix { elements, strides })
    }

    fn check<T: Lanes + Number>(rows: usize, k: usize, n: usize, tolerance: f64) {
        let (x, y) = (numbers::<T>((rows + 2) * (k + 3), 1), numbers::<T>((k + 3) * (n + 3), 2));
        let before = numbers::<T>(rows * n, 3);
        for x in forms(&x, [rows, k]) {
            for y in forms(&y, [k, n]) {
                for add in [false, true] {
                    let mut out = before.clone();
                    product(x, y, k, &mut out, n, add);
                    for (at, (out, before)) in out.iter().zip(&before).enumerate() {
                        let exact = naive(x, y, k, at / n, at % n) + if add { wide(*before) } else { 0.0 };
                        let off = (wide(*out) - exact).abs();
                        assert!(off <= tolerance, "{rows} x {k} x {n}, add {add}: {out:?} for {exact}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_form_of_a_product_is_three_loops() {
        for rows in [0, 1, 3, 4, 6, 11, 16] {
            for k in [0, 1, 2, 9] {
                for n in [0, 1, 3, 4, 7, 8, 16, 21, 37, 65] {
                    check::<f32>(rows, k, n, 1e-5);
                    check::<f64>(rows, k, n, 1e-13);
                }
            }
        }
    }

    fn check_dots<T: Lanes + Number>(rows: usize, k: usize) {
        let (x, y) = (numbers::<T>(rows * k, 4), numbers::<T>(rows * k, 5));
        let across: Vec<T> = (0..rows * k).map(|at| y[at % rows * k + at / rows]).collect();
        let (mut sums, mut products) = (numbers(rows, 6), numbers(rows * rows, 7));
        dots(&x, &y, k, &mut sums);
        let matrix = |elements, down| Matrix { elements, strides: (down, 1) };
        product(matrix(&x, k), matrix(&across, rows), k, &mut products, rows, false);
        for (i, sum) in sums.into_iter().enumerate() {
            assert!(sum == products[i * rows + i], "row {i} of {rows}, {k} numbers");
        }
    }

    #[test]
    fn dots_are_the_products_of_a_row_and_a_column_to_the_last_digit() {
        for rows in [0, 1, 2, 7, 8, 9, 21] {
            for k in [0, 1, 5, 64] {
                check_dots::<f32>(rows, k);
                check_dots::<f64>(rows, k);
            }
        }
    }
}
