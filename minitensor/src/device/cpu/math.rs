//! `exp`, `tanh`, `sigmoid` and `erf`, made for loops.
//!
//! In `f32` each is a polynomial without branches, so that the compiler turns a loop over it into vectors: as wide as
//! the machine has them, where the loop runs under [`vectorised`](super::parallel::vectorised). The results differ from
//! the exact ones by at most two units in the last place. In `f64` the standard library and `libm` do the work.

use super::lanes::Lanes;

/// Functions that a loop can be vectorised over.
pub(crate) trait Smooth: Lanes {
    /// `e^x`.
    fn fast_exp(self) -> Self;
    /// `e^x` of no x above 0, which needs less; 0 from where it is no normal number on.
    fn fast_exp_of_negative(self) -> Self;
    /// `e^x - 1`, exact also where x is small.
    fn fast_exp_m1(self) -> Self;
    /// The hyperbolic tangent.
    fn fast_tanh(self) -> Self;
    /// `1 / (1 + e^-x)`; 0 where that is no normal number.
    fn fast_sigmoid(self) -> Self;
    /// The error function, `2 / sqrt(pi)` times the integral of `e^(-t^2)` from 0 to x.
    fn fast_erf(self) -> Self;
    /// The share of the standard normal distribution that lies below x, to 3e-7.
    fn fast_normal_cdf(self) -> Self;
}

/// `a + b x + c x^2 + ..` by Horner's rule, written out: of a loop the compiler does not always make vectors.
macro_rules! polynomial {
    ($x:ident, $last:expr) => { $last };
    ($x:ident, $first:expr, $($rest:expr),+ $(,)?) => { fused(polynomial!($x, $($rest),+), $x, $first) };
}

impl Smooth for f32 {
    // ANCHOR: fast_exp
    /// `e^x = 2^n e^r` with `n` the integer nearest to `x / ln 2`, so that `|r| <= ln 2 / 2`.
    #[inline(always)]
    fn fast_exp(self) -> f32 {
        // A comparison with NaN is false, so NaN passes through.
        let x = if self < -105.0 { -105.0 } else { self };
        let x = if x > 90.0 { 90.0 } else { x };
        let (n, r) = power_and_rest(x);
        let e_r = fused(exp_tail(r), r * r, r) + 1.0;
        // 2^n as a product of two, so that neither overflows where the result does not, and tiny results round once.
        let half = n >> 1;
        e_r * power_of_two(half) * power_of_two(n.wrapping_sub(half))
    }
    // ANCHOR_END: fast_exp

    #[inline(always)]
    fn fast_exp_of_negative(self) -> f32 {
        let (n, r) = power_and_rest(self);
        let e_r = fused(exp_tail(r), r * r, r) + 1.0;
        // A comparison with NaN is false, so NaN passes through.
        select(self < -87.0, 0.0, e_r * power_of_two(n))
    }

    #[inline(always)]
    fn fast_exp_m1(self) -> f32 {
        // Near zero, x + x^2 times the polynomial of the exponential, from which nothing was rounded away.
        let x = self;
        let near = fused(exp_tail(x), x * x, x);
        select(x.abs() < 0.34, near, x.fast_exp() - 1.0)
    }

    #[inline(always)]
    fn fast_tanh(self) -> f32 {
        let x = self.abs();
        // Near zero, (tanh x / x - 1) / x^2 as a polynomial in x^2; further out, from the exponential.
        let z = x * x;
        let near = polynomial!(z, -0.333_332_84, 0.133_315_15, -0.053_745_143, 0.020_655_218, -0.005_721_63);
        let near = fused(near * z, x, x);
        let e = (-2.0 * x).fast_exp_of_negative();
        let far = 1.0 - 2.0 * e / (1.0 + e);
        select(x < 0.625, near, far).copysign(self)
    }

    #[inline(always)]
    fn fast_sigmoid(self) -> f32 {
        let e = (-self.abs()).fast_exp_of_negative();
        let positive = 1.0 / (1.0 + e);
        if self < 0.0 { e * positive } else { positive }
    }

