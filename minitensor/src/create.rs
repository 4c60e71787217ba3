//! Tensors out of nothing: filled with one number, counted up, or drawn at random.
//!
//! What is not said otherwise holds `F32`; the twin with `_of` takes the type: `Tensor::zeros_of::<i64>([3])`. All are made
//! on [`Device::current`]: the CPU, unless [`Device::scope`] says otherwise.

use std::ops::Range;

use rand::{Rng, RngExt};

use crate::device::{CpuStorage, Device, Storage};
use crate::dtype::{DType, Element, Float};
use crate::error::{Error, OrPanic};
use crate::shape::{Layout, Shape};
use crate::tensor::Tensor;

/// From given numbers.
impl Tensor {
    /// A tensor of these elements in row-major order.
    ///
    /// # Panics
    /// If the number of elements is not the product of the shape.
    #[track_caller]
    pub fn from_vec<T: Element>(elements: Vec<T>, shape: impl Into<Shape>) -> Tensor {
        let shape = shape.into();
        if elements.len() != shape.numel() {
            let message = format!(
                "shape {shape:?} holds {} elements, but {} were given",
                shape.numel(),
                elements.len()
            );
            Err(Error::shape("from_vec", message)).or_panic()
        }
        let storage = Storage::from_host(CpuStorage::from_vec(elements), Device::current());
        let storage = storage.unwrap_or_else(|error| std::panic::panic_any(error));
        Tensor::new(storage, Layout::contiguous(shape))
    }

    /// A tensor of a copy of these elements; see [`Tensor::from_vec`].
    #[track_caller]
    pub fn from_slice<T: Element>(elements: &[T], shape: impl Into<Shape>) -> Tensor {
        Tensor::from_vec(elements.to_vec(), shape)
    }

    /// An index (n) for an op on tensors of a device.
    pub(crate) fn index_on(device: Device, places: Vec<i64>) -> Tensor {
        let n = places.len();
        device.scope(|| Tensor::from_vec(places, [n]))
    }

    /// A single number, of shape `[]`.
    pub fn scalar<T: Element>(value: T) -> Tensor {
        Tensor::from_vec(vec![value], [])
    }
}

/// Filled with one number.
impl Tensor {
    /// The same value everywhere, in `F32`.
    pub fn full(shape: impl Into<Shape>, value: f64) -> Tensor {
        Tensor::full_on(shape, value, DType::F32, Device::current())
    }

    /// The same value everywhere, in the type of the value.
    pub fn full_of<T: Element>(shape: impl Into<Shape>, value: T) -> Tensor {
        let shape = shape.into();
        Tensor::from_vec(vec![value; shape.numel()], shape)
    }

    /// The same value everywhere, of any dtype on any device.
    pub fn full_on(shape: impl Into<Shape>, value: f64, dtype: DType, device: Device) -> Tensor {
        let shape = shape.into();
        let storage = Storage::full(shape.numel(), value, dtype, device);
        let storage = storage.unwrap_or_else(|error| std::panic::panic_any(error));
        Tensor::new(storage, Layout::contiguous(shape))
    }

    /// Numbers that will be overwritten, every one.
    pub(crate) fn stale_on(shape: &Shape, dtype: DType, device: Device) -> Tensor {
        let storage = Storage::stale(shape.numel(), dtype, device);
        let storage = storage.unwrap_or_else(|error| std::panic::panic_any(error));
        Tensor::new(storage, Layout::contiguous(shape.clone()))
    }

    /// The same value everywhere, in the shape, dtype and device of this tensor.
    pub fn full_like(&self, value: f64) -> Tensor {
        Tensor::full_on(self.shape(), value, self.dtype(), self.device())
    }

    /// Zeros, in `F32`.
    pub fn zeros(shape: impl Into<Shape>) -> Tensor {
        Tensor::full(shape, 0.0)
    }

    /// Zeros of a given type.
    pub fn zeros_of<T: Element>(shape: impl Into<Shape>) -> Tensor {
        Tensor::full_on(shape, 0.0, T::DTYPE, Device::current())
    }

    /// Zeros in the shape, dtype and device of this tensor.
    pub fn zeros_like(&self) -> Tensor {
        self.full_like(0.0)
    }

    /// Ones, in `F32`.
    pub fn ones(shape: impl Into<Shape>) -> Tensor {
        Tensor::full(shape, 1.0)
    }

    /// Ones of a given type.
    pub fn ones_of<T: Element>(shape: impl Into<Shape>) -> Tensor {
        Tensor::full_on(shape, 1.0, T::DTYPE, Device::current())
    }

    /// Ones in the shape, dtype and device of this tensor.
    pub fn ones_like(&self) -> Tensor {
        self.full_like(1.0)
    }

    /// The n × n identity matrix, in `F32`.
    pub fn eye(n: usize) -> Tensor {
        Tensor::eye_of::<f32>(n)
    }

    /// The n × n identity matrix of a given type.
    pub fn eye_of<T: Element>(n: usize) -> Tensor {
        let element = |i| if i % (n + 1) == 0 { T::one() } else { T::zero() };
        Tensor::from_vec((0..n * n).map(element).collect(), [n, n])
    }
}

/// Counted up.
impl Tensor {
    /// The integers 0, 1, …, n − 1.
    pub fn arange(n: usize) -> Tensor {
        let storage = Storage::count_up(n, Device::current());
        let storage = storage.unwrap_or_else(|error| std::panic::panic_any(error));
        Tensor::new(storage, Layout::contiguous([n]))
    }

