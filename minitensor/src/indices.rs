//! What can stand in `x.i(…)`: integers, ranges, [`NewAxis`], [`Ellipsis`] and tensors.

use std::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};

use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::shape::Shape;
use crate::tensor::Tensor;

/// What is taken of one dimension.
#[derive(Clone)]
pub enum Index {
    /// One slice; the dimension is left out of the result.
    At(isize),
    /// Every `step`-th slice of a range; an end that is not named is that of the dimension.
    Range {
        /// The first.
        start: Option<isize>,
        /// One past the last.
        end: Option<isize>,
        /// How far apart.
        step: usize,
    },
    /// No dimension of the tensor, but a new one of size 1.
    NewAxis,
    /// All of as many dimensions as the other indices leave.
    Ellipsis,
    /// The slices that integers (`I64`) name, or those where a mask (`U8`) is not 0.
    Tensor(Tensor),
}

/// A new dimension of size 1, as an index.
#[derive(Debug, Clone, Copy)]
pub struct NewAxis;

/// Python's `...`, as an index.
#[derive(Debug, Clone, Copy)]
pub struct Ellipsis;

/// Every `step`-th of a range, as an index: `x.i(stepped(1.., 2))`.
///
/// # Panics
/// If the step is 0, or what is stepped through is no range.
#[track_caller]
pub fn stepped(range: impl Into<Index>, step: usize) -> Index {
    assert!(step > 0, "stepped: a step of 0 would read the first element for ever; use 1 or more");
    match range.into() {
        Index::Range { start, end, .. } => Index::Range { start, end, step },
        _ => panic!("stepped: only a range can be stepped through"),
    }
}

/// One index, or a tuple of them, one for each dimension from the first.
pub trait IntoIndices {
    /// The indices in their order.
    fn into_indices(self) -> Vec<Index>;
}

/// The indices with everything counted from 0: one for each dimension, besides the new ones.
pub(crate) fn resolved(shape: &Shape, indices: Vec<Index>) -> Result<Vec<Index>> {
    let takes = |index: &Index| match index {
        Index::NewAxis | Index::Ellipsis => 0,
        Index::Tensor(mask) if mask.dtype() == DType::U8 => mask.rank(),
        _ => 1,
    };
    let taken: usize = indices.iter().map(takes).sum();
    let ellipses = indices.iter().filter(|index| matches!(index, Index::Ellipsis)).count();
    let Some(left) = shape.len().checked_sub(taken).filter(|_| ellipses <= 1) else {
        let message = match ellipses {
            0 | 1 => format!("{taken} indices are too many for shape {shape:?}"),
            _ => "only one index can be an ellipsis".into(),
        };
        return Err(Error::shape("i", message));
    };
    let mut resolved = Vec::new();
    let mut sizes = shape.iter().copied();
    let whole = |size| Index::Range { start: Some(0), end: Some(size as isize), step: 1 };
    for index in indices {
        match index {
            Index::At(at) => resolved.push(Index::At(wrapped(at, sizes.next().unwrap_or(0))?)),
            Index::Range { start, end, step } => {
                let size = sizes.next().unwrap_or(0) as isize;
                let clamped = |at: isize| if at < 0 { (at + size).max(0) } else { at.min(size) };
                let start = clamped(start.unwrap_or(0));
                let end = clamped(end.unwrap_or(size)).max(start);
                resolved.push(Index::Range { start: Some(start), end: Some(end), step });
            }
            Index::NewAxis => resolved.push(Index::NewAxis),
            Index::Ellipsis => resolved.extend(sizes.by_ref().take(left).map(whole)),
            Index::Tensor(mask) if mask.dtype() == DType::U8 => {
                let masked: Vec<usize> = sizes.by_ref().take(mask.rank()).collect();
                resolved.extend(named_by(&mask, &masked)?);
            }
            Index::Tensor(index) if index.dtype() == DType::I64 => {
                sizes.next();
                resolved.push(Index::Tensor(index.detach()));
            }
            Index::Tensor(other) => {
                let message =
                    format!("a tensor that chooses holds i64 (or u8, a mask), not {}", other.dtype());
                return Err(Error::dtype("i", message));
            }
        }
    }
    resolved.extend(sizes.map(whole));
    Ok(resolved)
}