    #[inline(always)]
    fn fast_erf(self) -> f32 {
        let x = self.abs();
        // Near zero, erf x / x - 1 as a polynomial in x^2, fitted over |x| < 0.9 to 3e-10.
        let z = x * x;
        let near = polynomial!(
            z,
            0.128_379_17,
            -0.376_126_35,
            0.112_837_16,
            -0.026_860_502,
            0.005_203_773_3,
            -8.173_957_5e-4,
            8.503_206e-5
        );
        let near = fused(near, x, x);
        // Further out 1 - e^-q, with q(x) = -ln(1 - erf x) fitted over 0.87 to 4; from there on erf rounds to 1.
        let capped = if x > 4.0 { 4.0 } else { x };
        let q = polynomial!(
            capped,
            -1.393_663_9e-4,
            1.129_321_2,
            0.633_803_1,
            0.107_677_75,
            -0.024_632_007,
            0.003_923_658,
            -3.575_706_5e-4,
            7.721_032_5e-6,
            9.964_701e-7
        );
        let far = 1.0 - (-q).fast_exp();
        select(x < 0.9, near, far).copysign(self)
    }

    #[inline(always)]
    fn fast_normal_cdf(self) -> f32 {
        // erf y = y p(y^2) / q(y^2), fitted over |y| < 3.85 to 4e-8; from there on erf rounds to 1.
        let y = self * std::f32::consts::FRAC_1_SQRT_2;
        let y = if y > 3.85 { 3.85 } else { y };
        let y = if y < -3.85 { -3.85 } else { y };
        let z = y * y;
        let p = polynomial!(
            z,
            1.128_378_9,
            0.199_612_14,
            0.050_545_56,
            0.003_710_365_3,
            1.439_069_2e-4,
            -2.006_381_7e-6,
            2.065_103_7e-8
        );
        let q = polynomial!(z, 1.0, 0.510_231_26, 0.114_886_31, 0.014_344_742, 9.643_856e-4);
        let erf = y * p / q;
        let erf = if erf > 1.0 { 1.0 } else { erf };
        let erf = if erf < -1.0 { -1.0 } else { erf };
        fused(erf, 0.5, 0.5)
    }
}

/// Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits.
const ROUND: f32 = 12_582_912.0;
/// ln 2 in two parts; the first has so few bits that n times it is exact (Cody and Waite, 1980).
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;

/// `n` and `r` of `x = n ln 2 + r` with `|r| <= ln 2 / 2`.
#[inline(always)]
fn power_and_rest(x: f32) -> (i32, f32) {
    let shifted = fused(x, std::f32::consts::LOG2_E, ROUND);
    let n = shifted - ROUND;
    let r = fused(-n, LN_2_LOW, fused(-n, LN_2_HIGH, x));
    ((shifted.to_bits() as i32).wrapping_sub(ROUND.to_bits() as i32), r)
}

/// (e^r - 1 - r) / r^2, fitted over |r| <= ln 2 / 2 so that e^r - 1 is right to 1.4e-8 of itself.
#[inline(always)]
fn exp_tail(r: f32) -> f32 {
    polynomial!(r, 0.5, 0.166_665_43, 0.041_666_28, 0.008_366_611, 0.001_394_649_7)
}

impl Smooth for f64 {
    #[inline(always)]
    fn fast_exp(self) -> f64 {
        self.exp()
    }

    #[inline(always)]
    fn fast_exp_of_negative(self) -> f64 {
        self.exp()
    }

    #[inline(always)]
    fn fast_exp_m1(self) -> f64 {
        self.exp_m1()
    }

    #[inline(always)]
    fn fast_tanh(self) -> f64 {
        self.tanh()
    }

    #[inline(always)]
    fn fast_sigmoid(self) -> f64 {
        let e = (-self.abs()).exp();
        if self < 0.0 { e / (1.0 + e) } else { 1.0 / (1.0 + e) }
    }

    #[inline(always)]
    fn fast_erf(self) -> f64 {
        libm::erf(self)
    }

    #[inline(always)]
    fn fast_normal_cdf(self) -> f64 {
        0.5 * (1.0 + libm::erf(self * std::f64::consts::FRAC_1_SQRT_2))
    }
}

/// `a * b + c` in one instruction, wherever [`vectorised`](super::parallel::vectorised) finds vectors to choose from.
/// Processors without any (in PCs, those from before 2013 and the cheapest of some years after) call a slow function
/// instead; a browser would as well.
#[inline(always)]
fn fused(a: f32, b: f32, c: f32) -> f32 {
    if cfg!(target_arch = "wasm32") { a * b + c } else { a.mul_add(b, c) }
}

/// `a` or `b`, both computed: with `if`, the compiler would branch around the longer one and give up vectors.
#[inline(always)]
fn select(condition: bool, a: f32, b: f32) -> f32 {
    let mask = u32::from(condition).wrapping_neg();
    f32::from_bits((a.to_bits() & mask) | (b.to_bits() & !mask))
}