    /// The numbers start, start + step, … below `end` (above it, if the step is negative), in the type of these.
    ///
    /// ```
    /// # use minitensor::Tensor;
    /// assert_eq!(Tensor::arange_step(1i64, 10, 3).to_vec::<i64>(), [1, 4, 7]);
    /// assert_eq!(Tensor::arange_step(1.0f32, 0.0, -0.25).to_vec::<f32>(), [1.0, 0.75, 0.5, 0.25]);
    /// ```
    ///
    /// # Panics
    /// If the step is 0 or leads away from the end.
    #[track_caller]
    pub fn arange_step<T: Element>(start: T, end: T, step: T) -> Tensor {
        let (from, to, by) = (start.to_f64(), end.to_f64(), step.to_f64());
        let n = ((to - from) / by).ceil();
        assert!(by != 0.0 && n >= 0.0, "arange_step: steps of {by} do not lead from {from} to {to}");
        Tensor::from_vec((0..n as usize).map(|i| T::from_f64(from + by * i as f64)).collect(), [n as usize])
    }

    /// `n` evenly spaced numbers from `start` to `end`, both included, in `F32`.
    pub fn linspace(start: f64, end: f64, n: usize) -> Tensor {
        Tensor::linspace_of::<f32>(start, end, n)
    }

    /// `n` evenly spaced numbers of a given type.
    pub fn linspace_of<T: Float>(start: f64, end: f64, n: usize) -> Tensor {
        let step = if n > 1 { (end - start) / (n - 1) as f64 } else { 0.0 };
        // the second half is counted from the end, so that the end is met exactly
        let number = |i: usize| match i < n / 2 {
            true => start + step * i as f64,
            false if n > 1 => end - step * (n - 1 - i) as f64,
            false => start,
        };
        Tensor::from_vec((0..n).map(|i| <T as Element>::from_f64(number(i))).collect(), [n])
    }
}

/// Drawn at random.
impl Tensor {
    /// Numbers drawn evenly from [0, 1), in `F32`.
    pub fn rand(shape: impl Into<Shape>, rng: &mut impl Rng) -> Tensor {
        let shape = shape.into();
        Tensor::from_vec((0..shape.numel()).map(|_| rng.random::<f32>()).collect(), shape)
    }

    /// Numbers drawn evenly from [0, 1), in `F64`.
    pub fn rand_f64(shape: impl Into<Shape>, rng: &mut impl Rng) -> Tensor {
        let shape = shape.into();
        Tensor::from_vec((0..shape.numel()).map(|_| rng.random::<f64>()).collect(), shape)
    }

    /// Numbers drawn from the normal distribution of mean 0 and deviation 1, in `F32`.
    pub fn randn(shape: impl Into<Shape>, rng: &mut impl Rng) -> Tensor {
        Tensor::randn_of::<f32>(shape, rng)
    }

    /// Numbers of a given type drawn from the normal distribution of mean 0 and deviation 1.
    pub fn randn_of<T: Float>(shape: impl Into<Shape>, rng: &mut impl Rng) -> Tensor {
        let shape = shape.into();
        let mut elements = Vec::with_capacity(shape.numel() + 1);
        while elements.len() < shape.numel() {
            elements.extend(normal_pair(rng).map(<T as Element>::from_f64));
        }
        elements.truncate(shape.numel());
        Tensor::from_vec(elements, shape)
    }

    /// Integers (`I64`) drawn evenly from a range.
    ///
    /// # Panics
    /// If the range is empty.
    #[track_caller]
    pub fn randint(range: Range<i64>, shape: impl Into<Shape>, rng: &mut impl Rng) -> Tensor {
        assert!(!range.is_empty(), "randint: there is no number in {range:?}");
        let shape = shape.into();
        Tensor::from_vec((0..shape.numel()).map(|_| rng.random_range(range.clone())).collect(), shape)
    }

    /// The integers 0, 1, …, n − 1 in an order drawn at random (Fisher and Yates, 1938).
    pub fn randperm(n: usize, rng: &mut impl Rng) -> Tensor {
        let mut order: Vec<i64> = (0..n as i64).collect();
        (1..n).rev().for_each(|i| order.swap(i, rng.random_range(0..=i)));
        Tensor::from_vec(order, [n])
    }

    /// For each of these probabilities, 1 so often and 0 else, in their dtype.
    ///
    /// # Panics
    /// If one is not between 0 and 1.
    #[track_caller]
    pub fn bernoulli(&self, rng: &mut impl Rng) -> Tensor {
        self.needs_float("bernoulli").or_panic();
        let mut draw = |p: f64| {
            assert!((0.0..=1.0).contains(&p), "bernoulli: {p} is not a probability, between 0 and 1");
            if rng.random::<f64>() < p { 1.0 } else { 0.0 }
        };
        let drawn: Vec<f64> = self.to_dtype(DType::F64).to_vec::<f64>().into_iter().map(&mut draw).collect();
        Tensor::from_vec(drawn, self.shape()).to_dtype(self.dtype())
    }
}

/// Two numbers from the normal distribution of mean 0 and deviation 1, made of two uniform ones (Box and Muller, 1958).
pub(crate) fn normal_pair(rng: &mut impl Rng) -> [f64; 2] {
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    let angle = std::f64::consts::TAU * rng.random::<f64>();
    [radius * angle.cos(), radius * angle.sin()]
}
