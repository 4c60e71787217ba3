//! Vectors of a number, as wide as the machine has them, for the kernels that are written with explicit vectors.
//!
//! `pulp::Simd` has one set of methods for each number type; [`Lanes`] gives the few that we need the same name for
//! `f32` and `f64`, so that a kernel is written once.

use std::cell::RefCell;

use pulp::Simd;

use crate::dtype::Float;

use super::buffer::Buffer;

/// A number that fills vectors.
pub(crate) trait Lanes: Float {
    /// As many numbers as one register of the instruction set `S` holds.
    type Vector<S: Simd>: Copy;

    /// How many numbers a vector holds.
    fn count<S: Simd>() -> usize {
        size_of::<Self::Vector<S>>() / size_of::<Self>()
    }

    /// A vector filled with `x`.
    fn splat<S: Simd>(simd: S, x: Self) -> Self::Vector<S>;

    /// `a * b + c`, in one rounding where the machine can.
    fn fused<S: Simd>(simd: S, a: Self::Vector<S>, b: Self::Vector<S>, c: Self::Vector<S>)
    -> Self::Vector<S>;

    /// The sum of a vector's numbers.
    fn sum_lanes<S: Simd>(simd: S, v: Self::Vector<S>) -> Self;

    /// The numbers as vectors, without those at the end that fill none.
    fn vectors<S: Simd>(numbers: &[Self]) -> &[Self::Vector<S>];

    /// The same, to be changed.
    fn vectors_mut<S: Simd>(numbers: &mut [Self]) -> &mut [Self::Vector<S>];

    /// Runs `work` on a buffer of at least `len` numbers that this thread keeps between calls.
    /// What the buffer holds at first is left over from earlier calls.
    fn with_scratch<R>(len: usize, work: impl FnOnce(&mut [Self]) -> R) -> R;
}

macro_rules! lanes {
    ($number:ty, $vector:ident, $splat:ident, $mul_add:ident, $sum:ident, $as:ident, $as_mut:ident) => {
        impl Lanes for $number {
            type Vector<S: Simd> = S::$vector;

            #[inline(always)]
            fn splat<S: Simd>(simd: S, x: Self) -> S::$vector {
                simd.$splat(x)
            }

            #[inline(always)]
            fn fused<S: Simd>(simd: S, a: S::$vector, b: S::$vector, c: S::$vector) -> S::$vector {
                simd.$mul_add(a, b, c)
            }

            #[inline(always)]
            fn sum_lanes<S: Simd>(simd: S, v: S::$vector) -> Self {
                simd.$sum(v)
            }

            #[inline(always)]
            fn vectors<S: Simd>(numbers: &[Self]) -> &[S::$vector] {
                S::$as(numbers).0
            }

            #[inline(always)]
            fn vectors_mut<S: Simd>(numbers: &mut [Self]) -> &mut [S::$vector] {
                S::$as_mut(numbers).0
            }

            fn with_scratch<R>(len: usize, work: impl FnOnce(&mut [Self]) -> R) -> R {
                thread_local!(static KEPT: RefCell<Vec<Buffer<$number>>> = const { RefCell::new(Vec::new()) });
                // Taken out while in use, so that a nested call takes the next one.
                let mut buffer = KEPT.with_borrow_mut(Vec::pop).unwrap_or_default();
                if buffer.len() < len {
                    buffer = Buffer::zeros(len);
                }
                let result = work(&mut buffer[..len]);
                KEPT.with_borrow_mut(|kept| kept.push(buffer));
                result
            }
        }
    };
}

lanes!(f32, f32s, splat_f32s, mul_add_e_f32s, reduce_sum_f32s, as_simd_f32s, as_mut_simd_f32s);
lanes!(f64, f64s, splat_f64s, mul_add_e_f64s, reduce_sum_f64s, as_simd_f64s, as_mut_simd_f64s);
