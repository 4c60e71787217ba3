//! Shapes, strides, and the rules by which shapes combine.
//!
//! A tensor's numbers lie in one flat buffer. A [`Layout`] says how to read them as a grid: element `(i, j, …)` is at
//! `offset + i·strides[0] + j·strides[1] + …`. Transposing, slicing and broadcasting change the layout only.

use std::fmt;
use std::ops::Deref;

use smallvec::SmallVec;

use crate::error::{Error, Result};
pub use crate::sizes::{IntoDims, IntoSizes, Size, Sizes};

/// The sizes, strides or indices of a few dimensions, kept without an allocation.
pub type Dims = SmallVec<[usize; 5]>;

// ANCHOR: shape
/// The size of each dimension: `[2, 3]` has two rows and three columns, `[]` is a single number.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Shape(Dims);

impl Shape {
    /// How many elements a tensor of this shape has: the product of the sizes, 1 for `[]`.
    pub fn numel(&self) -> usize {
        self.0.iter().product()
    }

    /// The row-major strides: how far apart neighbours along each dimension lie when nothing is skipped.
    ///
    /// `[2, 3, 4]` has strides `[12, 4, 1]`.
    pub fn strides(&self) -> Dims {
        let mut strides = Dims::from_elem(1, self.len());
        for d in (1..self.len()).rev() {
            strides[d - 1] = strides[d] * self[d];
        }
        strides
    }
}
// ANCHOR_END: shape

impl Shape {
    /// The dimension that `dim` names, negative ones counted from the end: -1 is the last.
    pub fn dim(&self, op: &'static str, dim: isize) -> Result<usize> {
        let rank = self.len() as isize;
        let index = if dim < 0 { dim + rank } else { dim };
        if (0..rank).contains(&index) {
            Ok(index as usize)
        } else {
            Err(Error::shape(
                op,
                format!("dimension {dim} does not exist in shape {self:?}, which has {rank}"),
            ))
        }
    }

    /// The shape with the named dimensions set to 1 (`keepdim`) or left out.
    pub(crate) fn reduced(&self, dims: &[usize], keepdim: bool) -> Shape {
        let kept = self.iter().enumerate().filter_map(|(d, &size)| match dims.contains(&d) {
            false => Some(size),
            true => keepdim.then_some(1),
        });
        Shape(kept.collect())
    }
}

impl Deref for Shape {
    type Target = [usize];
    fn deref(&self) -> &[usize] {
        &self.0
    }
}

impl std::ops::DerefMut for Shape {
    fn deref_mut(&mut self) -> &mut [usize] {
        &mut self.0
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0[..], f)
    }
}

impl<const N: usize> From<[usize; N]> for Shape {
    fn from(sizes: [usize; N]) -> Shape {
        Shape(Dims::from_slice(&sizes))
    }
}

impl From<&[usize]> for Shape {
    fn from(sizes: &[usize]) -> Shape {
        Shape(Dims::from_slice(sizes))
    }
}

impl From<Vec<usize>> for Shape {
    fn from(sizes: Vec<usize>) -> Shape {
        Shape(Dims::from_vec(sizes))
    }
}

impl From<Dims> for Shape {
    fn from(sizes: Dims) -> Shape {
        Shape(sizes)
    }
}

impl From<&Shape> for Shape {
    fn from(shape: &Shape) -> Shape {
        shape.clone()
    }
}

// ANCHOR: broadcast
/// The shape that two shapes broadcast to.
///
/// Shapes are aligned at their last dimension. Along each one the sizes must be equal, or one of them must be 1 (or
/// missing) and is then repeated: `[2, 3, 1]` with `[3, 4]` gives `[2, 3, 4]`.
pub fn broadcast_shapes(op: &'static str, a: &[usize], b: &[usize]) -> Result<Shape> {
    let rank = a.len().max(b.len());
    // the size of dimension d, counted as if the shape had `rank` of them
    let size =
        |shape: &[usize], d: usize| if d + shape.len() < rank { 1 } else { shape[d + shape.len() - rank] };
    let mut sizes = Dims::new();
    for d in 0..rank {
        sizes.push(match (size(a, d), size(b, d)) {
            (x, y) if x == y => x,
            (1, y) => y,
            (x, 1) => x,
            (x, y) => {
                let message = format!(
                    "shapes {a:?} and {b:?} do not broadcast: counted from the end, dimension {} is {x} in one and \
                     {y} in the other; sizes must be equal or 1",
                    d as isize - rank as isize,
                );
                return Err(Error::shape(op, message));
            }
        });
    }
    Ok(Shape(sizes))
}
// ANCHOR_END: broadcast

