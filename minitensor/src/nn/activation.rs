//! Activations as layers, so that they can stand in a [`Sequential`](super::Sequential).

use crate::tensor::Tensor;

use super::module::Module;

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
    /// The input as it is: the shortcut that needs no projection.
    Identity, |x| x.clone()
);

/// x where x > 0, else `slope` · x; see [`Tensor::leaky_relu`].
#[derive(Debug, Clone, Copy)]
pub struct LeakyRelu {
    /// The slope below 0.
    pub slope: f64,
}

impl Default for LeakyRelu {
    fn default() -> LeakyRelu {
        LeakyRelu { slope: 0.01 }
    }
}

impl Module for LeakyRelu {
    fn forward(&self, x: &Tensor) -> Tensor {
        x.leaky_relu(self.slope)
    }
}
