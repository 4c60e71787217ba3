//! Neurons, layers of neurons, and networks of layers.

use crate::Value;
use num_traits::Float;
use rand::{Rng, RngExt};
use std::fmt;

/// What a neuron does with its weighted sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// Nothing: the sum itself, for the last layer.
    Linear,
    /// max(x, 0)
    Relu,
    /// Squeezes into (-1, 1).
    Tanh,
    /// Squeezes into (0, 1).
    Sigmoid,
}

impl Activation {
    /// The function itself.
    pub fn of<T: Float>(self, x: Value<T>) -> Value<T> {
        match self {
            Self::Linear => x,
            Self::Relu => x.relu(),
            Self::Tanh => x.tanh(),
            Self::Sigmoid => x.sigmoid(),
        }
    }
}

// ANCHOR: neuron
/// A weighted sum of its inputs, bent by an activation: f(w·x + b).
#[derive(Clone)]
pub struct Neuron<T = f64> {
    /// One weight for each input.
    pub weights: Vec<Value<T>>,
    /// What the neuron says to inputs of zero.
    pub bias: Value<T>,
    /// f
    pub activation: Activation,
}

impl<T: Float> Neuron<T> {
    /// A neuron with random weights, as large as PyTorch makes them: uniform within ±1/√inputs. The sum of many
    /// inputs then varies about as much as one of them does.
    pub fn new(inputs: usize, activation: Activation, rng: &mut impl Rng) -> Self {
        let bound = 1.0 / (inputs.max(1) as f64).sqrt();
        let mut random = || Value::new(number(rng.random_range(-bound..bound)));
        Self { weights: (0..inputs).map(|_| random()).collect(), bias: random(), activation }
    }

    /// Runs the neuron on one example.
    #[track_caller]
    pub fn forward(&self, x: &[Value<T>]) -> Value<T> {
        assert_eq!(
            x.len(),
            self.weights.len(),
            "Neuron::forward: as many inputs are needed as there are weights"
        );
        let weighted: Value<T> = self.weights.iter().zip(x).map(|(w, x)| w * x).sum();
        self.activation.of(weighted + &self.bias)
    }

    /// The weights, then the bias.
    pub fn parameters(&self) -> Vec<Value<T>> {
        self.weights.iter().chain([&self.bias]).cloned().collect()
    }
}
// ANCHOR_END: neuron

// ANCHOR: layer
/// Neurons that look at the same inputs, each with weights of its own.
#[derive(Clone)]
pub struct Layer<T = f64> {
    /// The neurons, one for each output.
    pub neurons: Vec<Neuron<T>>,
}

impl<T: Float> Layer<T> {
    /// `outputs` random neurons with `inputs` weights each.
    pub fn new(inputs: usize, outputs: usize, activation: Activation, rng: &mut impl Rng) -> Self {
        Self { neurons: (0..outputs).map(|_| Neuron::new(inputs, activation, rng)).collect() }
    }

    /// What every neuron says to one example.
    #[track_caller]
    pub fn forward(&self, x: &[Value<T>]) -> Vec<Value<T>> {
        self.neurons.iter().map(|neuron| neuron.forward(x)).collect()
    }

    /// The parameters of every neuron in turn.
    pub fn parameters(&self) -> Vec<Value<T>> {
        self.neurons.iter().flat_map(Neuron::parameters).collect()
    }
}
// ANCHOR_END: layer

// ANCHOR: mlp
/// A multi-layer perceptron: each layer's outputs are the next one's inputs.
///
/// ```
/// use micrograd::{Activation, Mlp, Value};
/// use rand::{SeedableRng, rngs::ChaCha8Rng};
///
/// let mut rng = ChaCha8Rng::seed_from_u64(0);
/// let net = Mlp::new(&[3, 4, 2], Activation::Tanh, &mut rng);
/// let y = net.forward(&[1.0, 2.0, 3.0].map(Value::new));
/// assert_eq!(y.len(), 2);
/// assert_eq!(net.parameters().len(), 3 * 4 + 4 * 2 + 4 + 2);
/// ```
#[derive(Clone)]
pub struct Mlp<T = f64> {
    /// From the one next to the inputs to the one that answers.
    pub layers: Vec<Layer<T>>,
}

impl<T: Float> Mlp<T> {
    /// A network of the given widths, inputs first and outputs last. The hidden layers use `activation`; the last
    /// is linear, so that the network can say any number.
    #[track_caller]
    pub fn new(widths: &[usize], activation: Activation, rng: &mut impl Rng) -> Self {
        assert!(
            widths.len() >= 2,
            "Mlp::new: needs the widths of inputs and outputs at least, got {widths:?}"
        );
        let last = widths.len() - 2;
        let activation = |i| if i == last { Activation::Linear } else { activation };
        let layers = widths.windows(2).enumerate().map(|(i, w)| Layer::new(w[0], w[1], activation(i), rng));
        Self { layers: layers.collect() }
    }

    /// What the network says to one example.
    #[track_caller]
    pub fn forward(&self, x: &[Value<T>]) -> Vec<Value<T>> {
        self.layers.iter().fold(x.to_vec(), |x, layer| layer.forward(&x))
    }

    /// The parameters of every layer in turn.
    pub fn parameters(&self) -> Vec<Value<T>> {
        self.layers.iter().flat_map(Layer::parameters).collect()
    }
}
// ANCHOR_END: mlp

impl<T: Float> fmt::Display for Mlp<T> {
    /// Such as `2 → 16 relu → 1 linear`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inputs = |layer: &Layer<T>| layer.neurons.first().map_or(0, |neuron| neuron.weights.len());
        write!(f, "{}", self.layers.first().map_or(0, inputs))?;
        for layer in &self.layers {
            let activation = layer.neurons.first().map_or(Activation::Linear, |neuron| neuron.activation);
            write!(f, " → {} {}", layer.neurons.len(), format!("{activation:?}").to_lowercase())?;
        }
        Ok(())
    }
}

/// A random number as a `T`.
fn number<T: Float>(x: f64) -> T {
    T::from(x).unwrap_or_else(T::nan)
}
