//! Functions of one number, applied to each element.

use crate::autograd::edge;
use crate::device::{Kernels, UnaryOp};
use crate::error::OrPanic;
use crate::shape::Layout;
use crate::tensor::Tensor;

impl Tensor {
    // ANCHOR: exp
    /// e^x of each element.
    #[track_caller]
    pub fn exp(&self) -> Tensor {
        let y = self.unary_float("exp", UnaryOp::Exp);
        let saved = y.detach();
        y.record("exp", [edge(self, move |grad| grad.mul(&saved))]) // d(e^x)/dx = e^x
    }
    // ANCHOR_END: exp

    /// The natural logarithm of each element; -inf at 0, NaN below.
    #[track_caller]
    pub fn ln(&self) -> Tensor {
        let x = self.detach();
        self.unary_float("ln", UnaryOp::Ln).record("ln", [edge(self, move |grad| grad.div(&x))])
    }

    /// e^x − 1 of each element, exact also where x is small.
    #[track_caller]
    pub fn expm1(&self) -> Tensor {
        let y = self.unary_float("expm1", UnaryOp::Expm1);
        let saved = y.detach();
        y.record("expm1", [edge(self, move |grad| grad.mul(&saved.add_scalar(1.0)))])
    }

    /// ln(1 + x) of each element, exact also where x is small.
    #[track_caller]
    pub fn log1p(&self) -> Tensor {
        let x = self.detach();
        let y = self.unary_float("log1p", UnaryOp::Log1p);
        y.record("log1p", [edge(self, move |grad| grad.div(&x.add_scalar(1.0)))])
    }

    /// The logarithm to base 2 of each element.
    #[track_caller]
    pub fn log2(&self) -> Tensor {
        let x = self.detach();
        let y = self.unary_float("log2", UnaryOp::Log2);
        // d log₂(x)/dx = 1 / (x ln 2)
        y.record("log2", [edge(self, move |grad| grad.div(&x.mul_scalar(std::f64::consts::LN_2)))])
    }

    /// The logarithm to base 10 of each element.
    #[track_caller]
    pub fn log10(&self) -> Tensor {
        let x = self.detach();
        let y = self.unary_float("log10", UnaryOp::Log10);
        y.record("log10", [edge(self, move |grad| grad.div(&x.mul_scalar(std::f64::consts::LN_10)))])
    }

    /// The square root of each element; NaN below 0.
    #[track_caller]
    pub fn sqrt(&self) -> Tensor {
        let y = self.unary_float("sqrt", UnaryOp::Sqrt);
        let saved = y.detach();
        y.record("sqrt", [edge(self, move |grad| grad.div(&saved.mul_scalar(2.0)))]) // d√x/dx = 1 / 2√x
    }

    /// 1 / √x of each element.
    #[track_caller]
    pub fn rsqrt(&self) -> Tensor {
        self.sqrt().recip()
    }

    /// 1 / x of each element.
    #[track_caller]
    pub fn recip(&self) -> Tensor {
        let y = self.unary_float("recip", UnaryOp::Recip);
        let saved = y.detach();
        y.record("recip", [edge(self, move |grad| grad.mul(&saved.square()).neg())]) // d(1/x)/dx = −1/x²
    }

    /// x² of each element.
    pub fn square(&self) -> Tensor {
        let x = self.detach();
        self.unary(UnaryOp::Square).record("square", [edge(self, move |grad| grad.mul(&x.mul_scalar(2.0)))])
    }

    /// x^exponent of each element.
    #[track_caller]
    pub fn powf(&self, exponent: f64) -> Tensor {
        let x = self.detach();
        let y = self.unary_float("powf", UnaryOp::PowScalar(exponent));
        // d(xᵖ)/dx = p · xᵖ⁻¹, and 0 where p = 0, also at x = 0
        y.record(
            "powf",
            [edge(self, move |grad| match exponent {
                0.0 => grad.mul_scalar(0.0),
                p => grad.mul(&x.powf(p - 1.0).mul_scalar(p)),
            })],
        )
    }

    /// The sine of each element, in radians.
    #[track_caller]
    pub fn sin(&self) -> Tensor {
        let x = self.detach();
        self.unary_float("sin", UnaryOp::Sin).record("sin", [edge(self, move |grad| grad.mul(&x.cos()))])
    }

    /// The cosine of each element, in radians.
    #[track_caller]
    pub fn cos(&self) -> Tensor {
        let x = self.detach();
        self.unary_float("cos", UnaryOp::Cos)
            .record("cos", [edge(self, move |grad| grad.mul(&x.sin()).neg())])
    }

    /// The tangent of each element, in radians.
    #[track_caller]
    pub fn tan(&self) -> Tensor {
        let y = self.unary_float("tan", UnaryOp::Tan);
        let saved = y.detach();
        // d tan(x)/dx = 1 + tan²(x)
        y.record("tan", [edge(self, move |grad| grad.mul(&saved.square().add_scalar(1.0)))])
    }

    /// The hyperbolic tangent of each element.
    #[track_caller]
    pub fn tanh(&self) -> Tensor {
        let y = self.unary_float("tanh", UnaryOp::Tanh);
        let saved = y.detach();
        // d tanh(x)/dx = 1 − tanh²(x)
        y.record("tanh", [edge(self, move |grad| grad.mul(&saved.square().neg().add_scalar(1.0)))])
    }

