//! The last columns of a matrix that are so few that most of a vector of them would be empty.
//!
//! They are multiplied the other way round: not many sums at once, a number each, but one sum after the other, from
//! vectors along its terms.

use pulp::{Simd, WithSimd};

use crate::dtype::Element;

use super::super::buffer::{self, Buffer};
use super::super::lanes::Lanes;
use super::panels::Start;

/// Columns of a matrix with k rows, (count, k).
pub(super) struct Tail<T: Element> {
    numbers: Buffer<T>,
    k: usize,
    /// Which column of the matrix is the first.
    first: usize,
}

impl<T: Lanes> Tail<T> {
    /// Of n columns, those behind the last whole vector, if they are few enough.
    pub(super) fn new(
        k: usize,
        n: usize,
        lanes: usize,
        number: impl Fn(usize, usize) -> T,
    ) -> Option<Tail<T>> {
        let (first, count) = (n - n % lanes, n % lanes);
        if count == 0 || 4 * count > lanes || k < 4 * lanes {
            return None;
        }
        let mut numbers = buffer::stale(count * k);
        for (i, entry) in numbers.iter_mut().enumerate() {
            *entry = number(i % k, first + i / k);
        }
        Some(Tail { numbers, k, first })
    }

    /// The sums of these columns; see [`Panels::product`](super::panels::Panels::product).
    pub(super) fn product(
        &self,
        x: &[T],
        stride: usize,
        start: Start<'_, T>,
        product: &mut [T],
        width: usize,
    ) {
        pulp::Arch::new().dispatch(Sums { of: self, x, stride, start, product, width });
    }
}

impl<T: Element> Drop for Tail<T> {
    fn drop(&mut self) {
        buffer::give_back(std::mem::take(&mut self.numbers));
    }
}

struct Sums<'a, T: Element> {
    of: &'a Tail<T>,
    x: &'a [T],
    stride: usize,
    start: Start<'a, T>,
    product: &'a mut [T],
    width: usize,
}

impl<T: Lanes> WithSimd for Sums<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Tail { numbers, k, first } = self.of;
        for (row, product) in self.product.chunks_exact_mut(self.width).enumerate() {
            let x = &self.x[row * self.stride..][..*k];
            for (column, numbers) in (*first..).zip(numbers.chunks_exact(*k)) {
                let start = match self.start {
                    Start::Zero => T::zero(),
                    Start::Row(row) => row[column],
                    Start::Sum => product[column],
                };
                product[column] = start + dot::<T, S>(simd, x, numbers);
            }
        }
    }
}

/// The sum of products of two equally long slices.
#[inline(always)]
fn dot<T: Lanes, S: Simd>(simd: S, x: &[T], y: &[T]) -> T {
    let whole = x.len() - x.len() % T::count::<S>();
    let mut sums = T::splat(simd, T::zero());
    for (x, y) in T::vectors::<S>(&x[..whole]).iter().zip(T::vectors::<S>(&y[..whole])) {
        sums = T::fused(simd, *x, *y, sums);
    }
    let mut sum = T::sum_lanes(simd, sums);
    for (x, y) in x[whole..].iter().zip(&y[whole..]) {
        sum += *x * *y;
    }
    sum
}
