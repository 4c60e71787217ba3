//! Layouts as kernels read them.

use super::error::give_up;
use crate::error::Error;
use crate::shape::Layout;

/// How many dimensions a kernel can step through, after those that lie in memory as one have been merged.
const MAX_DIMS: usize = 12;
/// How many operands are stepped through together.
const MAX_OPERANDS: usize = 3;

/// Operands of one shape, walked together; `Grid` of `kernels/common.cl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub(super) struct Grid {
    rank: u32,
    offsets: [u32; MAX_OPERANDS],
    /// From the last dimension, whose index runs fastest, to the first.
    sizes: [u32; MAX_DIMS],
    strides: [[u32; MAX_DIMS]; MAX_OPERANDS],
}

impl Grid {
    /// The walk through grids whose shapes are equal.
    pub(super) fn new<const N: usize>(layouts: [&Layout; N]) -> Grid {
        let mut grid = Grid {
            rank: 0,
            offsets: [0; MAX_OPERANDS],
            sizes: [1; MAX_DIMS],
            strides: [[0; MAX_DIMS]; MAX_OPERANDS],
        };
        for (offset, layout) in grid.offsets.iter_mut().zip(layouts) {
            *offset = narrow(layout.offset);
        }
        for (d, &size) in layouts[0].shape.iter().enumerate().rev().filter(|(_, size)| **size != 1) {
            grid.push(narrow(size), layouts.map(|layout| narrow(layout.strides[d])));
        }
        grid
    }

    /// Adds the next dimension to the left: to the one before, if one step along it is as far as all of that.
    fn push<const N: usize>(&mut self, size: u32, strides: [u32; N]) {
        let at = self.rank as usize;
        let continues = |i: usize| {
            let inner = (self.sizes[at - 1], self.strides[i][at - 1]);
            strides[i] == inner.0.wrapping_mul(inner.1)
        };
        if at > 0 && (0..N).all(continues) {
            self.sizes[at - 1] *= size;
            return;
        }
        if at == MAX_DIMS {
            give_up(Error::shape(
                "opencl",
                format!("kernels step through at most {MAX_DIMS} dimensions; call `contiguous` earlier"),
            ));
        }
        self.sizes[at] = size;
        (0..N).for_each(|i| self.strides[i][at] = strides[i]);
        self.rank += 1;
    }
}

/// No buffer has more elements than 32 bits can count, and no layout reaches beyond its buffer.
fn narrow(value: usize) -> u32 {
    u32::try_from(value).unwrap_or_else(|_| unreachable!("a layout reaches element {value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dimensions_that_lie_as_one_are_merged() {
        let whole = Layout::contiguous([2, 3, 4]);
        let grid = Grid::new([&whole]);
        assert_eq!((grid.rank, grid.sizes[0], grid.strides[0][0]), (1, 24, 1));

        // (2, 3, 4) whose first two dimensions have changed places in memory
        let turned = Layout::contiguous([3, 2, 4]).permute(&[1, 0, 2]);
        let grid = Grid::new([&whole, &turned]);
        assert_eq!((grid.rank, &grid.sizes[..3]), (3, &[4, 3, 2][..]));
        assert_eq!(
            grid.strides.map(|strides| strides[..3].to_vec()),
            [vec![1, 4, 12], vec![1, 8, 4], vec![0; 3]]
        );
    }
}
