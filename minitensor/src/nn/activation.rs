//! Activations as layers, so that they can stand in a [`Sequential`](super::Sequential).

use crate::tensor::Tensor;

use super::module::{Module, Visitor};

macro_rules! activation {
    ($(#[$doc:meta])* $name:ident, |$x:ident| $body:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default)]
        pub struct $name;

        impl Module for $name {
            fn forward(&self, $x: &Tensor) -> Tensor {
                $body
            }
        }
    };
}

activation!(
    /// max(x, 0); see [`Tensor::relu`].
    Relu, |x| x.relu()
);
activation!(
    /// 1 / (1 + e^−x); see [`Tensor::sigmoid`].
    Sigmoid, |x| x.sigmoid()
);
activation!(
    /// The hyperbolic tangent; see [`Tensor::tanh`].
    Tanh, |x| x.tanh()
);
activation!(
    /// x · Φ(x); see [`Tensor::gelu`].
    Gelu, |x| x.gelu()
);
activation!(
    /// x · σ(x); see [`Tensor::silu`].
    Silu, |x| x.silu()
);
activation!(
    /// ln(1 + e^x); see [`Tensor::softplus`].
    Softplus, |x| x.softplus()
);
activation!(
    /// x · Φ(x), approximated with tanh as GPT-2 does; see [`Tensor::gelu_tanh`].
    GeluTanh, |x| x.gelu_tanh()
);
activation!(
    /// x · tanh(softplus(x)); see [`Tensor::mish`].
    Mish, |x| x.mish()
);
activation!(
    /// The self-normalising elu; see [`Tensor::selu`].
    Selu, |x| x.selu()
);
activation!(
    /// x kept between 0 and 6; see [`Tensor::relu6`].
    Relu6, |x| x.relu6()
);
activation!(
    /// A sigmoid of straight lines; see [`Tensor::hardsigmoid`].
    Hardsigmoid, |x| x.hardsigmoid()
);
activation!(
    /// A silu of straight lines; see [`Tensor::hardswish`].
    Hardswish, |x| x.hardswish()
);
activation!(
    /// ln σ(x); see [`Tensor::logsigmoid`].
    LogSigmoid, |x| x.logsigmoid()
);
activation!(
    /// x / (1 + |x|); see [`Tensor::softsign`].
    Softsign, |x| x.softsign()
);
activation!(
    /// The input as it is: the shortcut that needs no projection.
    Identity, |x| x.clone()
);

macro_rules! activation_with {
    ($(#[$doc:meta])* $name:ident { $($(#[$note:meta])* $field:ident: $type:ty = $default:expr),+ }, |$x:ident, $own:ident| $body:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name {
            $($(#[$note])* pub $field: $type,)+
        }

        impl Default for $name {
            fn default() -> $name {
                $name { $($field: $default),+ }
            }
        }

        impl Module for $name {
            fn forward(&self, $x: &Tensor) -> Tensor {
                let $own = self;
                $body
            }
        }
    };
}

activation_with!(
    /// x where x > 0, else `slope` · x; see [`Tensor::leaky_relu`].
    LeakyRelu {
        /// The slope below 0.
        slope: f64 = 0.01
    },
    |x, own| x.leaky_relu(own.slope)
);
activation_with!(
    /// x where x > 0, else `alpha` · (e^x − 1); see [`Tensor::elu`].
    Elu {
        /// What it comes near to far below 0, with the other sign.
        alpha: f64 = 1.0
    },
    |x, own| x.elu(own.alpha)
);
activation_with!(
    /// x where x > 0, else `alpha` · (e^(x / alpha) − 1); see [`Tensor::celu`].
    Celu {
        /// What it comes near to far below 0, with the other sign.
        alpha: f64 = 1.0
    },
    |x, own| x.celu(own.alpha)
);
activation_with!(
    /// x kept between two bounds; see [`Tensor::hardtanh`].
    Hardtanh {
        /// The smallest answer.
        low: f64 = -1.0,
        /// The largest answer.
        high: f64 = 1.0
    },
    |x, own| x.hardtanh(own.low, own.high)
);
activation_with!(
    /// Probabilities along a dimension; see [`Tensor::softmax`].
    Softmax {
        /// The dimension of the classes.
        dim: isize = -1
    },
    |x, own| x.softmax(own.dim)
);
activation_with!(
    /// Logarithms of probabilities along a dimension; see [`Tensor::log_softmax`].
    LogSoftmax {
        /// The dimension of the classes.
        dim: isize = -1
    },
    |x, own| x.log_softmax(own.dim)
);

/// x where x > 0, else `weight` · x, with a slope that is learned (He et al., 2015); see [`Tensor::prelu`].
///
/// # Shapes
/// x (N, C, …) → the same; weight (C) or (1)
pub struct PRelu {
    /// The slopes below 0: one for each channel, or one for all.
    pub weight: Tensor,
}

impl PRelu {
    /// One slope for all, which starts at 0.25.
    pub fn new() -> PRelu {
        PRelu::of_channels(1)
    }

    /// A slope for each of this many channels: PyTorch's `num_parameters`.
    pub fn of_channels(channels: usize) -> PRelu {
        PRelu { weight: Tensor::full([channels], 0.25).requires_grad_() }
    }
}

impl Default for PRelu {
    fn default() -> PRelu {
        PRelu::new()
    }
}

impl Module for PRelu {
    fn forward(&self, x: &Tensor) -> Tensor {
        x.prelu(&self.weight)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.parameter("weight", &self.weight);
    }
}
