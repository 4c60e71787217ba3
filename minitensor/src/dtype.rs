//! The four kinds of number a tensor can hold.

use std::fmt;

/// The kind of number in a tensor, known at run time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DType {
    /// 32-bit floating point: what models compute in.
    F32,
    /// 64-bit floating point: what gradients are checked in.
    F64,
    /// 64-bit signed integers: labels, tokens and indices.
    I64,
    /// Bytes: pixels, and the masks that comparisons give (0 or 1).
    U8,
}

impl DType {
    /// The bytes one element takes.
    pub fn size_in_bytes(self) -> usize {
        match self {
            DType::F32 => 4,
            DType::F64 | DType::I64 => 8,
            DType::U8 => 1,
        }
    }

    /// The step from 1 to the next larger number of this type: `finfo(dtype).eps`.
    pub fn epsilon(self) -> f64 {
        match self {
            DType::F32 => f64::from(f32::EPSILON),
            DType::F64 => f64::EPSILON,
            DType::I64 | DType::U8 => 1.0,
        }
    }

    /// Whether it is a floating-point type: only these can carry a gradient.
    pub fn is_float(self) -> bool {
        matches!(self, DType::F32 | DType::F64)
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DType::F32 => "f32",
            DType::F64 => "f64",
            DType::I64 => "i64",
            DType::U8 => "u8",
        })
    }
}

/// A Rust number that a tensor can hold: `f32`, `f64`, `i64` or `u8`.
pub trait Element:
    num_traits::NumAssign + num_traits::NumCast + PartialOrd + Copy + Default + fmt::Debug + Send + Sync + 'static
{
    /// The run-time name of this type.
    const DTYPE: DType;
    /// Below every other value: where a search for the maximum starts.
    const LOWEST: Self;
    /// Above every other value: where a search for the minimum starts.
    const HIGHEST: Self;

    /// The nearest value of this type; integers drop the fraction.
    fn from_f64(value: f64) -> Self;

    /// This value as an `f64`.
    fn to_f64(self) -> f64;

    /// Whether this is a NaN; never so for integers.
    fn is_nan(self) -> bool {
        false
    }
}

/// An element with a fractional part: `f32` or `f64`.
pub trait Float: Element + num_traits::Float {}

macro_rules! element {
    ($rust:ty, $dtype:ident, $lowest:expr, $highest:expr $(, $is_nan:item)?) => {
        impl Element for $rust {
            const DTYPE: DType = DType::$dtype;
            const LOWEST: Self = $lowest;
            const HIGHEST: Self = $highest;

            #[inline(always)]
            fn from_f64(value: f64) -> Self {
                value as $rust
            }

            #[inline(always)]
            fn to_f64(self) -> f64 {
                self as f64
            }

            $($is_nan)?
        }
    };
}

element!(
    f32,
    F32,
    f32::NEG_INFINITY,
    f32::INFINITY,
    #[inline(always)]
    fn is_nan(self) -> bool {
        f32::is_nan(self)
    }
);
element!(
    f64,
    F64,
    f64::NEG_INFINITY,
    f64::INFINITY,
    #[inline(always)]
    fn is_nan(self) -> bool {
        f64::is_nan(self)
    }
);
element!(i64, I64, i64::MIN, i64::MAX);
element!(u8, U8, u8::MIN, u8::MAX);

impl Float for f32 {}
impl Float for f64 {}