// ANCHOR: layout
/// How a flat buffer is read as a grid of numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The size of each dimension.
    pub shape: Shape,
    /// How many elements lie between neighbours along each dimension; 0 repeats the same element.
    pub strides: Dims,
    /// Where element `(0, 0, …)` is.
    pub offset: usize,
}
// ANCHOR_END: layout

impl Layout {
    /// The row-major layout of a buffer that holds just this shape.
    pub fn contiguous(shape: impl Into<Shape>) -> Layout {
        let shape = shape.into();
        Layout { strides: shape.strides(), shape, offset: 0 }
    }

    /// How many elements the grid has.
    pub fn numel(&self) -> usize {
        self.shape.numel()
    }

    /// Whether the elements lie one after the other in row-major order, from any offset.
    pub fn is_contiguous(&self) -> bool {
        let mut expected = 1;
        for (&size, &stride) in self.shape.iter().zip(&self.strides).rev() {
            if size != 1 && stride != expected {
                return self.numel() == 0;
            }
            expected *= size;
        }
        true
    }

    /// Whether two elements may lie at one place, as in windows that share some. Never says no where they do.
    pub fn overlaps(&self) -> bool {
        let mut dims: SmallVec<[(usize, usize); 4]> =
            self.strides.iter().copied().zip(self.shape.iter().copied()).collect();
        dims.retain(|(_, size)| *size > 1);
        dims.sort_unstable();
        // what all dimensions with smaller strides reach must end before one step along the next
        let mut reach = 0;
        dims.iter().any(|(stride, size)| {
            let inside = *stride <= reach;
            reach += stride * (size - 1);
            inside
        })
    }

    /// The same elements with the dimensions in another order.
    pub fn permute(&self, order: &[usize]) -> Layout {
        Layout {
            shape: Shape(order.iter().map(|&d| self.shape[d]).collect()),
            strides: order.iter().map(|&d| self.strides[d]).collect(),
            offset: self.offset,
        }
    }

    /// A dimension of size 1 put in before dimension `at`.
    pub fn unsqueeze(&self, at: usize) -> Layout {
        let mut layout = self.clone();
        let stride = if at < self.shape.len() { self.shape[at] * self.strides[at] } else { 1 };
        layout.shape.0.insert(at, 1);
        layout.strides.insert(at, stride);
        layout
    }

    /// Dimension `dim`, whose size is 1, taken out.
    pub fn squeeze(&self, dim: usize) -> Layout {
        let mut layout = self.clone();
        layout.shape.0.remove(dim);
        layout.strides.remove(dim);
        layout
    }

    /// Each window of `size` elements along one dimension, a new last one, `step` from the next.
    pub fn unfold(&self, dim: usize, size: usize, step: usize) -> Layout {
        let mut layout = self.clone();
        layout.shape[dim] = (self.shape[dim] - size) / step + 1;
        layout.strides[dim] *= step;
        layout.shape.0.push(size);
        layout.strides.push(self.strides[dim]);
        layout
    }

    /// The elements at equal places of two dimensions, `offset` to the right (below, if negative), as the last one.
    pub fn diagonal(&self, offset: isize, rows: usize, columns: usize) -> Layout {
        let (right, down) = (offset.max(0) as usize, offset.min(0).unsigned_abs());
        let size = self.shape[rows].saturating_sub(down).min(self.shape[columns].saturating_sub(right));
        let mut layout = self.clone();
        for d in [rows.max(columns), rows.min(columns)] {
            layout.shape.0.remove(d);
            layout.strides.remove(d);
        }
        layout.shape.0.push(size);
        layout.strides.push(self.strides[rows] + self.strides[columns]);
        // nothing is read from an empty view, and its offset must not lie beyond the buffer
        let start = right * self.strides[columns] + down * self.strides[rows];
        layout.offset += if layout.numel() == 0 { 0 } else { start };
        layout
    }

