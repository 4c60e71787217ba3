//! Samplers: how often each example comes, and that a loader follows them.

use std::collections::BTreeMap;

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::loader::{Noisy, rows};
use crate::data::{DataLoader, Sampler, Sequential, Shuffled, ShuffledSubset, Weighted};

/// Each count is within four deviations of n p, the deviation being √(n p (1 − p)).
#[track_caller]
fn assert_shares(counts: &[usize], shares: &[f64]) {
    let n = counts.iter().sum::<usize>() as f64;
    for (&count, &p) in counts.iter().zip(shares) {
        let four_deviations = 4.0 * (n * p * (1.0 - p)).sqrt();
        assert!((count as f64 - n * p).abs() <= four_deviations, "{counts:?} should be as {shares:?}");
    }
}

fn counts(order: &[usize], examples: usize) -> Vec<usize> {
    let mut counts = vec![0; examples];
    order.iter().for_each(|&index| counts[index] += 1);
    counts
}

#[test]
fn weights_are_frequencies() {
    let order = Weighted::new(&[1.0, 0.0, 2.0, 5.0, 0.0], 20_000).order(&mut ChaCha8Rng::seed_from_u64(1));
    assert_eq!(order.len(), 20_000);
    assert_shares(&counts(&order, 5), &[0.125, 0.0, 0.25, 0.625, 0.0]);
}

#[test]
fn classes_are_balanced() {
    // Class 7 is rare, class −1 common: each is a third, and within a class all examples are alike.
    let labels = [7, -1, -1, -1, -1, -1, 3, 3];
    let order = Weighted::class_balanced(&labels, 20_000).order(&mut ChaCha8Rng::seed_from_u64(2));
    let fifth = 1.0 / 15.0;
    assert_shares(&counts(&order, 8), &[1.0 / 3.0, fifth, fifth, fifth, fifth, fifth, 1.0 / 6.0, 1.0 / 6.0]);
}

#[test]
fn orders_visit_what_they_should() {
    let rng = || ChaCha8Rng::seed_from_u64(3);
    assert_eq!(Sequential(4).order(&mut rng()), [0, 1, 2, 3]);
    let shuffled = Shuffled(50).order(&mut rng());
    assert_ne!(shuffled, (0..50).collect::<Vec<_>>());
    assert_eq!(counts(&shuffled, 50), [1; 50]);
    let part = ShuffledSubset((10..40).collect()).order(&mut rng());
    assert_ne!(part, (10..40).collect::<Vec<_>>());
    let once: Vec<usize> = (0..50).map(|i| usize::from((10..40).contains(&i))).collect();
    assert_eq!(counts(&part, 50), once);
}

fn loader(workers: usize) -> DataLoader<Noisy> {
    let weights: Vec<f64> = (0..40).map(f64::from).collect();
    DataLoader::new(Noisy(40), 8).sampler(Weighted::new(&weights, 100)).seed(5).workers(workers)
}

#[test]
fn a_loader_follows_its_sampler_whatever_the_workers() {
    for epoch in 0..2 {
        let alone = rows(loader(0).epoch(epoch));
        let visited: Vec<usize> = alone.iter().flat_map(|(i, _)| i).map(|&i| i as usize).collect();
        assert_eq!((visited.len(), alone.len(), loader(0).len()), (100, 13, 13));
        assert_eq!(visited, loader(0).order(epoch));
        for workers in [1, 2, 3, 20] {
            assert!(rows(loader(workers).epoch(epoch)) == alone, "{workers} workers");
            assert!(rows(loader(workers).epoch_from(epoch, 4)) == alone[4..], "{workers} workers, resumed");
        }
    }
    assert_ne!(loader(0).order(0), loader(0).order(1));
    assert_ne!(loader(0).order(0), loader(0).seed(6).order(0));
}

/// An example that comes several times in an epoch is augmented anew each time; the first time as without a sampler.
#[test]
fn an_example_that_comes_again_draws_anew() {
    let mut noise = BTreeMap::<i64, Vec<f32>>::new();
    for (indices, numbers) in rows(loader(2).epoch(0)) {
        indices.into_iter().zip(numbers).for_each(|(index, x)| noise.entry(index).or_default().push(x));
    }
    assert!(noise.values().any(|numbers| numbers.len() > 2));
    let mut all: Vec<f32> = noise.values().flatten().copied().collect();
    all.sort_by(f32::total_cmp);
    assert!(all.windows(2).all(|pair| pair[0] != pair[1]), "no number is drawn twice");
    let plain = rows(DataLoader::new(Noisy(40), 40).seed(5).epoch(0));
    for (index, numbers) in noise {
        assert_eq!(numbers[0], plain[0].1[index as usize], "example {index}");
    }
}

#[test]
#[should_panic(expected = "the sampler names example 40, the set has 40")]
fn a_sampler_must_know_the_set() {
    DataLoader::new(Noisy(40), 8).sampler(Sequential(41)).order(0);
}

#[test]
#[should_panic(expected = "the weight -1 of example 1 is below 0")]
fn a_negative_weight_is_a_mistake() {
    Weighted::new(&[1.0, -1.0], 1);
}

#[test]
#[should_panic(expected = "no weight is above 0")]
fn nothing_to_draw_from_is_a_mistake() {
    Weighted::new(&[0.0, 0.0], 1);
}
