//! A function of each element, or of each pair.

use crate::dtype::Element;
use crate::shape::Layout;

use super::super::kernels::{BinaryOp, CompareOp, UnaryOp};
use super::activation;
use super::buffer::Buffer;
use super::map::{map, map_plain, zip, zip_plain};
use super::math::Smooth;

/// A function of each floating-point element.
pub(crate) fn unary_float<T: Smooth>(op: UnaryOp, x: &[T], layout: &Layout) -> Buffer<T> {
    let (zero, one) = (T::zero(), T::one());
    match op {
        UnaryOp::Neg => map(x, layout, |v| -v),
        UnaryOp::Exp => map(
            x,
            layout,
            #[inline(always)]
            |v| v.fast_exp(),
        ),
        UnaryOp::Sqrt => map(x, layout, |v| v.sqrt()),
        UnaryOp::Recip => map(x, layout, |v| one / v),
        UnaryOp::Square => map(x, layout, |v| v * v),
        UnaryOp::Tanh => map(
            x,
            layout,
            #[inline(always)]
            |v| v.fast_tanh(),
        ),
        UnaryOp::Sigmoid => map(
            x,
            layout,
            #[inline(always)]
            |v| v.fast_sigmoid(),
        ),
        UnaryOp::Relu => map(x, layout, |v| if v < zero { zero } else { v }),
        UnaryOp::Erf => map(
            x,
            layout,
            #[inline(always)]
            |v| v.fast_erf(),
        ),
        UnaryOp::AddScalar(s) => map(x, layout, |v| v + T::from_f64(s)),
        UnaryOp::MulScalar(s) => map(x, layout, |v| v * T::from_f64(s)),
        UnaryOp::Activation(activation) => activation::value(activation, x, layout),
        rarer => map_plain(x, layout, |v| rarer_float(rarer, v)),
    }
}

/// The functions that are called through the standard library, or seldom.
fn rarer_float<T: Smooth>(op: UnaryOp, v: T) -> T {
    let c = T::from_f64;
    let zero = T::zero();
    match op {
        UnaryOp::Abs => v.abs(),
        UnaryOp::Sign if v > zero => T::one(),
        UnaryOp::Sign if v < zero => -T::one(),
        UnaryOp::Sign => zero,
        UnaryOp::Expm1 => v.exp_m1(),
        UnaryOp::Ln => v.ln(),
        UnaryOp::Log1p => v.ln_1p(),
        UnaryOp::Log2 => v.log2(),
        UnaryOp::Log10 => v.log10(),
        UnaryOp::Sin => v.sin(),
        UnaryOp::Cos => v.cos(),
        UnaryOp::Tan => v.tan(),
        UnaryOp::Floor => v.floor(),
        UnaryOp::Ceil => v.ceil(),
        UnaryOp::Round => c(v.to_f64().round_ties_even()),
        UnaryOp::Trunc => v.trunc(),
        UnaryOp::Softplus => v.max(zero) + (-v.abs()).exp().ln_1p(),
        UnaryOp::PowScalar(s) if s.fract() == 0.0 && s.abs() <= 64.0 => v.powi(s as i32),
        UnaryOp::PowScalar(s) => v.powf(c(s)),
        UnaryOp::Clamp(low, _) if v < c(low) => c(low),
        UnaryOp::Clamp(_, high) if v > c(high) => c(high),
        UnaryOp::Clamp(..) => v,
        other => unreachable!("{other:?} has a loop of its own"),
    }
}

/// A function of each integer; those that leave the integers were turned away by the op.
pub(crate) fn unary_integer<T: Element>(op: UnaryOp, x: &[T], layout: &Layout) -> Buffer<T> {
    let zero = T::zero();
    map_plain(x, layout, |v| match op {
        UnaryOp::Neg => zero - v,
        UnaryOp::Abs if v < zero => zero - v,
        UnaryOp::Abs => v,
        UnaryOp::Sign => T::from_f64(v.to_f64().partial_cmp(&0.0).map_or(0, |o| o as i8).into()),
        UnaryOp::Square => v * v,
        UnaryOp::Relu if v < zero => zero,
        UnaryOp::Relu => v,
        UnaryOp::Floor | UnaryOp::Ceil | UnaryOp::Round | UnaryOp::Trunc => v,
        UnaryOp::AddScalar(s) => T::from_f64(v.to_f64() + s),
        UnaryOp::MulScalar(s) => T::from_f64(v.to_f64() * s),
        UnaryOp::PowScalar(s) => T::from_f64(v.to_f64().powf(s)),
        UnaryOp::Clamp(low, high) => T::from_f64(v.to_f64().max(low).min(high)),
        other => unreachable!("an op let {other:?} of {} through", T::DTYPE),
    })
}

/// A function of each pair.
pub(crate) fn binary<T: Element>(op: BinaryOp, x: &[T], xl: &Layout, y: &[T], yl: &Layout) -> Buffer<T> {
    let zero = T::zero();
    match op {
        BinaryOp::Add => zip(x, xl, y, yl, |a, b| a + b),
        BinaryOp::Sub => zip(x, xl, y, yl, |a, b| a - b),
        BinaryOp::Mul => zip(x, xl, y, yl, |a, b| a * b),
        BinaryOp::Div => zip(x, xl, y, yl, |a, b| a / b),
        BinaryOp::ReluGrad => zip(x, xl, y, yl, |g, y| if y <= zero { zero } else { g }),
        BinaryOp::ActivationGrad(activation) => {
            unreachable!("an op let {activation:?} of {} through", T::DTYPE)
        }
        rarer => zip_plain(x, xl, y, yl, |a, b| match rarer {
            BinaryOp::Pow => T::from_f64(a.to_f64().powf(b.to_f64())),
            BinaryOp::Atan2 => T::from_f64(a.to_f64().atan2(b.to_f64())),
            BinaryOp::Remainder => remainder(a, b),
            BinaryOp::Maximum if a > b || a.is_nan() => a,
            BinaryOp::Minimum if a < b || a.is_nan() => a,
            _ => b,
        }),
    }
}

/// What is left of `a` after whole times `b`, with the sign of `b`.
fn remainder<T: Element>(a: T, b: T) -> T {
    let (rest, zero) = (a % b, T::zero());
    if rest != zero && (rest < zero) != (b < zero) { rest + b } else { rest }
}

/// A question about each pair.
pub(crate) fn compare<T: Element>(op: CompareOp, x: &[T], xl: &Layout, y: &[T], yl: &Layout) -> Buffer<u8> {
    zip_plain(x, xl, y, yl, |a, b| {
        u8::from(match op {
            CompareOp::Eq => a == b,
            CompareOp::Ne => a != b,
            CompareOp::Lt => a < b,
            CompareOp::Le => a <= b,
            CompareOp::Gt => a > b,
            CompareOp::Ge => a >= b,
        })
    })
}