    /// Elements `start..start + len` along one dimension.
    pub fn narrow(&self, op: &'static str, dim: usize, start: usize, len: usize) -> Result<Layout> {
        let size = self.shape[dim];
        if start.checked_add(len).is_none_or(|end| end > size) {
            let message = format!(
                "elements {start}..{} along dimension {dim} are outside shape {:?}, whose size there is {size}",
                start.saturating_add(len),
                self.shape
            );
            return Err(Error::shape(op, message));
        }
        let mut layout = self.clone();
        layout.shape[dim] = len;
        // nothing is read from an empty view, and its offset must not lie beyond the buffer
        layout.offset += if layout.numel() == 0 { 0 } else { start * layout.strides[dim] };
        Ok(layout)
    }

    /// Every `step`-th element along one dimension.
    pub fn step(&self, dim: usize, step: usize) -> Layout {
        let mut layout = self.clone();
        layout.shape[dim] = self.shape[dim].div_ceil(step);
        layout.strides[dim] *= step;
        layout
    }

    // ANCHOR: expand
    /// The same elements repeated to a larger shape: a stride of 0 reads one element again and again.
    pub fn expand(&self, op: &'static str, shape: &Shape) -> Result<Layout> {
        let missing = shape.len().checked_sub(self.shape.len());
        let strides = missing.and_then(|missing| {
            let mut strides = Dims::from_elem(0, missing);
            for d in missing..shape.len() {
                strides.push(match self.shape[d - missing] {
                    size if size == shape[d] => self.strides[d - missing],
                    1 => 0,
                    _ => return None,
                });
            }
            Some(strides)
        });
        match strides {
            Some(strides) => Ok(Layout { shape: shape.clone(), strides, offset: self.offset }),
            None => Err(Error::shape(
                op,
                format!(
                    "shape {:?} does not expand to {shape:?}; only dimensions of size 1 can be repeated",
                    self.shape
                ),
            )),
        }
    }
    // ANCHOR_END: expand

    /// The same elements in the same order under another shape, if strides can say so; `None` means: copy first.
    pub fn reshape(&self, shape: &Shape) -> Option<Layout> {
        if self.is_contiguous() {
            return Some(Layout { strides: shape.strides(), shape: shape.clone(), offset: self.offset });
        }
        // Both shapes are walked in groups of dimensions with equal products; within a group the old strides must
        // be those of one run of elements, which the new dimensions then divide anew.
        let old: Vec<(usize, usize)> = self
            .shape
            .iter()
            .copied()
            .zip(self.strides.iter().copied())
            .filter(|&(size, _)| size != 1)
            .collect();
        let mut strides = Dims::from_elem(1, shape.len());
        let (mut o, mut n) = (0, 0);
        while o < old.len() {
            let (first_n, first_o) = (n, o);
            let (mut old_product, mut new_product) = (old[o].0, *shape.get(n)?);
            o += 1;
            n += 1;
            while old_product != new_product {
                if old_product < new_product {
                    if old[o - 1].1 != old.get(o)?.0 * old[o].1 {
                        return None;
                    }
                    old_product *= old[o].0;
                    o += 1;
                } else {
                    new_product *= *shape.get(n)?;
                    n += 1;
                }
            }
            debug_assert!(first_o < o);
            let mut stride = old[o - 1].1;
            for d in (first_n..n).rev() {
                strides[d] = stride;
                stride *= shape[d];
            }
        }
        Some(Layout { shape: shape.clone(), strides, offset: self.offset })
    }

    /// One past the largest position the layout reads; 0 when it reads nothing.
    pub fn end(&self) -> usize {
        if self.numel() == 0 {
            return 0;
        }
        self.offset
            + self.shape.iter().zip(&self.strides).map(|(&size, &s)| (size - 1) * s).sum::<usize>()
            + 1
    }
}

#[cfg(test)]
mod tests {
    use crate::tensor::Tensor;

    #[test]
    fn only_layouts_with_shared_elements_overlap() {
        let x = Tensor::zeros([4, 6]);
        let columns = x.narrow(1, 2, 3);
        for alone in [x.clone(), x.t(), columns, x.step(1, 2).t(), x.unfold(1, 2, 2), x.diagonal(1, 0, 1)] {
            assert!(!alone.layout().overlaps(), "{:?}", alone.layout());
        }
        for shared in [x.unsqueeze(0).expand([3, 4, 6]), x.unfold(1, 3, 2), x.unfold(0, 2, 1)] {
            assert!(shared.layout().overlaps(), "{:?}", shared.layout());
        }
    }
}