/// `2^n` for -126 <= n <= 127.
#[inline(always)]
fn power_of_two(n: i32) -> f32 {
    f32::from_bits((n.wrapping_add(127) as u32) << 23)
}

#[cfg(test)]
mod tests {
    use super::super::parallel::vectorised;
    use super::*;

    /// Distance in units in the last place of the exact result rounded to f32.
    fn ulps(got: f32, exact: f64) -> f64 {
        let rounded = exact as f32;
        if got.to_bits() == rounded.to_bits() || (got.is_nan() && exact.is_nan()) {
            return 0.0;
        }
        let unit = f64::from(f32::from_bits(rounded.abs().to_bits().min(0x7f7f_fffe) + 1))
            - f64::from(f32::from_bits(rounded.abs().to_bits().min(0x7f7f_fffe)));
        (f64::from(got) - exact).abs() / unit
    }

    fn sweep(low: f32, high: f32) -> Vec<f32> {
        let mut points: Vec<f32> = (0..=1_000_000).map(|i| low + (high - low) * (i as f32 / 1e6)).collect();
        // Every power of two, too, and what is not a number or hardly one.
        for exponent in 1..255u32 {
            points.extend([f32::from_bits(exponent << 23), -f32::from_bits(exponent << 23)]);
        }
        let edges =
            [0.0, -0.0, 1e-45, -1e-45, f32::INFINITY, f32::NEG_INFINITY, f32::NAN, f32::MAX, f32::MIN];
        points.extend(edges);
        points
    }

    fn check(name: &str, points: &[f32], fast: impl Fn(f32) -> f32, exact: impl Fn(f64) -> f64, limit: f64) {
        let mut out = vec![0.0; points.len()];
        vectorised(|| out.iter_mut().zip(points).for_each(|(out, x)| *out = fast(*x)));
        let mut worst = (0.0, 0.0);
        for (x, got) in points.iter().zip(out) {
            let exact = exact(f64::from(*x));
            let error = ulps(got, exact);
            assert!(error <= limit, "{name}({x:e}) = {got:e}, exactly {exact:e}: {error} ulp");
            if error > worst.0 {
                worst = (error, *x);
            }
        }
        println!("{name}: at most {:.2} ulp, at {:e}", worst.0, worst.1);
    }

    #[test]
    fn functions_of_f32_are_right_to_two_units() {
        check("exp", &sweep(-104.0, 89.0), f32::fast_exp, f64::exp, 2.0);
        check("exp", &sweep(-1.0, 1.0), f32::fast_exp, f64::exp, 2.0);
        let flushed = |x: f64| if x < -87.0 { 0.0 } else { x.exp() };
        let below: Vec<f32> = sweep(-200.0, 0.0).into_iter().filter(|x| x.is_nan() || *x <= 0.0).collect();
        check("exp of no x above 0", &below, f32::fast_exp_of_negative, flushed, 2.0);
        check("exp_m1", &sweep(-20.0, 1.0), f32::fast_exp_m1, f64::exp_m1, 4.0);
        check("exp_m1", &sweep(-0.5, 0.5), f32::fast_exp_m1, f64::exp_m1, 4.0);
        check("tanh", &sweep(-10.0, 10.0), f32::fast_tanh, f64::tanh, 2.0);
        check("tanh", &sweep(-0.7, 0.7), f32::fast_tanh, f64::tanh, 2.0);
        let sigmoid = |x: f64| if x < -87.0 { 0.0 } else { 1.0 / (1.0 + (-x).exp()) };
        check("sigmoid", &sweep(-104.0, 30.0), f32::fast_sigmoid, sigmoid, 2.5);
        check("erf", &sweep(-5.0, 5.0), f32::fast_erf, libm::erf, 2.0);
        check("erf", &sweep(-1.01, 1.01), f32::fast_erf, libm::erf, 2.0);
    }

    #[test]
    fn the_normal_distribution_is_right_to_3e_7() {
        let points = sweep(-7.0, 7.0);
        let mut out = vec![0.0; points.len()];
        vectorised(|| out.iter_mut().zip(&points).for_each(|(out, x)| *out = x.fast_normal_cdf()));
        for (x, got) in points.iter().zip(out) {
            let exact = 0.5 * libm::erfc(-f64::from(*x) * std::f64::consts::FRAC_1_SQRT_2);
            let good = (f64::from(got) - exact).abs() < 3e-7 || (got.is_nan() && exact.is_nan());
            assert!(good, "normal_cdf({x:e}) = {got:e}, exactly {exact:e}");
        }
    }
}
