//! Data sets taken apart: to train with one part, and to test with another that training never saw.
//!
//! The same seed gives the same parts. Every example is in exactly one of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use rand::seq::SliceRandom;

use super::dataset::Dataset;
use super::parts::Subset;
use super::random::{Purpose, generator};

/// Parts of these lengths, drawn at random: PyTorch's `random_split`.
///
/// ```
/// use minitensor::data::{self, Dataset};
///
/// let digits = data::load("digits", None, 0)?.train;
/// let [train, validation] = data::random_split(digits, [1200, 238], 42);
/// assert_eq!((train.len(), validation.len()), (1200, 238));
/// # Ok::<(), minitensor::data::DataError>(())
/// ```
///
/// # Panics
/// If the lengths do not add up to the number of examples.
#[track_caller]
pub fn random_split<D: Dataset, const N: usize>(
    dataset: D,
    lengths: [usize; N],
    seed: u64,
) -> [Subset<D>; N] {
    let (count, sum) = (dataset.len(), lengths.iter().sum::<usize>());
    assert_eq!(
        sum, count,
        "random_split: the lengths {lengths:?} add up to {sum}, the set has {count} examples"
    );
    let (dataset, order) = (Arc::new(dataset), shuffled(count, seed));
    let mut rest = &order[..];
    lengths.map(|length| {
        let (part, others) = rest.split_at(length);
        rest = others;
        Subset::new(dataset.clone(), part.to_vec())
    })
}

/// (train, test), so that every class gives the same share, `test_share`, to the test part, to within half an example.
/// `labels` holds the class of each example. Both parts keep the order of the set.
///
/// # Panics
/// If `test_share` is not in 0..=1, or there are not as many labels as examples.
#[track_caller]
pub fn stratified_split<D: Dataset>(
    dataset: D,
    labels: &[i64],
    test_share: f64,
    seed: u64,
) -> (Subset<D>, Subset<D>) {
    let (count, given) = (dataset.len(), labels.len());
    assert_eq!(given, count, "stratified_split: {given} labels for {count} examples");
    let (train, test) = stratified_indices(labels, test_share, seed);
    let dataset = Arc::new(dataset);
    (Subset::new(dataset.clone(), train), Subset::new(dataset, test))
}

/// `folds` ways to cut a set into (train, test), to train and test as often: each example is in the test part once, and
/// the test parts differ in length by one at most. k-fold cross-validation (Stone, 1974).
///
/// # Panics
/// If there are fewer than two folds, or fewer examples than folds.
#[track_caller]
pub fn k_fold<D: Dataset>(dataset: D, folds: usize, seed: u64) -> Vec<(Subset<D>, Subset<D>)> {
    let count = dataset.len();
    assert!(
        (2..=count).contains(&folds),
        "k_fold: {folds} folds of {count} examples; at least two are needed, and one example in each"
    );
    let (dataset, order) = (Arc::new(dataset), shuffled(count, seed));
    let fold = |fold: usize| {
        let (start, end) = (count * fold / folds, count * (fold + 1) / folds);
        let train = [&order[..start], &order[end..]].concat();
        (Subset::new(dataset.clone(), train), Subset::new(dataset.clone(), order[start..end].to_vec()))
    };
    (0..folds).map(fold).collect()
}

/// The indices of a stratified split, (train, test).
#[track_caller]
pub(super) fn stratified_indices(labels: &[i64], test_share: f64, seed: u64) -> (Vec<usize>, Vec<usize>) {
    assert!((0.0..=1.0).contains(&test_share), "stratified_split: the share {test_share} is not in 0..=1");
    let mut classes = BTreeMap::<i64, Vec<usize>>::new();
    for (index, &label) in labels.iter().enumerate() {
        classes.entry(label).or_default().push(index);
    }
    let mut in_test = vec![false; labels.len()];
    for (class, mut members) in classes {
        members.shuffle(&mut generator(Purpose::Split, seed, 0, class as u64));
        let count = (members.len() as f64 * test_share).round() as usize;
        members[..count].iter().for_each(|&index| in_test[index] = true);
    }
    let (test, train) = (0..labels.len()).partition(|&index| in_test[index]);
    (train, test)
}

fn shuffled(count: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.shuffle(&mut generator(Purpose::Parts, seed, 0, 0));
    order
}
