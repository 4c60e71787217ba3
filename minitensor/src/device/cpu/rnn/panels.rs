//! A matrix that many small products share, laid out for them once: a step of a recurrent layer multiplies a few rows with the
//! same weight as the step before, and laying it out again would take a third as long as the arithmetic.

use pulp::{Arch, Simd, WithSimd};

use crate::dtype::Element;

use super::super::buffer::{self, Buffer};
use super::super::lanes::Lanes;
use super::place::Place;
use super::tail::Tail;

/// So many rows of the matrix are multiplied before their sums are put down: a panel of them stays in the cache, and a long
/// sum is added up in parts, which loses fewer digits.
const DEPTH: usize = 256;

/// A matrix (k, n) in panels: each has a vector of columns, row after row. The last panel is filled up with zeros, or is a
/// [`Tail`] where it has few columns.
pub(super) struct Panels<T: Element> {
    numbers: Buffer<T>,
    k: usize,
    panels: usize,
    /// n, filled up to whole vectors.
    width: usize,
    tail: Option<Tail<T>>,
}

/// What the sums of a product start from.
#[derive(Clone, Copy)]
pub(super) enum Start<'a, T> {
    Zero,
    /// The same numbers in every row, (width).
    Row(&'a [T]),
    /// What is there.
    Sum,
}

impl<T: Lanes> Panels<T> {
    /// The matrix (k, n).
    pub(super) fn new(matrix: &[T], [k, n]: [usize; 2]) -> Panels<T> {
        let lanes = lanes::<T>();
        let mut panels = Panels::stale(k, n, lanes, |p, column| matrix[p * n + column]);
        for (i, row) in panels.numbers.chunks_exact_mut(lanes).enumerate() {
            let (first, p) = (i / k * lanes, i % k);
            let (numbers, rest) = row.split_at_mut(lanes.min(n - first));
            numbers.copy_from_slice(&matrix[p * n + first..][..numbers.len()]);
            rest.fill(T::zero());
        }
        panels
    }

    /// The transpose of a matrix (n, k).
    pub(super) fn transposed(matrix: &[T], [n, k]: [usize; 2]) -> Panels<T> {
        let lanes = lanes::<T>();
        let mut panels = Panels::stale(k, n, lanes, |p, column| matrix[column * k + p]);
        for (panel, rows) in panels.numbers.chunks_exact_mut((k * lanes).max(1)).enumerate() {
            for j in 0..lanes {
                let column = panel * lanes + j;
                let from = if column < n { &matrix[column * k..][..k] } else { &[] };
                let from = from.iter().copied().chain(std::iter::repeat(T::zero()));
                for (row, number) in rows.chunks_exact_mut(lanes).zip(from) {
                    row[j] = number;
                }
            }
        }
        panels
    }

    /// Panels to be overwritten, and the tail.
    fn stale(k: usize, n: usize, lanes: usize, number: impl Fn(usize, usize) -> T) -> Panels<T> {
        let tail = Tail::new(k, n, lanes, number);
        let panels = if tail.is_some() { n / lanes } else { n.div_ceil(lanes) };
        Panels {
            numbers: buffer::stale(panels * k * lanes),
            k,
            panels,
            width: n.next_multiple_of(lanes),
            tail,
        }
    }

    /// How far apart the rows of a product lie.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// product (rows, width) = x (rows, k) · the matrix, added to what it starts from; rows of x lie `stride` apart.
    /// What fills the rows up may be anything.
    pub(super) fn product(&self, x: &[T], stride: usize, start: Start<'_, T>, product: &mut [T]) {
        if let Some(tail) = &self.tail {
            tail.product(x, stride, start, product, self.width());
        }
        Arch::new().dispatch(Product { of: self, x, stride, start, product });
    }
}

/// `n` filled up to whole vectors.
pub(super) fn whole_vectors<T: Lanes>(n: usize) -> usize {
    n.next_multiple_of(lanes::<T>())
}

impl<T: Element> Drop for Panels<T> {
    fn drop(&mut self) {
        buffer::give_back(std::mem::take(&mut self.numbers));
    }
}

/// How many numbers a vector has on this machine.
fn lanes<T: Lanes>() -> usize {
    struct Count<T>(std::marker::PhantomData<T>);
    impl<T: Lanes> WithSimd for Count<T> {
        type Output = usize;

        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> usize {
            T::count::<S>()
        }
    }
    Arch::new().dispatch(Count::<T>(std::marker::PhantomData))
}

struct Product<'a, T: Element> {
    of: &'a Panels<T>,
    x: &'a [T],
    stride: usize,
    start: Start<'a, T>,
    product: &'a mut [T],
}

