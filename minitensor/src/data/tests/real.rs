//! The full official files, where the reader has them: `MINITENSOR_DATA=FOLDER cargo test -p minitensor -- --ignored`.

use std::path::PathBuf;

use crate::data::{Images, Normalize, load};

/// Normalised with the constants of the catalogue, the training set has mean 0 and deviation 1.
fn check(name: &str, shape: [usize; 4], tests: usize) {
    let folder =
        std::env::var_os("MINITENSOR_DATA").map(PathBuf::from).expect("MINITENSOR_DATA names the folder");
    let set = load(name, Some(&folder), 0).unwrap();
    assert_eq!(set.train.shape(), shape);
    assert_eq!(set.test.shape(), [tests, shape[1], shape[2], shape[3]]);
    let (mean, std) = normalized_moments(&set.train, &set.normalize);
    assert!(mean.abs() < 1e-3 && (std - 1.0).abs() < 1e-3, "{name}: mean {mean}, deviation {std}");
}

fn normalized_moments(images: &Images, normalize: &Normalize) -> (f64, f64) {
    let [n, c, h, w] = images.shape();
    let (mut sum, mut squares) = (0.0, 0.0);
    for index in 0..n {
        let image = crate::data::Image { shape: [c, h, w], pixels: images.pixels(index).to_vec() };
        for x in normalize.apply(&image).to_vec::<f32>() {
            sum += f64::from(x);
            squares += f64::from(x).powi(2);
        }
    }
    let count = (n * c * h * w) as f64;
    (sum / count, (squares / count - (sum / count).powi(2)).sqrt())
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
