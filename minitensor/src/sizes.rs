//! How ops are told dimensions and sizes: `-1`, `[0, 2]`, `(batch, -1)`.

use smallvec::SmallVec;

use crate::error::{Error, Result};
use crate::shape::{Dims, Shape};

/// One or several dimensions, as ops take them: `-1`, `[0, 2]` or a slice.
pub trait IntoDims {
    /// The dimensions as positive numbers, in ascending order; naming one twice is an error.
    fn into_dims(self, op: &'static str, shape: &Shape) -> Result<Dims>;
}

impl IntoDims for isize {
    fn into_dims(self, op: &'static str, shape: &Shape) -> Result<Dims> {
        [self].as_slice().into_dims(op, shape)
    }
}

impl<const N: usize> IntoDims for [isize; N] {
    fn into_dims(self, op: &'static str, shape: &Shape) -> Result<Dims> {
        self.as_slice().into_dims(op, shape)
    }
}

impl IntoDims for &[isize] {
    fn into_dims(self, op: &'static str, shape: &Shape) -> Result<Dims> {
        let mut dims = self.iter().map(|&d| shape.dim(op, d)).collect::<Result<Dims>>()?;
        dims.sort_unstable();
        match dims.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(Error::shape(op, format!("dimension {} is named twice in {self:?}", pair[0]))),
            None => Ok(dims),
        }
    }
}

/// Sizes of which one may be -1: that is found out. Arrays, slices and shapes where all are alike; a tuple where they
/// are not: `x.reshape((batch, -1))`.
pub trait IntoSizes {
    /// The sizes, -1 where one is to be found out.
    fn into_sizes(self) -> Sizes;
}

/// Sizes, -1 where one is to be found out.
pub type Sizes = SmallVec<[isize; 5]>;

/// A whole number that can be a size.
pub trait Size: Copy {
    /// The number; what is too large for an `isize` is too large for a tensor.
    fn size(self) -> isize;
}

macro_rules! size {
    ($($number:ty),*) => {
        $(impl Size for $number {
            fn size(self) -> isize {
                self as isize
            }
        })*
    };
}

size!(usize, isize, i32);

impl<T: Size, const N: usize> IntoSizes for [T; N] {
    fn into_sizes(self) -> Sizes {
        self.as_slice().into_sizes()
    }
}

impl<T: Size> IntoSizes for &[T] {
    fn into_sizes(self) -> Sizes {
        self.iter().map(|size| size.size()).collect()
    }
}

impl<T: Size> IntoSizes for Vec<T> {
    fn into_sizes(self) -> Sizes {
        self.as_slice().into_sizes()
    }
}

impl IntoSizes for &Shape {
    fn into_sizes(self) -> Sizes {
        self[..].into_sizes()
    }
}

impl IntoSizes for Shape {
    fn into_sizes(self) -> Sizes {
        self[..].into_sizes()
    }
}

macro_rules! tuple_of_sizes {
    ($($name:ident)*) => {
        impl<$($name: Size),*> IntoSizes for ($($name,)*) {
            fn into_sizes(self) -> Sizes {
                #[allow(non_snake_case, reason = "each variable has the name of its type")]
                let ($($name,)*) = self;
                Sizes::from_slice(&[$($name.size()),*])
            }
        }
    };
}

tuple_of_sizes!();
tuple_of_sizes!(A);
tuple_of_sizes!(A B);
tuple_of_sizes!(A B C);
tuple_of_sizes!(A B C D);
tuple_of_sizes!(A B C D E);
tuple_of_sizes!(A B C D E F);

/// The shape that `from` is seen in: -1 is what is left of its elements.
pub(crate) fn regrouped(op: &'static str, from: &Shape, sizes: &[isize]) -> Result<Shape> {
    let known: usize = sizes.iter().filter(|&&size| size != -1).map(|&size| size.max(0) as usize).product();
    let unknown = sizes.iter().filter(|&&size| size == -1).count();
    let numel = from.numel();
    let fits = match unknown {
        0 => known == numel,
        1 => known > 0 && numel.is_multiple_of(known),
        _ => false,
    };
    if fits && sizes.iter().all(|&size| size >= -1) {
        let size = |&size: &isize| if size == -1 { numel / known } else { size as usize };
        return Ok(Shape::from(sizes.iter().map(size).collect::<Vec<_>>()));
    }
    let message = match unknown {
        0 => format!("shape {from:?} has {numel} elements and {sizes:?} has {known}; they must be equal"),
        1 => format!("the {numel} elements of shape {from:?} do not divide into {sizes:?}"),
        _ => format!("of {sizes:?} only one size can be -1: what is left"),
    };
    Err(Error::shape(op, message))
}

/// The shape that `from` is repeated to: -1 is the size that it has there.
pub(crate) fn expanded(op: &'static str, from: &Shape, sizes: &[isize]) -> Result<Shape> {
    let missing = sizes.len().saturating_sub(from.len());
    let size = |(d, &size): (usize, &isize)| match size {
        -1 if d >= missing => Ok(from[d - missing]),
        size => usize::try_from(size).map_err(|_| {
            Error::shape(op, format!("{size} in {sizes:?} is no size; -1 keeps one that {from:?} has"))
        }),
    };
    match sizes.len() >= from.len() {
        true => sizes.iter().enumerate().map(size).collect::<Result<Dims>>().map(Shape::from),
        false => Ok(Shape::from(sizes.iter().map(|&size| size.max(0) as usize).collect::<Vec<_>>())),
    }
}