    /// The logistic sigmoid, 1 / (1 + e^−x), of each element.
    #[track_caller]
    pub fn sigmoid(&self) -> Tensor {
        let y = self.unary_float("sigmoid", UnaryOp::Sigmoid);
        let saved = y.detach();
        // dσ(x)/dx = σ(x) · (1 − σ(x))
        y.record("sigmoid", [edge(self, move |grad| grad.mul(&saved).mul(&saved.neg().add_scalar(1.0)))])
    }

    /// The error function, 2/√π ∫₀ˣ e^−t² dt, of each element.
    #[track_caller]
    pub fn erf(&self) -> Tensor {
        let x = self.detach();
        let y = self.unary_float("erf", UnaryOp::Erf);
        let slope = move |grad: &Tensor| {
            grad.mul(&x.square().neg().exp().mul_scalar(std::f64::consts::FRAC_2_SQRT_PI))
        };
        y.record("erf", [edge(self, slope)])
    }

    /// |x| of each element; its gradient at 0 is 0.
    pub fn abs(&self) -> Tensor {
        let x = self.detach();
        self.unary(UnaryOp::Abs).record("abs", [edge(self, move |grad| grad.mul(&x.sign()))])
    }

    /// −1, 0 or 1 by the sign of each element; its gradient is 0 everywhere.
    pub fn sign(&self) -> Tensor {
        self.unary(UnaryOp::Sign).record("sign", [edge(self, |grad| grad.mul_scalar(0.0))])
    }

    /// −x of each element.
    pub fn neg(&self) -> Tensor {
        self.unary(UnaryOp::Neg).record("neg", [edge(self, |grad| grad.neg())])
    }

    /// The largest integer not above each element; like all rounding, its gradient is 0.
    pub fn floor(&self) -> Tensor {
        self.rounded("floor", UnaryOp::Floor)
    }

    /// The smallest integer not below each element.
    pub fn ceil(&self) -> Tensor {
        self.rounded("ceil", UnaryOp::Ceil)
    }

    /// The integer nearest to each element; halves go to the even one, so that they do not all go up.
    pub fn round(&self) -> Tensor {
        self.rounded("round", UnaryOp::Round)
    }

    /// Each element without its fraction.
    pub fn trunc(&self) -> Tensor {
        self.rounded("trunc", UnaryOp::Trunc)
    }

    /// The fraction of each element, with its sign.
    #[track_caller]
    pub fn frac(&self) -> Tensor {
        self.sub(&self.trunc())
    }

    fn rounded(&self, name: &'static str, op: UnaryOp) -> Tensor {
        self.unary(op).record(name, [edge(self, |grad| grad.mul_scalar(0.0))])
    }

    /// Each element kept between `low` and `high`; its gradient is 0 outside and at the bounds.
    #[track_caller]
    pub fn clamp(&self, low: f64, high: f64) -> Tensor {
        assert!(low <= high, "clamp: the lower bound {low} is not below the upper bound {high}");
        let x = self.detach();
        let inside = move |grad: &Tensor| {
            let inside = x.gt_scalar(low).mul(&x.lt_scalar(high));
            inside.where_(grad, &grad.zeros_like())
        };
        self.unary(UnaryOp::Clamp(low, high)).record("clamp", [edge(self, inside)])
    }

    /// Each element, or `low` if that is larger; see [`Tensor::clamp`].
    pub fn clamp_min(&self, low: f64) -> Tensor {
        let x = self.detach();
        let above = move |grad: &Tensor| x.gt_scalar(low).where_(grad, &grad.zeros_like());
        self.unary(UnaryOp::Clamp(low, f64::INFINITY)).record("clamp_min", [edge(self, above)])
    }

    /// Each element, or `high` if that is smaller; see [`Tensor::clamp`].
    pub fn clamp_max(&self, high: f64) -> Tensor {
        let x = self.detach();
        let below = move |grad: &Tensor| x.lt_scalar(high).where_(grad, &grad.zeros_like());
        self.unary(UnaryOp::Clamp(f64::NEG_INFINITY, high)).record("clamp_max", [edge(self, below)])
    }

    /// x + c of each element.
    pub fn add_scalar(&self, c: f64) -> Tensor {
        self.unary(UnaryOp::AddScalar(c)).record("add_scalar", [edge(self, |grad| grad.clone())])
    }

    /// x · c of each element.
    pub fn mul_scalar(&self, c: f64) -> Tensor {
        self.unary(UnaryOp::MulScalar(c)).record("mul_scalar", [edge(self, move |grad| grad.mul_scalar(c))])
    }

    /// The result of an elementwise function, not yet in the graph.
    pub(crate) fn unary(&self, op: UnaryOp) -> Tensor {
        Tensor::new(self.storage().unary(op, self.layout()), Layout::contiguous(self.shape()))
    }

    /// The same, for functions that leave the integers.
    #[track_caller]
    pub(crate) fn unary_float(&self, name: &'static str, op: UnaryOp) -> Tensor {
        self.needs_float(name).or_panic();
        self.unary(op)
    }
}
