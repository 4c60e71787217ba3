//! The loader: what comes, in which order, and that nothing depends on the workers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use crate::Tensor;
use crate::data::{Batches, DataLoader, Dataset, TensorDataset};

/// Example `i` is (i, a random number): what an augmented data set looks like to a loader.
pub(super) struct Noisy(pub(super) usize);

impl Dataset for Noisy {
    type Item = (i64, Tensor);

    fn len(&self) -> usize {
        self.0
    }

    fn get(&self, index: usize, rng: &mut ChaCha8Rng) -> (i64, Tensor) {
        (index as i64, Tensor::from_vec(vec![rng.random::<f32>()], [1]))
    }
}

pub(super) type Rows = Vec<(Vec<i64>, Vec<f32>)>;

pub(super) fn rows(batches: Batches<Noisy>) -> Rows {
    batches.map(|(indices, noise)| (indices.to_vec::<i64>(), noise.to_vec::<f32>())).collect()
}

#[test]
fn in_order_without_shuffling() {
    let loader = DataLoader::new(Noisy(7), 3);
    let indices: Vec<Vec<i64>> = rows(loader.epoch(0)).into_iter().map(|(indices, _)| indices).collect();
    assert_eq!(indices, [vec![0, 1, 2], vec![3, 4, 5], vec![6]]);
    assert_eq!((loader.len(), loader.epoch(0).len()), (3, 3));

    let loader = loader.drop_last(true);
    assert_eq!((loader.len(), rows(loader.epoch(0)).len()), (2, 2));
}

#[test]
fn tensor_dataset_keeps_rows_together() {
    let inputs = Tensor::from_vec((0..12).map(|i| i as f32).collect(), [6, 2]);
    let targets = Tensor::from_vec((0..6i64).collect(), [6]);
    let loader = DataLoader::new(TensorDataset::new(inputs, targets), 4).shuffle(3);
    for (inputs, targets) in loader.epoch(0) {
        let rows = targets.to_vec::<i64>();
        assert_eq!(inputs.shape()[..], [rows.len(), 2]);
        let expected: Vec<f32> =
            rows.iter().flat_map(|&row| [2.0 * row as f32, 2.0 * row as f32 + 1.0]).collect();
        assert_eq!(inputs.to_vec::<f32>(), expected);
    }
}

#[test]
fn an_epoch_is_a_permutation_that_seed_and_epoch_decide() {
    let loader = DataLoader::new(Noisy(100), 10).shuffle(5);
    let order = loader.order(2);
    let mut sorted = order.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..100).collect::<Vec<_>>());

    assert_eq!(order, DataLoader::new(Noisy(100), 33).shuffle(5).order(2), "the batch size does not matter");
    assert_ne!(order, loader.order(3));
    assert_ne!(order, loader.clone_with_seed(6).order(2));
    let visited: Vec<i64> = rows(loader.epoch(2)).into_iter().flat_map(|(indices, _)| indices).collect();
    assert_eq!(visited, order.iter().map(|&index| index as i64).collect::<Vec<_>>());
}

impl DataLoader<Noisy> {
    fn clone_with_seed(&self, seed: u64) -> DataLoader<Noisy> {
        DataLoader::new(Noisy(self.dataset().0), 10).shuffle(seed)
    }
}

/// Each example stands at each place about as often: 500 epochs of 10, expected 50 each, deviation 6.7.
#[test]
fn shuffling_is_fair() {
    let loader = DataLoader::new(Noisy(10), 1).shuffle(0);
    let mut counts = [[0u32; 10]; 10];
    for epoch in 0..500 {
        for (place, index) in loader.order(epoch).into_iter().enumerate() {
            counts[place][index] += 1;
        }
    }
    assert!(counts.iter().flatten().all(|count| (20..=80).contains(count)), "{counts:?}");
}

#[test]
fn workers_change_nothing() {
    let loader = |workers| DataLoader::new(Noisy(103), 10).shuffle(1).workers(workers);
    for epoch in 0..2 {
        let alone = rows(loader(0).epoch(epoch));
        assert_eq!(alone.len(), 11);
        for workers in [1, 2, 3, 50] {
            assert_eq!(rows(loader(workers).epoch(epoch)), alone, "{workers} workers");
        }
    }
}

