//! Data sets made of parts of others.

use std::sync::Arc;

use rand::rngs::ChaCha8Rng;

use super::dataset::Dataset;

/// Some examples of a data set, in an order of their own.
#[derive(Clone, Debug)]
pub struct Subset<D> {
    dataset: Arc<D>,
    indices: Vec<usize>,
}

impl<D: Dataset> Subset<D> {
    /// The examples at `indices`, which may occur more than once.
    ///
    /// # Panics
    /// If an index is not below the number of examples.
    #[track_caller]
    pub fn new(dataset: Arc<D>, indices: Vec<usize>) -> Subset<D> {
        let count = dataset.len();
        if let Some(index) = indices.iter().find(|&&index| index >= count) {
            panic!("Subset: there is no example {index} in a set of {count}");
        }
        Subset { dataset, indices }
    }

    /// Where the examples are in the whole set.
    pub fn indices(&self) -> &[usize] {
        &self.indices
    }
}

impl<D: Dataset> Dataset for Subset<D> {
    type Item = D::Item;

    fn len(&self) -> usize {
        self.indices.len()
    }

    fn get(&self, index: usize, rng: &mut ChaCha8Rng) -> D::Item {
        self.dataset.get(self.indices[index], rng)
    }
}

/// Several data sets of one kind, one after the other: PyTorch's `ConcatDataset`.
#[derive(Clone, Debug)]
pub struct Concat<D> {
    datasets: Vec<D>,
}

impl<D: Dataset> Concat<D> {
    /// The examples of the first, then those of the second, and so on.
    pub fn new(datasets: Vec<D>) -> Concat<D> {
        Concat { datasets }
    }
}

impl<D: Dataset> Dataset for Concat<D> {
    type Item = D::Item;

    fn len(&self) -> usize {
        self.datasets.iter().map(D::len).sum()
    }

    fn get(&self, index: usize, rng: &mut ChaCha8Rng) -> D::Item {
        let mut place = index;
        for dataset in &self.datasets {
            if place < dataset.len() {
                return dataset.get(place, rng);
            }
            place -= dataset.len();
        }
        panic!("Concat: there is no example {index} in a set of {}", self.len());
    }
}
