//! The gradient of a weight, gradᵀ · x: each step of each row adds the product of every input with every gate's gradient.
//!
//! There are many terms to a sum, but few sums. A general product lays both matrices out anew, and would use what it laid
//! out a few times only; here they are read as they lie, a vector of gates for each input.

use pulp::{Arch, Simd, WithSimd};

use super::super::buffer::{self, Buffer};
use super::super::lanes::Lanes;
use super::super::tasks::{Disjoint, for_each_task};
use super::MIN_WORK;
use super::place::Place;

/// So many terms are added before the sums are put down: what they are made of stays in the cache.
const DEPTH: usize = 96;

/// Rows of the result whose sums are in registers at once, where there are enough of these.
const TILE: usize = 8;

/// At most so many tasks share the work, each of at least so many rows of the result where there is more than one.
const MOST_TASKS: usize = 8;
const LEAST_ROWS: usize = 24;

/// The gradient (n, m) of a weight that made n gates of m inputs: gradᵀ (n, k) · x (k, m). Rows of `grad` are filled up to
/// `width` numbers, whole vectors, with anything.
pub(super) fn weight_gradient<T: Lanes>(x: &[T], m: usize, grad: &[T], [n, width]: [usize; 2]) -> Buffer<T> {
    let mut turned = buffer::stale::<T>(m * width); // (m, n), which is filled up as well
    let tasks = (m / LEAST_ROWS).clamp(1, MOST_TASKS);
    let parts = Disjoint::new(&mut turned);
    for_each_task(tasks, m * grad.len() > MIN_WORK, |task| {
        // Where the work is cut, whole tiles end.
        let start = |task: usize| if task == tasks { m } else { task * m / tasks / TILE * TILE };
        let (first, end) = (start(task), start(task + 1));
        // SAFETY: a task has rows of its own.
        let sums = unsafe { parts.part(first * width, (end - first) * width) };
        Arch::new().dispatch(Sums { x, m, grad, width, first, sums });
    });
    let mut gradient = buffer::stale::<T>(n * m);
    for (j, row) in gradient.chunks_exact_mut(m.max(1)).enumerate() {
        for (i, number) in row.iter_mut().enumerate() {
            *number = turned[i * width + j];
        }
    }
    buffer::give_back(turned);
    gradient
}

/// Those sums whose inputs are the `first` and the ones after it.
struct Sums<'a, T> {
    x: &'a [T], // (k, m)
    m: usize,
    grad: &'a [T], // (k, width)
    width: usize,
    first: usize,
    sums: &'a mut [T], // (rows, width)
}

impl<T: Lanes> WithSimd for Sums<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let vectors = self.width / T::count::<S>();
        for start in (0..(self.grad.len() / self.width).max(1)).step_by(DEPTH) {
            for vector in (0..vectors).step_by(3) {
                match (vectors - vector, S::REGISTER_COUNT < 32) {
                    (1, _) => self.columns::<S, TILE, 1>(simd, start, vector),
                    (2, _) => self.columns::<S, 4, 2>(simd, start, vector),
                    (_, true) => self.columns::<S, 4, 3>(simd, start, vector),
                    (_, false) => self.columns::<S, TILE, 3>(simd, start, vector),
                }
            }
        }
    }
}

impl<T: Lanes> Sums<'_, T> {
    /// `N` vectors of the sums, `M` rows at a time.
    #[inline(always)]
    fn columns<S: Simd, const M: usize, const N: usize>(&mut self, simd: S, start: usize, vector: usize) {
        let rows = self.sums.len() / self.width;
        let mut row = 0;
        while row + M <= rows {
            self.tile::<S, M, N>(simd, start, row, vector);
            row += M;
        }
        while row + 2 <= rows {
            self.tile::<S, 2, N>(simd, start, row, vector);
            row += 2;
        }
        if row < rows {
            self.tile::<S, 1, N>(simd, start, row, vector);
        }
    }

    // ANCHOR: weight_gradient_tile
    /// `M` rows of `N` vectors: `sums[i][j] += x[p][row + i] · grad[p][vector + j]`, for the next of the p.
    #[inline(always)]
    fn tile<S: Simd, const M: usize, const N: usize>(
        &mut self,
        simd: S,
        start: usize,
        row: usize,
        vector: usize,
    ) {
        let (x, grad) = (self.x, T::vectors::<S>(self.grad));
        let vectors = self.width / T::count::<S>();
        let end = (start + DEPTH).min(grad.len() / vectors);
        let put_down = T::vectors_mut::<S>(self.sums);
        let place = Place { vectors, row, column: vector };
        let mut sums = if start > 0 { place.take(put_down) } else { [[T::splat(simd, T::zero()); N]; M] };
        for p in start..end {
            let x = &x[p * self.m + self.first + row..][..M];
            let grad = &grad[p * vectors + vector..][..N];
            for i in 0..M {
                let x = T::splat(simd, x[i]);
                for j in 0..N {
                    sums[i][j] = T::fused(simd, x, grad[j], sums[i][j]);
                }
            }
        }
        place.put(sums, put_down);
    }
    // ANCHOR_END: weight_gradient_tile
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gradient_is_the_plain_sum() {
        for [k, m, n] in
            [[1, 1, 1_usize], [0, 3, 2], [5, 0, 4], [97, 10, 33], [200, 50, 200], [96, 75, 48], [3, 4, 16]]
        {
            let width = n.next_multiple_of(16);
            // whole numbers, whose sums are exact in any order
            let x: Vec<f32> = (0..k * m).map(|i| (i * 7919 % 17) as f32 - 8.0).collect();
            let grad: Vec<f32> = (0..k * width).map(|i| (i * 104_729 % 13) as f32 - 6.0).collect();
            let got = weight_gradient(&x, m, &grad, [n, width]);
            for (at, got) in got.iter().enumerate() {
                let (j, i) = (at / m, at % m);
                let sum: f32 = (0..k).map(|p| x[p * m + i] * grad[p * width + j]).sum();
                assert_eq!(*got, sum, "{k} terms, {m} inputs, {n} gates: {j} {i}");
            }
        }
    }
}
