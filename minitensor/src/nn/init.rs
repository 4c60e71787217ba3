//! First values of weights, drawn so that signals neither die nor explode on their way through many layers.
//!
//! Each function makes a fresh `F32` tensor. Zeros, ones and constants are [`Tensor::zeros`], [`Tensor::ones`] and
//! [`Tensor::full`].

use rand::{Rng, RngExt};

use crate::shape::Shape;
use crate::tensor::Tensor;

/// Drawn evenly from [−bound, bound).
pub fn uniform(shape: impl Into<Shape>, bound: f64, rng: &mut impl Rng) -> Tensor {
    uniform_between(shape, -bound, bound, rng)
}

/// Drawn evenly from low to high.
pub fn uniform_between(shape: impl Into<Shape>, low: f64, high: f64, rng: &mut impl Rng) -> Tensor {
    let (shape, width, middle) = (shape.into(), (high - low) as f32, ((low + high) / 2.0) as f32);
    let mut draw = || (rng.random::<f32>() - 0.5) * width + middle;
    Tensor::from_vec((0..shape.numel()).map(|_| draw()).collect(), shape)
}

/// Drawn from the normal distribution of mean 0 and this deviation.
pub fn normal(shape: impl Into<Shape>, std: f64, rng: &mut impl Rng) -> Tensor {
    Tensor::randn(shape, rng).mul_scalar(std)
}

/// Drawn from the normal distribution of this mean and deviation, but never outside `low` to `high`.
///
/// # Panics
/// Unless low < high and the deviation is above 0.
#[track_caller]
pub fn trunc_normal(
    shape: impl Into<Shape>,
    mean: f64,
    std: f64,
    [low, high]: [f64; 2],
    rng: &mut impl Rng,
) -> Tensor {
    assert!(low < high && std > 0.0, "trunc_normal: nothing lies from {low} to {high} with deviation {std}");
    let (low, high) = ((low - mean) / std, (high - mean) / std);
    let nearest = 0f64.clamp(low, high); // to the mean, where the density is largest
    // ten deviations farther out there is no chance left
    let (low, high) = (low.max(nearest - 10.0), high.min(nearest + 10.0));
    let mut draw = || loop {
        let z = low + (high - low) * rng.random::<f64>();
        if rng.random::<f64>() < ((nearest * nearest - z * z) / 2.0).exp() {
            return (mean + std * z) as f32;
        }
    };
    let shape = shape.into();
    Tensor::from_vec((0..shape.numel()).map(|_| draw()).collect(), shape)
}

/// What follows a layer, and decides how large its weights should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Nonlinearity {
    /// Nothing, or a convolution.
    Linear,
    /// The logistic sigmoid.
    Sigmoid,
    /// The hyperbolic tangent.
    Tanh,
    /// max(x, 0)
    Relu,
    /// A relu with this slope below 0.
    LeakyRelu(f64),
    /// The self-normalising one.
    Selu,
}

/// By how much a layer's deviation should be larger than without the nonlinearity that follows it.
pub fn calculate_gain(nonlinearity: Nonlinearity) -> f64 {
    match nonlinearity {
        Nonlinearity::Linear | Nonlinearity::Sigmoid => 1.0,
        Nonlinearity::Tanh => 5.0 / 3.0,
        Nonlinearity::Relu => 2f64.sqrt(),
        Nonlinearity::LeakyRelu(slope) => (2.0 / (1.0 + slope * slope)).sqrt(),
        Nonlinearity::Selu => 0.75,
    }
}

/// What is to keep its size from layer to layer: PyTorch's `mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fan {
    /// The activations, by the number of inputs of a unit.
    In,
    /// The gradients, by the number of units that an input goes to: what ResNets use.
    Out,
}

/// Uniform with deviation gain / √fan, which is within ±gain √(3 / fan) (He et al., 2015, "Delving deep into rectifiers").
#[track_caller]
pub fn kaiming_uniform(
    shape: impl Into<Shape>,
    fan: Fan,
    nonlinearity: Nonlinearity,
    rng: &mut impl Rng,
) -> Tensor {
    let shape = shape.into();
    let bound = calculate_gain(nonlinearity) * (3.0 / fan.of(&shape)).sqrt();
    uniform(shape, bound, rng)
}

