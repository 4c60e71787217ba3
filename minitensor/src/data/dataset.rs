//! A data set: so many examples, each had by its number; and how examples become a batch.

use rand::rngs::ChaCha8Rng;

use super::images::Image;
use crate::Tensor;

// ANCHOR: dataset
/// Examples that are had by number.
///
/// An example is a pure function of `index` and of the numbers drawn from `rng`. A loader gives each example of each
/// epoch its own generator, so that augmentation is the same whichever thread does it.
pub trait Dataset: Send + Sync {
    /// One example, such as an image with its class.
    type Item: Collate;

    /// How many examples there are.
    fn len(&self) -> usize;

    /// Example `index`, below [`len`](Dataset::len). A set that draws nothing at random leaves `rng` alone.
    fn get(&self, index: usize, rng: &mut ChaCha8Rng) -> Self::Item;

    /// Whether there is no example at all.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The same examples, each passed through `transform`, which may draw from the example's generator.
    ///
    /// ```
    /// use minitensor::data::{self, Dataset, random_crop};
    ///
    /// let set = data::load("digits", None, 0)?;
    /// let normalize = set.normalize.clone();
    /// let train = set.train.map(move |(image, label), rng| {
    ///     (normalize.apply(&random_crop(&image, 1, rng)), label)
    /// });
    /// assert_eq!(train.len(), 1438); // 80 % of 1,797
    /// # Ok::<(), minitensor::data::DataError>(())
    /// ```
    fn map<T, F>(self, transform: F) -> Map<Self, F>
    where
        Self: Sized,
        T: Collate,
        F: Fn(Self::Item, &mut ChaCha8Rng) -> T + Send + Sync,
    {
        Map { dataset: self, transform }
    }

    /// The same pairs, each target passed through `transform`, as PyTorch's `target_transform`.
    ///
    /// ```
    /// use minitensor::{DType, Tensor};
    /// use minitensor::data::{self, Dataset};
    ///
    /// let one_hot = |label: i64| Tensor::scalar(label).one_hot(10).to_dtype(DType::F32);
    /// let train = data::load("digits", None, 0)?.train.map_target(one_hot);
    /// # assert_eq!(train.len(), 1438);
    /// # Ok::<(), minitensor::data::DataError>(())
    /// ```
    fn map_target<X, Y, T, F>(self, transform: F) -> impl Dataset<Item = (X, T)>
    where
        Self: Sized + Dataset<Item = (X, Y)>,
        X: Collate,
        T: Collate,
        F: Fn(Y) -> T + Send + Sync,
    {
        self.map(move |(x, y), _| (x, transform(y)))
    }
}
// ANCHOR_END: dataset

/// A data set whose examples pass through a function: see [`Dataset::map`].
#[derive(Clone)]
pub struct Map<D, F> {
    dataset: D,
    transform: F,
}

impl<D, T, F> Dataset for Map<D, F>
where
    D: Dataset,
    T: Collate,
    F: Fn(D::Item, &mut ChaCha8Rng) -> T + Send + Sync,
{
    type Item = T;

    fn len(&self) -> usize {
        self.dataset.len()
    }

    fn get(&self, index: usize, rng: &mut ChaCha8Rng) -> T {
        (self.transform)(self.dataset.get(index, rng), rng)
    }
}

/// Pairs of rows: example `i` is row `i` of the inputs and row `i` of the targets.
#[derive(Clone, Debug)]
pub struct TensorDataset {
    inputs: Tensor,
    targets: Tensor,
}

impl TensorDataset {
    /// From inputs of shape (N, ...) and targets of shape (N, ...).
    ///
    /// # Panics
    /// If either has no dimension, or they have not as many rows.
    #[track_caller]
    pub fn new(inputs: Tensor, targets: Tensor) -> TensorDataset {
        let (rows, target_rows) = (inputs.shape().first(), targets.shape().first());
        assert!(
            rows.is_some() && rows == target_rows,
            "TensorDataset: inputs of shape {:?} and targets of shape {:?} have not as many rows",
            inputs.shape(),
            targets.shape()
        );
        TensorDataset { inputs: inputs.detach(), targets: targets.detach() }
    }
}

impl Dataset for TensorDataset {
    type Item = (Tensor, Tensor);

    fn len(&self) -> usize {
        self.inputs.shape()[0]
    }

    fn get(&self, index: usize, _: &mut ChaCha8Rng) -> (Tensor, Tensor) {
        let row = |tensor: &Tensor| tensor.narrow(0, index, 1).squeeze(0);
        (row(&self.inputs), row(&self.targets))
    }
}

/// What can be gathered into a batch, along a new first dimension. PyTorch's `default_collate`.
pub trait Collate: Send + Sized {
    /// Many of these together.
    type Batch: Send;

    /// The batch of `items`, of which there is at least one.
    ///
    /// # Panics
    /// If the items differ in shape.
    fn collate(items: Vec<Self>) -> Self::Batch;
}

/// Tensors of shape S become one of shape (B, S).
impl Collate for Tensor {
    type Batch = Tensor;

    fn collate(items: Vec<Tensor>) -> Tensor {
        Tensor::stack(&items.iter().collect::<Vec<_>>(), 0)
    }
}

/// Classes become an `I64` tensor of shape (B).
impl Collate for i64 {
    type Batch = Tensor;

    fn collate(items: Vec<i64>) -> Tensor {
        let count = items.len();
        Tensor::from_vec(items, [count])
    }
}

/// Numbers become an `F32` tensor of shape (B).
impl Collate for f32 {
    type Batch = Tensor;

    fn collate(items: Vec<f32>) -> Tensor {
        let count = items.len();
        Tensor::from_vec(items, [count])
    }
}

/// Images of bytes become a `U8` tensor of shape (B, C, H, W).
impl Collate for Image {
    type Batch = Tensor;

    fn collate(items: Vec<Image>) -> Tensor {
        let [c, h, w] = items[0].shape;
        let count = items.len();
        let mut pixels = Vec::with_capacity(count * c * h * w);
        for image in &items {
            assert_eq!(image.shape, [c, h, w], "a batch needs images of one shape");
            pixels.extend_from_slice(&image.pixels);
        }
        Tensor::from_vec(pixels, [count, c, h, w])
    }
}

/// A pair becomes a pair of batches.
impl<A: Collate, B: Collate> Collate for (A, B) {
    type Batch = (A::Batch, B::Batch);

    fn collate(items: Vec<(A, B)>) -> Self::Batch {
        let (firsts, seconds) = items.into_iter().unzip();
        (A::collate(firsts), B::collate(seconds))
    }
}

/// Three things become three batches.
impl<A: Collate, B: Collate, C: Collate> Collate for (A, B, C) {
    type Batch = (A::Batch, B::Batch, C::Batch);

    fn collate(items: Vec<Self>) -> Self::Batch {
        let pairs = items.into_iter().map(|(a, b, c)| (a, (b, c))).collect();
        let (a, (b, c)) = Collate::collate(pairs);
        (a, b, c)
    }
}