impl<T: Lanes> WithSimd for Product<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let panels = self.of.panels;
        // As many as leave room in the registers for what they are multiplied with.
        let most = if S::REGISTER_COUNT < 32 { 3 } else { 4 };
        for done in (0..self.of.k.max(1)).step_by(DEPTH) {
            for first in (0..panels).step_by(most) {
                match most.min(panels - first) {
                    1 => self.columns::<S, 8, 1>(simd, done, first),
                    2 => self.columns::<S, 4, 2>(simd, done, first),
                    3 => self.columns::<S, 4, 3>(simd, done, first),
                    _ => self.columns::<S, 4, 4>(simd, done, first),
                }
            }
            self.start = Start::Sum;
        }
    }
}

impl<T: Lanes> Product<'_, T> {
    /// `N` panels of the product, `M` rows at a time.
    #[inline(always)]
    fn columns<S: Simd, const M: usize, const N: usize>(&mut self, simd: S, done: usize, first: usize) {
        let rows = self.product.len() / self.of.width();
        for row in (0..rows - rows % M).step_by(M) {
            self.tile::<S, M, N>(simd, done, first, row);
        }
        for row in rows - rows % M..rows {
            self.tile::<S, 1, N>(simd, done, first, row);
        }
    }

    // ANCHOR: panels_tile
    /// `M` rows of `N` panels: `sums[m][n] += x[row + m][p] · panel[first + n][p]`, for the next of the p.
    #[inline(always)]
    fn tile<S: Simd, const M: usize, const N: usize>(
        &mut self,
        simd: S,
        done: usize,
        first: usize,
        row: usize,
    ) {
        let (Panels { numbers, k, .. }, vectors) = (self.of, self.of.width() / T::count::<S>());
        let depth = DEPTH.min(k - done);
        let (numbers, mut columns) = (T::vectors::<S>(numbers), [&[][..]; N]);
        for n in 0..N {
            columns[n] = &numbers[(first + n) * k + done..][..depth];
        }
        let mut x = [&[][..]; M];
        for (m, x) in x.iter_mut().enumerate() {
            *x = &self.x[(row + m) * self.stride + done..][..depth];
        }
        let product = T::vectors_mut::<S>(self.product);
        let place = Place { vectors, row, column: first };
        let mut sums = match self.start {
            Start::Zero => [[T::splat(simd, T::zero()); N]; M],
            Start::Row(row) => [place.of_row(T::vectors::<S>(row)); M],
            Start::Sum => place.take(product),
        };
        for p in 0..depth {
            let mut column = [sums[0][0]; N];
            for n in 0..N {
                column[n] = columns[n][p];
            }
            for m in 0..M {
                let x = T::splat(simd, x[m][p]);
                for n in 0..N {
                    sums[m][n] = T::fused(simd, x, column[n], sums[m][n]);
                }
            }
        }
        place.put(sums, product);
    }
    // ANCHOR_END: panels_tile
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Matrices of whole numbers, whose sums are exact in any order.
    fn numbers(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|i| ((i * 7919 + seed) % 17) as f32 - 8.0).collect()
    }

    fn check<T: Lanes>([rows, k, n]: [usize; 3], start: Start<'_, f32>) {
        let stride = k + 3;
        let (x, matrix) = (numbers(rows * stride, 1), numbers(k * n, 2));
        let turned: Vec<f32> = (0..k * n).map(|i| matrix[i % n * k + i / n]).collect();
        let cast = |numbers: &[f32]| numbers.iter().map(|x| T::from_f64(f64::from(*x))).collect::<Vec<T>>();
        let panels = if rows % 2 == 0 {
            Panels::new(&cast(&turned), [k, n])
        } else {
            Panels::transposed(&cast(&matrix), [n, k])
        };
        let width = panels.width();
        let mut product = cast(&numbers(rows * width, 3));
        let row;
        let own_start = match start {
            Start::Zero => Start::Zero,
            Start::Sum => Start::Sum,
            Start::Row(_) => {
                row = cast(&numbers(width, 4));
                Start::Row(&row)
            }
        };
        let before = product.clone();
        panels.product(&cast(&x), stride, own_start, &mut product);
        for i in 0..rows {
            for j in 0..n {
                let first = match own_start {
                    Start::Zero => T::zero(),
                    Start::Row(row) => row[j],
                    Start::Sum => before[i * width + j],
                };
                let sum: f32 = (0..k).map(|p| x[i * stride + p] * matrix[j * k + p]).sum();
                assert_eq!(
                    product[i * width + j],
                    first + T::from_f64(f64::from(sum)),
                    "{rows}x{k}x{n}: {i} {j}"
                );
            }
        }
    }

    #[test]
    fn a_product_is_the_plain_one() {
        for size in [
            [1, 1, 1],
            [3, 0, 5],
            [9, 50, 200],
            [8, 16, 16],
            [4, 600, 33],
            [5, 256, 48],
            [13, 257, 97],
            [6, 70, 18],
        ] {
            for start in [Start::Zero, Start::Sum, Start::Row(&[])] {
                check::<f32>(size, start);
                check::<f64>(size, start);
            }
        }
    }
}
