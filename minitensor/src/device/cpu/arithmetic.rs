//! A function of each element, or of each pair.

use crate::dtype::Element;
use crate::shape::Layout;

use super::super::kernels::{BinaryOp, CompareOp, UnaryOp};
use super::math::Smooth;
use super::parallel::{MIN_CHUNK, for_chunks, vectorised};
use super::rows::Rows;

// ANCHOR: map
/// `f(x)` for each element, in row-major order.
pub(crate) fn map<T: Element, U: Element>(x: &[T], layout: &Layout, f: impl Fn(T) -> U + Sync) -> Vec<U> {
    let rows = Rows::new([layout]);
    fill(&rows, layout.numel(), &|out, [a]| match rows.strides {
        [1] => vectorised(|| out.iter_mut().zip(&x[a..]).for_each(|(o, &v)| *o = f(v))),
        [s] => out.iter_mut().enumerate().for_each(|(i, o)| *o = f(x[a + i * s])),
    })
}
// ANCHOR_END: map

/// `f(x, y)` for each pair, in row-major order.
pub(crate) fn zip<T: Element, U: Element>(
    x: &[T],
    x_layout: &Layout,
    y: &[T],
    y_layout: &Layout,
    f: impl Fn(T, T) -> U + Sync,
) -> Vec<U> {
    let rows = Rows::new([x_layout, y_layout]);
    fill(&rows, x_layout.numel(), &|out, [a, b]| match rows.strides {
        [1, 1] => vectorised(|| {
            let pairs = x[a..].iter().zip(&y[b..]);
            out.iter_mut().zip(pairs).for_each(|(o, (&u, &v))| *o = f(u, v));
        }),
        [1, 0] => vectorised(|| out.iter_mut().zip(&x[a..]).for_each(|(o, &u)| *o = f(u, y[b]))),
        [0, 1] => vectorised(|| out.iter_mut().zip(&y[b..]).for_each(|(o, &v)| *o = f(x[a], v))),
        [s, t] => out.iter_mut().enumerate().for_each(|(i, o)| *o = f(x[a + i * s], y[b + i * t])),
    })
}

/// `x` where the mask is not 0, else `y`.
pub(crate) fn where_cond<T: Element>(
    mask: &[u8],
    mask_layout: &Layout,
    x: &[T],
    x_layout: &Layout,
    y: &[T],
    y_layout: &Layout,
) -> Vec<T> {
    let rows = Rows::new([mask_layout, x_layout, y_layout]);
    let [r, s, t] = rows.strides;
    fill(&rows, mask_layout.numel(), &|out, [m, a, b]| {
        for (i, o) in out.iter_mut().enumerate() {
            *o = if mask[m + i * r] != 0 { x[a + i * s] } else { y[b + i * t] };
        }
    })
}

/// A function of each floating-point element.
pub(crate) fn unary_float<T: Smooth>(op: UnaryOp, x: &[T], layout: &Layout) -> Vec<T> {
    let c = T::from_f64;
    let (zero, one) = (T::zero(), T::one());
    match op {
        UnaryOp::Neg => map(x, layout, |v| -v),
        UnaryOp::Abs => map(x, layout, |v| v.abs()),
        UnaryOp::Sign => map(x, layout, |v| {
            if v > zero {
                one
            } else if v < zero {
                -one
            } else {
                zero
            }
        }),
        UnaryOp::Exp => map(x, layout, |v| v.fast_exp()),
        UnaryOp::Ln => map(x, layout, |v| v.ln()),
        UnaryOp::Sqrt => map(x, layout, |v| v.sqrt()),
        UnaryOp::Recip => map(x, layout, |v| one / v),
        UnaryOp::Square => map(x, layout, |v| v * v),
        UnaryOp::Sin => map(x, layout, |v| v.sin()),
        UnaryOp::Cos => map(x, layout, |v| v.cos()),
        UnaryOp::Tanh => map(x, layout, |v| v.fast_tanh()),
        UnaryOp::Sigmoid => map(x, layout, |v| v.fast_sigmoid()),
        UnaryOp::Relu => map(x, layout, |v| if v < zero { zero } else { v }),
        UnaryOp::Erf => map(x, layout, |v| v.fast_erf()),
        UnaryOp::Softplus => map(x, layout, |v| v.max(zero) + (-v.abs()).exp().ln_1p()),
        UnaryOp::AddScalar(s) => map(x, layout, |v| v + c(s)),
        UnaryOp::MulScalar(s) => map(x, layout, |v| v * c(s)),
        UnaryOp::PowScalar(s) if s.fract() == 0.0 && s.abs() <= 64.0 => map(x, layout, |v| v.powi(s as i32)),
        UnaryOp::PowScalar(s) => map(x, layout, |v| v.powf(c(s))),
        UnaryOp::Clamp(low, high) => map(x, layout, |v| {
            if v < c(low) {
                c(low)
            } else if v > c(high) {
                c(high)
            } else {
                v
            }
        }),
    }
}