/// Normal with deviation gain / √fan (He et al., 2015).
#[track_caller]
pub fn kaiming_normal(
    shape: impl Into<Shape>,
    fan: Fan,
    nonlinearity: Nonlinearity,
    rng: &mut impl Rng,
) -> Tensor {
    let shape = shape.into();
    let std = calculate_gain(nonlinearity) / fan.of(&shape).sqrt();
    normal(shape, std, rng)
}

/// Uniform within ±gain √(6 / (fan_in + fan_out)): between keeping activations and keeping gradients (Glorot and Bengio,
/// 2010, equation 16).
#[track_caller]
pub fn xavier_uniform(shape: impl Into<Shape>, gain: f64, rng: &mut impl Rng) -> Tensor {
    let shape = shape.into();
    let bound = gain * (6.0 / (Fan::In.of(&shape) + Fan::Out.of(&shape))).sqrt();
    uniform(shape, bound, rng)
}

/// Normal with deviation gain √(2 / (fan_in + fan_out)) (Glorot and Bengio, 2010).
#[track_caller]
pub fn xavier_normal(shape: impl Into<Shape>, gain: f64, rng: &mut impl Rng) -> Tensor {
    let shape = shape.into();
    let std = gain * (2.0 / (Fan::In.of(&shape) + Fan::Out.of(&shape))).sqrt();
    normal(shape, std, rng)
}

/// Rows, or where there are more rows than columns the columns, of length `gain` at right angles to each other: a
/// product of many such matrices neither shrinks nor grows a vector (Saxe, McClelland and Ganguli, 2014). A weight of more
/// dimensions is seen as (out, the rest).
///
/// # Panics
/// If the shape has fewer than two dimensions.
#[track_caller]
pub fn orthogonal(shape: impl Into<Shape>, gain: f64, rng: &mut impl Rng) -> Tensor {
    let shape = shape.into();
    assert!(shape.len() >= 2, "orthogonal: shape {shape:?} is no matrix; it needs two dimensions or more");
    let (rows, columns) = (shape[0], shape[1..].iter().product::<usize>());
    let (count, length) = (rows.min(columns), rows.max(columns));
    let mut vectors: Vec<Vec<f64>> = Vec::with_capacity(count);
    for drawn in Tensor::randn([count, length], rng).to_vec::<f32>().chunks(length.max(1)) {
        let mut vector: Vec<f64> = drawn.iter().map(|x| f64::from(*x)).collect();
        // Gram and Schmidt; the second time takes off what rounding left. All directions are equally likely, since no
        // sign is chosen (Mezzadri, 2007).
        for other in vectors.iter().chain(&vectors) {
            let along = dot(&vector, other);
            vector.iter_mut().zip(other).for_each(|(x, y)| *x -= along * y);
        }
        let size = dot(&vector, &vector).sqrt();
        vector.iter_mut().for_each(|x| *x /= size);
        vectors.push(vector);
    }
    let elements = vectors.iter().flatten().map(|x| (gain * x) as f32).collect();
    let matrix = Tensor::from_vec(elements, [count, length]);
    let matrix = if rows > columns { matrix.t() } else { matrix };
    matrix.reshape(shape).contiguous()
}

/// 1 where output channel i meets input channel i at the centre of the kernel, else 0: a convolution that changes nothing.
///
/// # Panics
/// If the shape is not (out, in, …) with at least one size of a kernel.
#[track_caller]
pub fn dirac(shape: impl Into<Shape>) -> Tensor {
    let shape = shape.into();
    assert!(shape.len() >= 3, "dirac: shape {shape:?} is no convolution's weight; it needs (out, in, …)");
    let strides = shape.strides();
    let centre: usize = shape.iter().zip(&strides).skip(2).map(|(size, stride)| size / 2 * stride).sum();
    let mut elements = vec![0f32; shape.numel()];
    for channel in 0..shape[0].min(shape[1]) {
        elements[channel * (strides[0] + strides[1]) + centre] = 1.0;
    }
    Tensor::from_vec(elements, shape)
}

impl Fan {
    /// How many numbers a unit sums, or in how many sums each input takes part: (out, in, …) gives in·… and out·….
    #[track_caller]
    fn of(self, shape: &Shape) -> f64 {
        assert!(
            shape.len() >= 2,
            "init: a weight of shape {shape:?} has no inputs and outputs; it needs (out, in, …)"
        );
        let receptive: usize = shape[2..].iter().product();
        let channels = if self == Fan::In { shape[1] } else { shape[0] };
        (channels * receptive) as f64
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
