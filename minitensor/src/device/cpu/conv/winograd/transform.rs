//! The transforms of minimal filtering, along one dimension.
//!
//! `M` outputs of a filter of three are as many coefficients of a product of polynomials, and such a product is known from
//! its values at `N = M + 2` points, which are found apart from each other (Winograd, 1980; Lavin and Gray, 2016, "Fast
//! algorithms for convolutional neural networks"): `y = Aᵀ [(G g) ⊙ (Bᵀ d)]`, with matrices that the points decide.

use pulp::Simd;

/// The three matrices, and the transposes that the gradient of the filter needs.
pub(super) trait Minimal<const M: usize, const N: usize> {
    /// `Bᵀ d`, of inputs.
    fn input<S: Simd>(simd: S, d: [S::f32s; N]) -> [S::f32s; N];

    /// `G g`, of a filter.
    fn filter<S: Simd>(simd: S, g: [S::f32s; 3]) -> [S::f32s; N];

    /// `Aᵀ m`, of products: the outputs.
    fn output<S: Simd>(simd: S, m: [S::f32s; N]) -> [S::f32s; M];

    /// `A y`, of the outputs' gradients: those of the products.
    fn output_back<S: Simd>(simd: S, y: [S::f32s; M]) -> [S::f32s; N];

    /// `Gᵀ u`: the gradient of the filter.
    fn filter_back<S: Simd>(simd: S, u: [S::f32s; N]) -> [S::f32s; 3];
}

// ANCHOR: two
/// Two outputs by four products instead of six, at the points 0, 1, −1 and ∞.
pub(super) struct Two;

impl Minimal<2, 4> for Two {
    #[inline(always)]
    fn input<S: Simd>(simd: S, [d0, d1, d2, d3]: [S::f32s; 4]) -> [S::f32s; 4] {
        [simd.sub_f32s(d0, d2), simd.add_f32s(d1, d2), simd.sub_f32s(d2, d1), simd.sub_f32s(d1, d3)]
    }

    #[inline(always)]
    fn filter<S: Simd>(simd: S, [g0, g1, g2]: [S::f32s; 3]) -> [S::f32s; 4] {
        let half = simd.splat_f32s(0.5);
        let (even, odd) = (simd.mul_f32s(half, simd.add_f32s(g0, g2)), simd.mul_f32s(half, g1));
        [g0, simd.add_f32s(even, odd), simd.sub_f32s(even, odd), g2]
    }

    #[inline(always)]
    fn output<S: Simd>(simd: S, [m0, m1, m2, m3]: [S::f32s; 4]) -> [S::f32s; 2] {
        [
            simd.add_f32s(m0, simd.add_f32s(m1, m2)), //
            simd.sub_f32s(simd.sub_f32s(m1, m2), m3),
        ]
    }
    // ANCHOR_END: two

    #[inline(always)]
    fn output_back<S: Simd>(simd: S, [y0, y1]: [S::f32s; 2]) -> [S::f32s; 4] {
        [y0, simd.add_f32s(y0, y1), simd.sub_f32s(y0, y1), simd.neg_f32s(y1)]
    }

    #[inline(always)]
    fn filter_back<S: Simd>(simd: S, [u0, u1, u2, u3]: [S::f32s; 4]) -> [S::f32s; 3] {
        let half = simd.splat_f32s(0.5);
        let (even, odd) = (simd.add_f32s(u1, u2), simd.sub_f32s(u1, u2));
        [simd.mul_add_e_f32s(half, even, u0), simd.mul_f32s(half, odd), simd.mul_add_e_f32s(half, even, u3)]
    }
}

/// Four outputs by six products instead of twelve, at the points 0, ±3/4, ±3/2 and ∞.
///
/// The usual points 0, ±1, ±2 and ∞ give matrices of rounder numbers and four times the error; with these it is about
/// twice that of twelve products (Barabasz et al., 2020, "Error analysis and improving the accuracy of Winograd convolution").
pub(super) struct Four;

/// The points, their powers, and `a² b²` and `a² + b²`.
const A: f32 = 3.0 / 4.0;
const B: f32 = 3.0 / 2.0;
const PRODUCT: f32 = A * A * B * B;
const SUM: f32 = A * A + B * B;

impl Minimal<4, 6> for Four {
    /// ```text
    ///      a²b²    0     −(a² + b²)   0          1   0
    ///      0      ∓ab²   −b²         ±a          1   0
    /// Bᵀ = 0      ∓a²b   −a²         ±b          1   0
    ///      0       a²b²   0          −(a² + b²)  0   1
    /// ```
    #[inline(always)]
    fn input<S: Simd>(simd: S, [d0, d1, d2, d3, d4, d5]: [S::f32s; 6]) -> [S::f32s; 6] {
        let times = |factor, x| times(simd, factor, x);
        let plus = |sum, factor, x| plus(simd, sum, factor, x);
        let (even_a, odd_a) = (plus(d4, -B * B, d2), plus(times(A, d3), -A * B * B, d1));
        let (even_b, odd_b) = (plus(d4, -A * A, d2), plus(times(B, d3), -A * A * B, d1));
        [
            plus(plus(d4, -SUM, d2), PRODUCT, d0),
            simd.add_f32s(even_a, odd_a),
            simd.sub_f32s(even_a, odd_a),
            simd.add_f32s(even_b, odd_b),
            simd.sub_f32s(even_b, odd_b),
            plus(plus(d5, -SUM, d3), PRODUCT, d1),
        ]
    }

