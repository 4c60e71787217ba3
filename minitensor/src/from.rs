//! Tensors from nested arrays: `Tensor::from([[1.0f32, 2.0], [3.0, 4.0]])` keeps the type of the numbers, and
//! `tensor![[1.0, 2.0], [3.0, 4.0]]` chooses the one that models use.

use crate::dtype::Element;
use crate::tensor::Tensor;

impl<T: Element> From<T> for Tensor {
    fn from(value: T) -> Tensor {
        Tensor::scalar(value)
    }
}

impl<T: Element, const N: usize> From<[T; N]> for Tensor {
    fn from(row: [T; N]) -> Tensor {
        Tensor::from_vec(row.to_vec(), [N])
    }
}

impl<T: Element, const N: usize, const M: usize> From<[[T; M]; N]> for Tensor {
    fn from(rows: [[T; M]; N]) -> Tensor {
        Tensor::from_vec(rows.as_flattened().to_vec(), [N, M])
    }
}

impl<T: Element, const N: usize, const M: usize, const K: usize> From<[[[T; K]; M]; N]> for Tensor {
    fn from(planes: [[[T; K]; M]; N]) -> Tensor {
        Tensor::from_vec(planes.as_flattened().as_flattened().to_vec(), [N, M, K])
    }
}

impl<T: Element, const N: usize, const M: usize, const K: usize, const L: usize> From<[[[[T; L]; K]; M]; N]>
    for Tensor
{
    fn from(blocks: [[[[T; L]; K]; M]; N]) -> Tensor {
        Tensor::from_vec(blocks.as_flattened().as_flattened().as_flattened().to_vec(), [N, M, K, L])
    }
}

/// A tensor of nested literals: numbers with a point are `F32`, whole numbers `I64`, as in PyTorch; a type after a
/// semicolon says otherwise.
///
/// ```
/// use minitensor::{DType, tensor};
///
/// assert_eq!(tensor![[1.0, 2.0], [3.0, 4.0]].dtype(), DType::F32);
/// assert_eq!(tensor![0, 1, 1].dtype(), DType::I64);
/// assert_eq!(tensor![0, 1, 1; u8].dtype(), DType::U8);
/// assert_eq!(tensor![0.1; f64].item(), 0.1);
/// ```
#[macro_export]
macro_rules! tensor {
    ($($item:expr),+ $(,)?) => { $crate::Tensor::from_literals([$($item),+]) };
    ($($item:expr),+ ; $number:ty) => { $crate::Tensor::from_literals_as::<$number, _>([$($item),+]) };
}

impl Tensor {
    /// What [`tensor!`] makes of its literals.
    #[doc(hidden)]
    pub fn from_literals<A: Nested>(array: A) -> Tensor {
        Tensor::from_literals_as::<<A::Leaf as Literal>::Element, A>(array)
    }

    /// What [`tensor!`] makes of its literals and a type.
    #[doc(hidden)]
    #[track_caller]
    pub fn from_literals_as<T: Element, A: Nested>(array: A) -> Tensor {
        let (mut sizes, mut leaves) = (Vec::new(), Vec::new());
        A::sizes(&mut sizes);
        array.leaves(&mut leaves);
        Tensor::from_vec(leaves.into_iter().map(Literal::number::<T>).collect(), sizes)
    }
}

/// A number, or arrays of arrays of them.
#[doc(hidden)]
pub trait Nested {
    /// The number.
    type Leaf: Literal;
    /// Adds the sizes of the arrays, from the outside in.
    fn sizes(sizes: &mut Vec<usize>);
    /// Adds the numbers in row-major order.
    fn leaves(self, leaves: &mut Vec<Self::Leaf>);
}

impl<A: Nested, const N: usize> Nested for [A; N] {
    type Leaf = A::Leaf;

    fn sizes(sizes: &mut Vec<usize>) {
        sizes.push(N);
        A::sizes(sizes);
    }

    fn leaves(self, leaves: &mut Vec<A::Leaf>) {
        self.into_iter().for_each(|array| array.leaves(leaves));
    }
}

/// A number as it is written, and the type that tensors hold it in.
#[doc(hidden)]
pub trait Literal: Copy {
    /// The type that is chosen where none is named.
    type Element: Element;
    /// This number in another type.
    fn number<T: Element>(self) -> T;
}

macro_rules! literal {
    ($($written:ty => $held:ty, |$x:ident| $number:expr;)*) => {
        $(
            impl Nested for $written {
                type Leaf = $written;
                fn sizes(_: &mut Vec<usize>) {}
                fn leaves(self, leaves: &mut Vec<$written>) {
                    leaves.push(self);
                }
            }

            impl Literal for $written {
                type Element = $held;
                #[track_caller]
                fn number<T: Element>(self) -> T {
                    let $x = self;
                    num_traits::cast($number).unwrap_or_else(|| panic!("tensor!: {self} is no {}", T::DTYPE))
                }
            }
        )*
    };
}

literal! {
    f64 => f32, |x| x;
    f32 => f32, |x| x;
    i32 => i64, |x| x;
    i64 => i64, |x| x;
    usize => i64, |x| x;
    u8 => u8, |x| x;
    bool => u8, |x| u8::from(x);
}
