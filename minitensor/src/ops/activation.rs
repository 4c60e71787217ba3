//! Activations: what bends between two linear layers.
//!
//! Those that models use most are one pass forward and one back; their `_plain` twins say the same out of smaller ops.

use crate::autograd::edge;
use crate::device::{Activation, BinaryOp, UnaryOp};
use crate::tensor::Tensor;

impl Tensor {
    /// max(x, 0) of each element; its gradient at 0 is 0, and NaN stays NaN.
    pub fn relu(&self) -> Tensor {
        let y = self.unary(UnaryOp::Relu);
        let saved = y.detach();
        y.record("relu", [edge(self, move |grad| grad.relu_grad(&saved))])
    }

    /// x where x > 0, else `slope` · x (Maas et al., 2013; PyTorch's default slope is 0.01).
    #[track_caller]
    pub fn leaky_relu(&self, slope: f64) -> Tensor {
        self.activate("leaky_relu", Activation::LeakyRelu(slope))
    }

    /// [`Tensor::leaky_relu`] out of smaller ops.
    pub fn leaky_relu_plain(&self, slope: f64) -> Tensor {
        self.gt_scalar(0.0).where_(self, &self.mul_scalar(slope))
    }

    /// x where x > 0, else `weight` · x with a slope that is learned (He et al., 2015).
    ///
    /// # Shapes
    /// x (N, C, …), weight (C) or (1)
    #[track_caller]
    pub fn prelu(&self, weight: &Tensor) -> Tensor {
        let mut shape = vec![1; self.rank()];
        if weight.numel() != 1 {
            shape[self.dim("prelu", 1)] = weight.numel();
        }
        self.gt_scalar(0.0).where_(self, &self.mul(&weight.reshape(shape)))
    }

    /// x where x > 0, else `alpha` · (e^x − 1) (Clevert et al., 2016; PyTorch's default alpha is 1).
    #[track_caller]
    pub fn elu(&self, alpha: f64) -> Tensor {
        self.activate("elu", Activation::Elu { alpha, scale: 1.0, input_scale: 1.0 })
    }

    /// [`Tensor::elu`] out of smaller ops.
    #[track_caller]
    pub fn elu_plain(&self, alpha: f64) -> Tensor {
        // what is above 0 stays out of the exponential, which would overflow there
        let below = self.masked_fill(&self.gt_scalar(0.0), 0.0);
        self.relu().add(&below.expm1().mul_scalar(alpha))
    }

    /// x where x > 0, else `alpha` · (e^(x / alpha) − 1): an elu whose slope has no step (Barron, 2017).
    #[track_caller]
    pub fn celu(&self, alpha: f64) -> Tensor {
        self.activate("celu", Activation::Elu { alpha, scale: 1.0, input_scale: 1.0 / alpha })
    }

    /// An elu scaled so that mean 0 and variance 1 come out as they went in (Klambauer et al., 2017).
    #[track_caller]
    pub fn selu(&self) -> Tensor {
        self.activate("selu", Activation::Elu { alpha: SELU_ALPHA, scale: SELU_SCALE, input_scale: 1.0 })
    }

    // ANCHOR: silu
    /// x · σ(x), also known as swish, of each element (Ramachandran et al., 2017).
    #[track_caller]
    pub fn silu(&self) -> Tensor {
        self.activate("silu", Activation::Silu)
    }

    /// [`Tensor::silu`] out of smaller ops.
    #[track_caller]
    pub fn silu_plain(&self) -> Tensor {
        self.mul(&self.sigmoid())
    }
    // ANCHOR_END: silu

    /// x · Φ(x) of each element, where Φ is the normal distribution's cumulative function (Hendrycks and Gimpel, 2016).
    #[track_caller]
    pub fn gelu(&self) -> Tensor {
        self.activate("gelu", Activation::Gelu)
    }

    /// [`Tensor::gelu`] out of smaller ops.
    #[track_caller]
    pub fn gelu_plain(&self) -> Tensor {
        let phi = self.mul_scalar(std::f64::consts::FRAC_1_SQRT_2).erf().add_scalar(1.0).mul_scalar(0.5);
        self.mul(&phi)
    }

