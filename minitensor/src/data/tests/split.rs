//! Splits: every example is in one part, and the parts are as large as they should be.

use std::sync::Arc;

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::data::{Concat, DataLoader, Dataset, Subset, k_fold, random_split, stratified_split};

/// Example `i` is the number `i` plus a first number.
#[derive(Debug, PartialEq)]
struct Numbers(i64, usize);

impl Dataset for Numbers {
    type Item = i64;

    fn len(&self) -> usize {
        self.1
    }

    fn get(&self, index: usize, _: &mut ChaCha8Rng) -> i64 {
        self.0 + index as i64
    }
}

fn items(dataset: &impl Dataset<Item = i64>) -> Vec<i64> {
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    (0..dataset.len()).map(|index| dataset.get(index, &mut rng)).collect()
}

/// The parts together hold each number below `count` once.
#[track_caller]
fn assert_partition(parts: &[&Subset<Numbers>], count: usize) {
    let mut all: Vec<i64> = parts.iter().flat_map(|part| items(*part)).collect();
    all.sort_unstable();
    assert_eq!(all, (0..count as i64).collect::<Vec<_>>());
}

#[test]
fn random_parts_are_disjoint_complete_and_decided_by_the_seed() {
    let split = |seed| random_split(Numbers(0, 100), [70, 0, 30], seed);
    let [a, b, c] = split(1);
    assert_eq!([a.len(), b.len(), c.len()], [70, 0, 30]);
    assert_partition(&[&a, &b, &c], 100);
    let mut sorted = items(&a);
    sorted.sort_unstable();
    assert_ne!(sorted, (0..70).collect::<Vec<_>>(), "drawn at random");
    assert_eq!(items(&a), items(&split(1)[0]));
    assert_ne!(items(&a), items(&split(2)[0]));
}

#[test]
#[should_panic(expected = "the lengths [3, 4] add up to 7, the set has 8 examples")]
fn lengths_must_add_up() {
    random_split(Numbers(0, 8), [3, 4], 0);
}

#[test]
fn every_class_gives_its_share() {
    // 50 of class −5, 30 of class 2, 21 of class 1000.
    let labels: Vec<i64> =
        (0..101).map(|i| if i < 50 { -5 } else { [2, 1000][usize::from(i >= 80)] }).collect();
    for share in [0.0, 0.1, 0.3, 1.0] {
        let (train, test) = stratified_split(Numbers(0, 101), &labels, share, 3);
        assert_partition(&[&train, &test], 101);
        for class in [-5, 2, 1000] {
            let of_class = |part: &Subset<Numbers>| {
                part.indices().iter().filter(|&&index| labels[index] == class).count() as f64
            };
            let (in_train, in_test) = (of_class(&train), of_class(&test));
            assert!((in_test - share * (in_train + in_test)).abs() <= 0.5, "class {class}: {in_test}");
        }
    }
    let test = |seed| stratified_split(Numbers(0, 101), &labels, 0.3, seed).1;
    assert_eq!(items(&test(3)), items(&test(3)));
    assert_ne!(items(&test(3)), items(&test(4)));
    assert!(test(3).indices().is_sorted());
}

#[test]
fn k_folds_test_each_example_once() {
    for (count, folds) in [(10, 5), (11, 4), (3, 3), (100, 7)] {
        let parts = k_fold(Numbers(0, count), folds, 6);
        assert_eq!(parts.len(), folds);
        for (train, test) in &parts {
            assert_partition(&[train, test], count);
            assert!(test.len() == count / folds || test.len() == count / folds + 1);
        }
        assert_partition(&parts.iter().map(|(_, test)| test).collect::<Vec<_>>(), count);
    }
    let first = |seed| items(&k_fold(Numbers(0, 100), 5, seed)[0].1);
    assert_eq!(first(6), first(6));
    assert_ne!(first(6), first(7));
}

#[test]
#[should_panic(expected = "k_fold: 4 folds of 3 examples")]
fn each_fold_needs_an_example() {
    k_fold(Numbers(0, 3), 4, 0);
}

#[test]
fn sets_are_joined_in_order() {
    let joined = Concat::new(vec![Numbers(0, 3), Numbers(50, 0), Numbers(10, 2)]);
    assert_eq!(items(&joined), [0, 1, 2, 10, 11]);
    assert!(Concat::<Numbers>::new(vec![]).is_empty());
    let batches: Vec<Vec<i64>> = DataLoader::new(joined, 3).epoch(0).map(|batch| batch.to_vec()).collect();
    assert_eq!(batches, [vec![0, 1, 2], vec![10, 11]]);
}

#[test]
#[should_panic(expected = "Concat: there is no example 5 in a set of 5")]
fn a_joined_set_ends() {
    Concat::new(vec![Numbers(0, 3), Numbers(10, 2)]).get(5, &mut ChaCha8Rng::seed_from_u64(0));
}

#[test]
fn a_subset_has_an_order_of_its_own() {
    assert_eq!(items(&Subset::new(Arc::new(Numbers(10, 5)), vec![4, 0, 4])), [14, 10, 14]);
}

#[test]
#[should_panic(expected = "Subset: there is no example 5 in a set of 5")]
fn a_subset_keeps_to_the_set() {
    Subset::new(Arc::new(Numbers(0, 5)), vec![0, 5]);
}
