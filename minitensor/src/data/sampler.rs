//! In which order, and how often, the examples of a data set are visited.

use std::collections::BTreeMap;
use std::fmt::Debug;

use rand::rngs::ChaCha8Rng;
use rand::seq::SliceRandom;

use crate::multinomial::drawn;

// ANCHOR: sampler
/// Decides which examples an epoch visits: PyTorch's `Sampler`.
///
/// The order is a pure function of the sampler and of the numbers drawn from `rng`. A loader gives each epoch its own
/// generator, so the order can be had again, and does not depend on the number of workers.
pub trait Sampler: Debug + Send + Sync {
    /// How many examples an epoch visits.
    fn len(&self) -> usize;

    /// Their indices.
    fn order(&self, rng: &mut ChaCha8Rng) -> Vec<usize>;

    /// Whether an epoch visits nothing.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
// ANCHOR_END: sampler

/// The first, the second, and so on up to this number of examples.
#[derive(Clone, Copy, Debug)]
pub struct Sequential(pub usize);

impl Sampler for Sequential {
    fn len(&self) -> usize {
        self.0
    }

    fn order(&self, _: &mut ChaCha8Rng) -> Vec<usize> {
        (0..self.0).collect()
    }
}

/// Each of so many examples once, in a random order.
#[derive(Clone, Copy, Debug)]
pub struct Shuffled(pub usize);

impl Sampler for Shuffled {
    fn len(&self) -> usize {
        self.0
    }

    fn order(&self, rng: &mut ChaCha8Rng) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.0).collect();
        order.shuffle(rng);
        order
    }
}

/// Each of these examples once, in a random order: PyTorch's `SubsetRandomSampler`.
#[derive(Clone, Debug)]
pub struct ShuffledSubset(pub Vec<usize>);

impl Sampler for ShuffledSubset {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn order(&self, rng: &mut ChaCha8Rng) -> Vec<usize> {
        let mut order = self.0.clone();
        order.shuffle(rng);
        order
    }
}

/// Examples drawn one by one, each as often as its weight says, so that some come twice and some not at all: PyTorch's
/// `WeightedRandomSampler`.
#[derive(Clone, Debug)]
pub struct Weighted {
    /// The weight of each example and of all before it.
    sums: Vec<f64>,
    draws: usize,
}

impl Weighted {
    /// `draws` examples an epoch, from one weight for each example of the set. They need not add up to 1.
    ///
    /// # Panics
    /// If a weight is below 0 or not finite, or if there are draws but no weight is above 0.
    #[track_caller]
    pub fn new(weights: &[f64], draws: usize) -> Weighted {
        let mut total = 0.0;
        let mut sums = Vec::with_capacity(weights.len());
        for (index, &weight) in weights.iter().enumerate() {
            assert!(weight >= 0.0, "Weighted: the weight {weight} of example {index} is below 0");
            total += weight;
            sums.push(total);
        }
        assert!(f64::is_finite(total), "Weighted: the weights add up to {total}");
        assert!(
            draws == 0 || total > 0.0,
            "Weighted: no weight is above 0, so there is nothing to draw from"
        );
        Weighted { sums, draws }
    }

    /// `draws` examples an epoch, so that each class comes as often as any other: an example weighs 1 / (the number of
    /// examples of its class).
    ///
    /// # Panics
    /// If there are draws but no labels.
    #[track_caller]
    pub fn class_balanced(labels: &[i64], draws: usize) -> Weighted {
        let mut counts = BTreeMap::<i64, f64>::new();
        labels.iter().for_each(|&label| *counts.entry(label).or_default() += 1.0);
        Weighted::new(&labels.iter().map(|label| 1.0 / counts[label]).collect::<Vec<_>>(), draws)
    }
}

impl Sampler for Weighted {
    fn len(&self) -> usize {
        self.draws
    }

    fn order(&self, rng: &mut ChaCha8Rng) -> Vec<usize> {
        (0..self.draws).map(|_| drawn(&self.sums, rng)).collect()
    }
}