    /// [`Tensor::gelu`] by its approximation with tanh, as GPT-2 uses it.
    #[track_caller]
    pub fn gelu_tanh(&self) -> Tensor {
        self.activate("gelu_tanh", Activation::GeluTanh)
    }

    /// [`Tensor::gelu_tanh`] out of smaller ops.
    #[track_caller]
    pub fn gelu_tanh_plain(&self) -> Tensor {
        let c = (2.0 / std::f64::consts::PI).sqrt();
        let inner = self.add(&self.powf(3.0).mul_scalar(0.044715)).mul_scalar(c);
        self.mul(&inner.tanh().add_scalar(1.0)).mul_scalar(0.5)
    }

    /// x · tanh(softplus(x)) of each element (Misra, 2019).
    #[track_caller]
    pub fn mish(&self) -> Tensor {
        self.activate("mish", Activation::Mish)
    }

    /// [`Tensor::mish`] out of smaller ops.
    #[track_caller]
    pub fn mish_plain(&self) -> Tensor {
        self.mul(&self.softplus().tanh())
    }

    /// ln(1 + e^x) of each element: a smooth relu.
    #[track_caller]
    pub fn softplus(&self) -> Tensor {
        let x = self.detach();
        let y = self.unary_float("softplus", UnaryOp::Softplus);
        y.record("softplus", [edge(self, move |grad| grad.mul(&x.sigmoid()))])
    }

    /// ln σ(x) of each element, exact where σ(x) itself would round to 0.
    #[track_caller]
    pub fn logsigmoid(&self) -> Tensor {
        self.activate("logsigmoid", Activation::LogSigmoid)
    }

    /// [`Tensor::logsigmoid`] out of smaller ops.
    #[track_caller]
    pub fn logsigmoid_plain(&self) -> Tensor {
        self.neg().softplus().neg()
    }

    /// x kept between `low` and `high`: a tanh of straight lines (PyTorch's defaults are −1 and 1).
    #[track_caller]
    pub fn hardtanh(&self, low: f64, high: f64) -> Tensor {
        self.clamp(low, high)
    }

    /// x kept between 0 and 6 (Howard et al., 2017).
    #[track_caller]
    pub fn relu6(&self) -> Tensor {
        self.clamp(0.0, 6.0)
    }

    /// A sigmoid of straight lines: x / 6 + 1/2 kept between 0 and 1.
    #[track_caller]
    pub fn hardsigmoid(&self) -> Tensor {
        self.add_scalar(3.0).clamp(0.0, 6.0).mul_scalar(1.0 / 6.0)
    }

    /// x · [`hardsigmoid`](Tensor::hardsigmoid)(x): a silu of straight lines (Howard et al., 2019).
    #[track_caller]
    pub fn hardswish(&self) -> Tensor {
        self.activate("hardswish", Activation::Hardswish)
    }

    /// [`Tensor::hardswish`] out of smaller ops.
    #[track_caller]
    pub fn hardswish_plain(&self) -> Tensor {
        self.mul(&self.hardsigmoid())
    }

    /// x / (1 + |x|): a tanh whose tails fall slowly.
    #[track_caller]
    pub fn softsign(&self) -> Tensor {
        self.div(&self.abs().add_scalar(1.0))
    }

    // ANCHOR: activate
    #[track_caller]
    fn activate(&self, name: &'static str, activation: Activation) -> Tensor {
        let x = self.detach();
        let y = self.unary_float(name, UnaryOp::Activation(activation));
        let to_x = move |grad: &Tensor| grad.binary_of_one_shape(BinaryOp::ActivationGrad(activation), &x);
        y.record(name, [edge(self, to_x)])
    }
    // ANCHOR_END: activate
}

/// The fixed point of mean 0 and variance 1 (Klambauer et al., 2017, equation 14).
const SELU_ALPHA: f64 = 1.673_263_242_354_377_3;
const SELU_SCALE: f64 = 1.050_700_987_355_480_5;
