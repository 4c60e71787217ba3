//! Walking strided grids row by row.

use smallvec::SmallVec;

use crate::shape::Layout;

/// `N` grids of one shape, walked together: the same element of each at the same time.
///
/// Neighbouring dimensions that lie in memory as one are merged first, so that rows are as long as can be: two
/// contiguous tensors are one row.
pub(crate) struct Rows<const N: usize> {
    /// The dimensions before the last: size, and stride in each grid.
    outer: SmallVec<[(usize, [usize; N]); 4]>,
    /// How many elements a row has; at least 1.
    pub(crate) len: usize,
    /// How far apart a row's elements lie in each grid.
    pub(crate) strides: [usize; N],
    offsets: [usize; N],
}

impl<const N: usize> Rows<N> {
    /// The rows of grids whose shapes are equal.
    pub(crate) fn new(layouts: [&Layout; N]) -> Rows<N> {
        let shape = &layouts[0].shape;
        debug_assert!(layouts.iter().all(|layout| layout.shape == *shape));
        let mut merged: SmallVec<[(usize, [usize; N]); 4]> = SmallVec::new();
        for (d, &size) in shape.iter().enumerate() {
            if size == 1 {
                continue;
            }
            let strides = layouts.map(|layout| layout.strides[d]);
            match merged.last_mut() {
                // one step along the outer dimension is as far as `size` steps along this one
                Some((outer, above)) if (0..N).all(|i| above[i] == strides[i] * size) => {
                    *outer *= size;
                    *above = strides;
                }
                _ => merged.push((size, strides)),
            }
        }
        let (len, strides) = merged.pop().unwrap_or((1, [1; N]));
        Rows { outer: merged, len: len.max(1), strides, offsets: layouts.map(|layout| layout.offset) }
    }

    /// Calls `f(starts, n)` for each stretch of a row among the `count` elements from number `first` on.
    ///
    /// `starts` is where the stretch begins in each grid and `n` how many elements it has: whole rows but for the
    /// first and the last. Rows are stepped through like an odometer, without dividing each time.
    pub(crate) fn stretches(&self, first: usize, count: usize, mut f: impl FnMut([usize; N], usize)) {
        if count == 0 {
            return; // an empty dimension has no position to start from
        }
        let mut position: SmallVec<[usize; 4]> = SmallVec::from_elem(0, self.outer.len());
        let mut starts = self.offsets;
        let mut row = first / self.len;
        for (p, (size, strides)) in position.iter_mut().zip(&self.outer).rev() {
            *p = row % size;
            row /= size;
            (0..N).for_each(|i| starts[i] += *p * strides[i]);
        }
        let (mut column, mut left) = (first % self.len, count);
        while left > 0 {
            let n = left.min(self.len - column);
            f(std::array::from_fn(|i| starts[i] + column * self.strides[i]), n);
            left -= n;
            column = 0;
            for (p, (size, strides)) in position.iter_mut().zip(&self.outer).rev() {
                *p += 1;
                if *p < *size {
                    (0..N).for_each(|i| starts[i] += strides[i]);
                    break;
                }
                *p = 0;
                (0..N).for_each(|i| starts[i] -= strides[i] * (size - 1));
            }
        }
    }
}
