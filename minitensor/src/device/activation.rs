//! The activations that are computed in one pass, and their slopes in another.

/// A smooth or bent function between layers, with the slope that its gradient needs.
///
/// `UnaryOp::Activation` computes its value, `BinaryOp::ActivationGrad` its slope times a gradient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Activation {
    /// x above 0, else x · slope
    LeakyRelu(f64),
    /// scale · x above 0, else scale · alpha · (e^(x · input_scale) − 1): ELU, CELU and SELU
    Elu {
        /// How far it falls below 0.
        alpha: f64,
        /// A factor of the whole.
        scale: f64,
        /// A factor of x in the exponent.
        input_scale: f64,
    },
    /// x · σ(x)
    Silu,
    /// x · Φ(x), with Φ the normal distribution's cumulative function
    Gelu,
    /// x · Φ(x) with Φ approximated by tanh
    GeluTanh,
    /// x · tanh(ln(1 + e^x))
    Mish,
    /// x · min(max(x + 3, 0), 6) / 6
    Hardswish,
    /// ln σ(x)
    LogSigmoid,
}