/// A function of each integer; those that leave the integers were turned away by the op.
pub(crate) fn unary_integer<T: Element>(op: UnaryOp, x: &[T], layout: &Layout) -> Vec<T> {
    let zero = T::zero();
    match op {
        UnaryOp::Neg => map(x, layout, |v| zero - v),
        UnaryOp::Abs => map(x, layout, |v| if v < zero { zero - v } else { v }),
        UnaryOp::Sign => {
            map(x, layout, |v| T::from_f64(v.to_f64().partial_cmp(&0.0).map_or(0, |o| o as i8).into()))
        }
        UnaryOp::Square => map(x, layout, |v| v * v),
        UnaryOp::Relu => map(x, layout, |v| if v < zero { zero } else { v }),
        UnaryOp::AddScalar(s) => map(x, layout, |v| T::from_f64(v.to_f64() + s)),
        UnaryOp::MulScalar(s) => map(x, layout, |v| T::from_f64(v.to_f64() * s)),
        UnaryOp::PowScalar(s) => map(x, layout, |v| T::from_f64(v.to_f64().powf(s))),
        UnaryOp::Clamp(low, high) => map(x, layout, |v| T::from_f64(v.to_f64().max(low).min(high))),
        other => unreachable!("an op let {other:?} of {} through", T::DTYPE),
    }
}

/// A function of each pair.
pub(crate) fn binary<T: Element>(op: BinaryOp, x: &[T], xl: &Layout, y: &[T], yl: &Layout) -> Vec<T> {
    match op {
        BinaryOp::Add => zip(x, xl, y, yl, |a, b| a + b),
        BinaryOp::Sub => zip(x, xl, y, yl, |a, b| a - b),
        BinaryOp::Mul => zip(x, xl, y, yl, |a, b| a * b),
        BinaryOp::Div => zip(x, xl, y, yl, |a, b| a / b),
        BinaryOp::Pow => zip(x, xl, y, yl, |a, b| T::from_f64(a.to_f64().powf(b.to_f64()))),
        BinaryOp::Maximum => zip(x, xl, y, yl, |a, b| if a > b || a.is_nan() { a } else { b }),
        BinaryOp::Minimum => zip(x, xl, y, yl, |a, b| if a < b || a.is_nan() { a } else { b }),
        BinaryOp::ReluGrad => zip(x, xl, y, yl, |g, y| if y <= T::zero() { T::zero() } else { g }),
    }
}

/// A question about each pair.
pub(crate) fn compare<T: Element>(op: CompareOp, x: &[T], xl: &Layout, y: &[T], yl: &Layout) -> Vec<u8> {
    match op {
        CompareOp::Eq => zip(x, xl, y, yl, |a, b| (a == b) as u8),
        CompareOp::Ne => zip(x, xl, y, yl, |a, b| (a != b) as u8),
        CompareOp::Lt => zip(x, xl, y, yl, |a, b| (a < b) as u8),
        CompareOp::Le => zip(x, xl, y, yl, |a, b| (a <= b) as u8),
        CompareOp::Gt => zip(x, xl, y, yl, |a, b| (a > b) as u8),
        CompareOp::Ge => zip(x, xl, y, yl, |a, b| (a >= b) as u8),
    }
}

/// Writes a piece of the result from where it starts in each grid.
type Writer<'a, U, const N: usize> = dyn Fn(&mut [U], [usize; N]) + Sync + 'a;

/// A new buffer, written stretch by stretch on all threads.
///
/// The writer is a `dyn`, so that this walk is compiled once a type and not once an op: a call a row costs little.
fn fill<U: Element, const N: usize>(rows: &Rows<N>, numel: usize, write: &Writer<'_, U, N>) -> Vec<U> {
    let mut out = vec![U::default(); numel];
    for_chunks(&mut out, MIN_CHUNK, |first, chunk| {
        let mut rest = &mut *chunk;
        rows.stretches(first, rest.len(), |starts, n| {
            let (piece, after) = std::mem::take(&mut rest).split_at_mut(n);
            rest = after;
            write(piece, starts);
        });
    });
    out
}
