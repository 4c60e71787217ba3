//! The full official files, where the reader has them: `MINITENSOR_DATA=FOLDER cargo test -p minitensor -- --ignored`.

use std::path::PathBuf;

use crate::data::{find, load};

/// The constants of the catalogue are those of the training set.
fn check(name: &str, shape: [usize; 4], tests: usize) {
    let folder =
        std::env::var_os("MINITENSOR_DATA").map(PathBuf::from).expect("MINITENSOR_DATA names the folder");
    let set = load(name, Some(&folder), 0).unwrap();
    assert_eq!(set.train.shape(), shape);
    assert_eq!(set.test.shape(), [tests, shape[1], shape[2], shape[3]]);
    let (spec, (mean, std)) = (find(name).unwrap(), set.train.mean_std(255));
    let near = |found: &[f32], told: &[f32]| found.iter().zip(told).all(|(a, b)| (a - b).abs() < 1e-4);
    assert!(near(&mean, spec.mean) && near(&std, spec.std), "{name}: means {mean:?}, deviations {std:?}");
}

#[test]
#[ignore = "needs the official files in MINITENSOR_DATA"]
fn fashion_mnist() {
    check("fashion-mnist", [60_000, 1, 28, 28], 10_000);
}

#[test]
#[ignore = "needs the official files in MINITENSOR_DATA"]
fn mnist() {
    check("mnist", [60_000, 1, 28, 28], 10_000);
}

#[test]
#[ignore = "needs the official files in MINITENSOR_DATA"]
fn cifar10() {
    check("cifar10", [50_000, 3, 32, 32], 10_000);
}