/// The integers of a mask, one tensor a dimension.
fn named_by(mask: &Tensor, sizes: &[usize]) -> Result<Vec<Index>> {
    if mask.shape()[..] != *sizes {
        let message = format!("a mask of shape {:?} lies over dimensions of sizes {sizes:?}", mask.shape());
        return Err(Error::shape("i", message));
    }
    Ok(mask.nonzero().unbind(1).into_iter().map(Index::Tensor).collect())
}

/// An index counted from 0.
pub(crate) fn wrapped(at: isize, size: usize) -> Result<isize> {
    let index = if at < 0 { at + size as isize } else { at };
    match (0..size as isize).contains(&index) {
        true => Ok(index),
        false => Err(Error::Index { op: "i", what: "a dimension".into(), index: at as i64, size }),
    }
}

impl From<NewAxis> for Index {
    fn from(_: NewAxis) -> Index {
        Index::NewAxis
    }
}

impl From<Ellipsis> for Index {
    fn from(_: Ellipsis) -> Index {
        Index::Ellipsis
    }
}

impl From<&Tensor> for Index {
    fn from(tensor: &Tensor) -> Index {
        Index::Tensor(tensor.clone())
    }
}

impl From<RangeFull> for Index {
    fn from(_: RangeFull) -> Index {
        Index::Range { start: None, end: None, step: 1 }
    }
}

/// Integers and ranges of them.
macro_rules! integer_index {
    ($($number:ty),*) => {
        $(
            impl From<$number> for Index {
                fn from(at: $number) -> Index {
                    Index::At(at as isize)
                }
            }
            integer_index!(@range $number, Range<$number>, |r| Some(r.start), Some(r.end as isize));
            integer_index!(@range $number, RangeFrom<$number>, |r| Some(r.start), None);
            integer_index!(@range $number, RangeTo<$number>, |r| None, Some(r.end as isize));
            integer_index!(@range $number, RangeInclusive<$number>, |r| Some(*r.start()), past(*r.end() as isize));
            integer_index!(@range $number, RangeToInclusive<$number>, |r| None, past(r.end as isize));
        )*
    };
    (@range $number:ty, $range:ty, |$r:ident| $start:expr, $end:expr) => {
        impl From<$range> for Index {
            fn from($r: $range) -> Index {
                let (start, end): (Option<$number>, Option<isize>) = ($start, $end);
                Index::Range { start: start.map(|at| at as isize), end, step: 1 }
            }
        }
    };
}

integer_index!(i32, isize, usize);

/// One past an included end: past -1, the last, there is no number.
fn past(end: isize) -> Option<isize> {
    (end != -1).then_some(end + 1)
}

impl<A: Into<Index>> IntoIndices for A {
    fn into_indices(self) -> Vec<Index> {
        vec![self.into()]
    }
}

impl IntoIndices for Vec<Index> {
    fn into_indices(self) -> Vec<Index> {
        self
    }
}

macro_rules! tuple_of_indices {
    ($($name:ident)*) => {
        impl<$($name: Into<Index>),*> IntoIndices for ($($name,)*) {
            fn into_indices(self) -> Vec<Index> {
                #[allow(non_snake_case, reason = "each variable has the name of its type")]
                let ($($name,)*) = self;
                vec![$($name.into()),*]
            }
        }
    };
}

tuple_of_indices!(A);
tuple_of_indices!(A B);
tuple_of_indices!(A B C);
tuple_of_indices!(A B C D);
tuple_of_indices!(A B C D E);
tuple_of_indices!(A B C D E F);
