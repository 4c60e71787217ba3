//! Activations and their slopes, one formula each.

use std::f64::consts::{FRAC_2_PI, PI};

use crate::device::Activation;
use crate::shape::Layout;

use super::buffer::Buffer;
use super::map::{map, zip};
use super::math::Smooth;

/// [`map`] or [`zip`] with a closure inlined into its loop: only what is inlined there uses the loop's wide registers.
macro_rules! inline {
    ($walk:ident($($grid:expr),+), |$($x:ident),+| $body:expr) => {
        $walk(
            $($grid,)+
            #[inline(always)]
            move |$($x),+| $body,
        )
    };
}

/// The value of an activation at each element.
pub(super) fn value<T: Smooth>(activation: Activation, x: &[T], layout: &Layout) -> Buffer<T> {
    let c = T::from_f64;
    let (zero, one, half) = (T::zero(), T::one(), c(0.5));
    match activation {
        Activation::LeakyRelu(slope) => {
            let slope = c(slope);
            inline!(map(x, layout), |x| if x > zero { x } else { x * slope })
        }
        Activation::Elu { alpha, scale, input_scale } => {
            let (below, above, input_scale) = (c(alpha * scale), c(scale), c(input_scale));
            inline!(map(x, layout), |x| if x < zero {
                (x * input_scale).fast_exp_m1() * below
            } else {
                x * above
            })
        }
        Activation::Silu => inline!(map(x, layout), |x| x * x.fast_sigmoid()),
        Activation::Gelu => inline!(map(x, layout), |x| x * x.fast_normal_cdf()),
        Activation::GeluTanh => inline!(map(x, layout), |x| x * half * (one + gelu_inner(x).fast_tanh())),
        Activation::Mish => inline!(map(x, layout), |x| x * tanh_of_softplus(x)),
        Activation::Hardswish => {
            let (three, sixth) = (c(3.0), c(1.0 / 6.0));
            inline!(map(x, layout), |x| x * between(x + three, zero, c(6.0)) * sixth)
        }
        Activation::LogSigmoid => {
            inline!(map(x, layout), |x| (if x > zero { zero } else { x }) - (-x.abs()).exp().ln_1p())
        }
    }
}

/// A gradient times the slope of an activation at each element.
pub(super) fn grad<T: Smooth>(
    activation: Activation,
    g: &[T],
    gl: &Layout,
    x: &[T],
    xl: &Layout,
) -> Buffer<T> {
    let c = T::from_f64;
    let (zero, one, half) = (T::zero(), T::one(), c(0.5));
    match activation {
        Activation::LeakyRelu(slope) => {
            let slope = c(slope);
            inline!(zip(g, gl, x, xl), |g, x| if x > zero { g } else { g * slope })
        }
        Activation::Elu { alpha, scale, input_scale } => {
            let (below, above, input_scale) = (c(alpha * scale * input_scale), c(scale), c(input_scale));
            inline!(zip(g, gl, x, xl), |g, x| g * if x <= zero {
                (x * input_scale).fast_exp() * below
            } else {
                above
            })
        }
        // σ (1 + x (1 − σ))
        Activation::Silu => {
            inline!(zip(g, gl, x, xl), |g, x| {
                let s = x.fast_sigmoid();
                g * s * (one + x * (one - s))
            })
        }
        // Φ(x) + x φ(x), with the density φ(x) = e^(−x²/2) / √2π
        Activation::Gelu => {
            let density = c(1.0 / (2.0 * PI).sqrt());
            inline!(zip(g, gl, x, xl), |g, x| {
                g * (x.fast_normal_cdf() + x * density * (-half * x * x).fast_exp_of_negative())
            })
        }
        // with t = tanh(inner): (1 + t) / 2 + x (1 − t²) · inner′ / 2
        Activation::GeluTanh => {
            let (k, cubic) = (c(FRAC_2_PI.sqrt()), c(3.0 * 0.044715));
            inline!(zip(g, gl, x, xl), |g, x| {
                let t = gelu_inner(x).fast_tanh();
                g * half * ((one + t) + x * (one - t * t) * k * (one + cubic * x * x))
            })
        }
        // with t = tanh(softplus(x)): t + x (1 − t²) σ(x)
        Activation::Mish => {
            inline!(zip(g, gl, x, xl), |g, x| {
                let t = tanh_of_softplus(x);
                g * (t + x * (one - t * t) * x.fast_sigmoid())
            })
        }
        Activation::Hardswish => {
            let (three, third) = (c(3.0), c(1.0 / 3.0));
            inline!(zip(g, gl, x, xl), |g, x| {
                let bend = g * (x * third + half);
                if x <= -three {
                    zero
                } else if x < three {
                    bend
                } else {
                    g
                }
            })
        }
        Activation::LogSigmoid => inline!(zip(g, gl, x, xl), |g, x| g * (-x).fast_sigmoid()),
    }
}

/// √(2/π) (x + 0.044715 x³)
#[inline(always)]
fn gelu_inner<T: Smooth>(x: T) -> T {
    T::from_f64(FRAC_2_PI.sqrt()) * (x + T::from_f64(0.044715) * x * x * x)
}

/// tanh(ln(1 + e^x)) = n / (n + 2) with n = e^x (e^x + 2); from 20 on it is 1.
#[inline(always)]
fn tanh_of_softplus<T: Smooth>(x: T) -> T {
    let (two, cap) = (T::from_f64(2.0), T::from_f64(20.0));
    let e = (if x > cap { cap } else { x }).fast_exp();
    let n = e * (e + two);
    n / (n + two)
}

/// x kept between two bounds; NaN stays NaN.
#[inline(always)]
fn between<T: Smooth>(x: T, low: T, high: T) -> T {
    let x = if x < low { low } else { x };
    if x > high { high } else { x }
}