#[test]
fn augmentation_differs_by_epoch_and_example_but_not_by_order() {
    let noise = |loader: &DataLoader<Noisy>, epoch| {
        let mut pairs: Vec<(i64, f32)> =
            rows(loader.epoch(epoch)).into_iter().flat_map(|(i, x)| i.into_iter().zip(x)).collect();
        pairs.sort_by_key(|&(index, _)| index);
        pairs.into_iter().map(|(_, noise)| noise).collect::<Vec<f32>>()
    };
    let [in_order, shuffled] =
        [DataLoader::new(Noisy(50), 10).seed(1), DataLoader::new(Noisy(50), 7).shuffle(1)];
    let first = noise(&in_order, 0);
    assert_eq!(first, noise(&shuffled, 0), "an example draws the same wherever it stands");
    assert!(first.windows(2).all(|pair| pair[0] != pair[1]), "each example draws its own");
    let second = noise(&in_order, 1);
    assert!(first.iter().zip(&second).all(|(a, b)| a != b), "and anew in each epoch");
    assert!(
        first.iter().zip(noise(&DataLoader::new(Noisy(50), 10).seed(2), 0)).all(|(a, b)| *a != b),
        "by seed"
    );
}

#[test]
fn an_epoch_goes_on_where_it_was_left() {
    for workers in [0, 2] {
        let loader = DataLoader::new(Noisy(103), 10).shuffle(1).workers(workers);
        let whole = rows(loader.epoch(4));
        for first in [0, 1, 7, 11, 12] {
            assert_eq!(rows(loader.epoch_from(4, first)), whole[first.min(11)..], "from {first}");
        }
    }
}

#[test]
fn nothing_to_load() {
    for workers in [0, 2] {
        let loader = DataLoader::new(Noisy(0), 10).shuffle(1).workers(workers);
        assert!(loader.is_empty() && loader.epoch(0).next().is_none());
    }
}

#[test]
#[should_panic(expected = "a batch needs at least one example")]
fn a_batch_of_zero_is_a_mistake() {
    DataLoader::new(Noisy(3), 0);
}

/// Panics at one example, and counts how many threads still hold it.
struct Faulty(Arc<AtomicUsize>);

impl Dataset for Faulty {
    type Item = i64;

    fn len(&self) -> usize {
        1000
    }

    fn get(&self, index: usize, _: &mut ChaCha8Rng) -> i64 {
        self.0.fetch_add(1, Ordering::Relaxed);
        assert_ne!(index, 55, "example {index} is broken");
        index as i64
    }
}

#[test]
fn the_panic_of_a_worker_reaches_the_caller() {
    for workers in [0, 1, 3] {
        let loader = DataLoader::new(Faulty(Arc::default()), 10).workers(workers);
        let mut batches = loader.epoch(0);
        for _ in 0..5 {
            assert!(batches.next().is_some(), "the batches before the broken one come");
        }
        let payload = catch_unwind(AssertUnwindSafe(|| batches.next())).expect_err("the panic comes out");
        let message = payload.downcast_ref::<String>().expect("with its message");
        assert!(message.contains("example 55 is broken"), "{message}");
        if workers > 0 {
            assert!(batches.next().is_none(), "and then the epoch is over");
        }
    }
}

#[test]
fn dropping_an_epoch_ends_its_workers() {
    let made = Arc::new(AtomicUsize::new(0));
    let dataset = Arc::new(Faulty(made.clone()));
    let loader = DataLoader::new(Shared(dataset.clone()), 5).workers(4);
    let mut batches = loader.epoch(0);
    assert!(batches.next().is_some());
    drop(batches);
    drop(loader);
    // The threads have been waited for, so nobody else holds the data set, and not all of it was made.
    assert_eq!(Arc::strong_count(&dataset), 1);
    assert!(made.load(Ordering::Relaxed) < 200);
}

struct Shared(Arc<Faulty>);

impl Dataset for Shared {
    type Item = i64;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, index: usize, rng: &mut ChaCha8Rng) -> i64 {
        if index == 55 { 0 } else { self.0.get(index, rng) }
    }
}