    /// The value of `g0 + g1 x + g2 x²` at each point `p`, divided by the product of its distances to the others:
    /// `a²b²` at 0, `2a² (a² − b²)` at ±a, `2b² (b² − a²)` at ±b.
    #[inline(always)]
    fn filter<S: Simd>(simd: S, [g0, g1, g2]: [S::f32s; 3]) -> [S::f32s; 6] {
        let times = |factor, x| times(simd, factor, x);
        let plus = |sum, factor, x| plus(simd, sum, factor, x);
        let (even_a, odd_a) = (plus(times(AT_A, g0), AT_A * A * A, g2), times(AT_A * A, g1));
        let (even_b, odd_b) = (plus(times(AT_B, g0), AT_B * B * B, g2), times(AT_B * B, g1));
        [
            times(1.0 / PRODUCT, g0),
            simd.add_f32s(even_a, odd_a),
            simd.sub_f32s(even_a, odd_a),
            simd.add_f32s(even_b, odd_b),
            simd.sub_f32s(even_b, odd_b),
            g2,
        ]
    }

    /// Output `i` is the sum over the points of `pⁱ m`.
    #[inline(always)]
    fn output<S: Simd>(simd: S, [m0, m1, m2, m3, m4, m5]: [S::f32s; 6]) -> [S::f32s; 4] {
        let times = |factor, x| times(simd, factor, x);
        let plus = |sum, factor, x| plus(simd, sum, factor, x);
        let (even_a, odd_a) = (simd.add_f32s(m1, m2), simd.sub_f32s(m1, m2));
        let (even_b, odd_b) = (simd.add_f32s(m3, m4), simd.sub_f32s(m3, m4));
        [
            simd.add_f32s(m0, simd.add_f32s(even_a, even_b)),
            plus(times(A, odd_a), B, odd_b),
            plus(times(A * A, even_a), B * B, even_b),
            plus(plus(m5, A * A * A, odd_a), B * B * B, odd_b),
        ]
    }

    #[inline(always)]
    fn output_back<S: Simd>(simd: S, [y0, y1, y2, y3]: [S::f32s; 4]) -> [S::f32s; 6] {
        let times = |factor, x| times(simd, factor, x);
        let plus = |sum, factor, x| plus(simd, sum, factor, x);
        let (even_a, odd_a) = (plus(y0, A * A, y2), plus(times(A, y1), A * A * A, y3));
        let (even_b, odd_b) = (plus(y0, B * B, y2), plus(times(B, y1), B * B * B, y3));
        [
            y0,
            simd.add_f32s(even_a, odd_a),
            simd.sub_f32s(even_a, odd_a),
            simd.add_f32s(even_b, odd_b),
            simd.sub_f32s(even_b, odd_b),
            y3,
        ]
    }

    #[inline(always)]
    fn filter_back<S: Simd>(simd: S, [u0, u1, u2, u3, u4, u5]: [S::f32s; 6]) -> [S::f32s; 3] {
        let times = |factor, x| times(simd, factor, x);
        let plus = |sum, factor, x| plus(simd, sum, factor, x);
        let (even_a, odd_a) = (simd.add_f32s(u1, u2), simd.sub_f32s(u1, u2));
        let (even_b, odd_b) = (simd.add_f32s(u3, u4), simd.sub_f32s(u3, u4));
        [
            plus(plus(times(1.0 / PRODUCT, u0), AT_A, even_a), AT_B, even_b),
            plus(times(AT_A * A, odd_a), AT_B * B, odd_b),
            plus(plus(u5, AT_A * A * A, even_a), AT_B * B * B, even_b),
        ]
    }
}

/// What a filter's values at ±a and at ±b are multiplied with.
const AT_A: f32 = 1.0 / (2.0 * A * A * (A * A - B * B));
const AT_B: f32 = 1.0 / (2.0 * B * B * (B * B - A * A));

#[inline(always)]
fn times<S: Simd>(simd: S, factor: f32, x: S::f32s) -> S::f32s {
    simd.mul_f32s(simd.splat_f32s(factor), x)
}

/// `sum + factor * x`
#[inline(always)]
fn plus<S: Simd>(simd: S, sum: S::f32s, factor: f32, x: S::f32s) -> S::f32s {
    simd.mul_add_e_f32s(simd.splat_f32s(factor), x, sum)
}
