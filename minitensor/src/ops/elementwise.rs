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

    /// The square root of each element; NaN below 0.
    #[track_caller]
    pub fn sqrt(&self) -> Tensor {
        let y = self.unary_float("sqrt", UnaryOp::Sqrt);
        let saved = y.detach();
        y.record("sqrt", [edge(self, move |grad| grad.div(&saved.mul_scalar(2.0)))]) // d√x/dx = 1 / 2√x
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

    /// max(x, 0) of each element; its gradient at 0 is 0, and NaN stays NaN.
    pub fn relu(&self) -> Tensor {
        let y = self.unary(UnaryOp::Relu);
        let saved = y.detach();
        y.record("relu", [edge(self, move |grad| grad.relu_grad(&saved))])
    }

    /// x where x > 0, else `slope` · x (Maas et al., 2013; PyTorch's default slope is 0.01).
    #[track_caller]
    pub fn leaky_relu(&self, slope: f64) -> Tensor {
        let positive = self.gt_scalar(0.0);
        positive.where_(self, &self.mul_scalar(slope))
    }

    /// x · σ(x), also known as swish, of each element (Ramachandran et al., 2017).
    #[track_caller]
    pub fn silu(&self) -> Tensor {
        self.mul(&self.sigmoid())
    }

    /// x · Φ(x) of each element, where Φ is the normal distribution's cumulative function (Hendrycks and Gimpel, 2016).
    #[track_caller]
    pub fn gelu(&self) -> Tensor {
        let phi = self.mul_scalar(std::f64::consts::FRAC_1_SQRT_2).erf().add_scalar(1.0).mul_scalar(0.5);
        self.mul(&phi)
    }

    /// [`Tensor::gelu`] by its approximation with tanh, as GPT-2 uses it.
    #[track_caller]
    pub fn gelu_tanh(&self) -> Tensor {
        let c = (2.0 / std::f64::consts::PI).sqrt();
        let inner = self.add(&self.powf(3.0).mul_scalar(0.044715)).mul_scalar(c);
        self.mul(&inner.tanh().add_scalar(1.0)).mul_scalar(0.5)
    }

    /// ln(1 + e^x) of each element: a smooth relu.
    #[track_caller]
    pub fn softplus(&self) -> Tensor {
        let x = self.detach();
        let y = self.unary_float("softplus", UnaryOp::Softplus);
        y.record("softplus", [edge(self, move |grad| grad.mul(&x.sigmoid()))])
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

    /// Each element kept between `low` and `high`; its gradient is 0 outside and at the bounds.
    #[track_caller]
    pub fn clamp(&self, low: f64, high: f64) -> Tensor {
        assert!(low <= high, "clamp: the lower bound {low} is not below the upper bound {high}");
        let inside = self.detach();
        self.unary(UnaryOp::Clamp(low, high)).record(
            "clamp",
            [edge(self, move |grad| {
                let inside = inside.gt_scalar(low).mul(&inside.lt_scalar(high));
                inside.where_(grad, &grad.zeros_like())
            })],
        )
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
