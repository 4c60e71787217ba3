//! The sets that can be had by name: the embedded ones, and folders laid out in each way that is met.

use std::fs;
use std::path::Path;

use super::{gzip, idx_bytes};
use crate::data::embedded::DIGITS;
use crate::data::{CATALOGUE, DataError, Images, Problem, Source, load, names};

fn count_classes(images: &Images, classes: usize) -> Vec<usize> {
    (0..classes)
        .map(|class| images.labels().iter().filter(|&&label| usize::from(label) == class).count())
        .collect()
}

/// scikit-learn documents 1,797 images and these counts of the ten digits.
#[test]
fn digits_is_the_whole_set() {
    let set = load("digits", None, 0).unwrap();
    let (train, test) = (count_classes(&set.train, 10), count_classes(&set.test, 10));
    let both: Vec<usize> = train.iter().zip(&test).map(|(a, b)| a + b).collect();
    assert_eq!(both, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    assert_eq!(set.train.shape()[1..], [1, 8, 8]);
    let whole = DIGITS.read([8, 8], 10).unwrap();
    let (mean, std) = whole.mean_std(16);
    assert!((mean[0] - 0.3053).abs() < 5e-5 && (std[0] - 0.3760).abs() < 5e-5, "{mean:?}, {std:?}");
    let largest = (0..set.train.shape()[0]).flat_map(|i| set.train.pixels(i)).max();
    assert_eq!(largest, Some(&16));
}

#[test]
fn digits_is_split_alike_in_every_class() {
    let set = load("digits", None, 7).unwrap();
    let (train, test) = (count_classes(&set.train, 10), count_classes(&set.test, 10));
    for (class, (train, test)) in train.into_iter().zip(test).enumerate() {
        let fifth = (train + test) as f64 / 5.0;
        assert!((test as f64 - fifth).abs() <= 0.5, "class {class}: {test} of {}", train + test);
    }
    // Images that are told apart by their place: split, they are all there, and each once.
    let numbered = Images::new([200, 1, 1, 1], (0..200).collect(), (0..200).map(|i| i % 3).collect());
    let (train, test) = numbered.stratified_split(0.2, 7);
    let mut all: Vec<u8> =
        [&train, &test].iter().flat_map(|part| (0..part.shape()[0]).map(|i| part.pixels(i)[0])).collect();
    all.sort_unstable();
    assert_eq!(all, (0..200).collect::<Vec<u8>>());
    for part in [&train, &test] {
        assert!(
            (0..part.shape()[0]).all(|i| part.labels()[i] == part.pixels(i)[0] % 3),
            "labels stay with images"
        );
    }
}

#[test]
fn the_split_is_decided_by_its_seed() {
    let [a, again, other] = [1, 1, 2].map(|seed| load("digits", None, seed).unwrap());
    assert!(a.train == again.train && a.test == again.test);
    assert!(a.test != other.test);
}

#[test]
fn fashion_mini_is_balanced() {
    let set = load("fashion-mini", None, 0).unwrap();
    assert_eq!((set.train.shape(), set.test.shape()), ([1800, 1, 28, 28], [500, 1, 28, 28]));
    assert_eq!(count_classes(&set.train, 10), [180; 10]);
    assert_eq!(count_classes(&set.test, 10), [50; 10]);
    // The first labels of the official training file: an ankle boot, then a T-shirt.
    assert_eq!(set.train.labels()[..2], [9, 0]);
    assert_eq!(set.classes[9], "Ankle boot");
    // A sample of 1,800 stays near the constants of the whole.
    let (mean, std) = set.train.mean_std(255);
    assert!((mean[0] - 0.2860).abs() < 0.01 && (std[0] - 0.3530).abs() < 0.01, "{mean:?}, {std:?}");
}

#[test]
fn names_are_lower_case() {
    let names = names();
    assert_eq!(names.len(), 30_294);
    assert_eq!(names[..3], ["emma", "olivia", "ava"]);
    assert!(names.iter().all(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase())));
}

#[test]
fn tensors_have_the_shapes_and_types_of_a_batch() {
    let set = load("fashion-mini", None, 0).unwrap();
    let (images, labels) = (set.test.images_tensor(), set.test.labels_tensor());
    assert_eq!((images.shape().to_vec(), labels.shape().to_vec()), (vec![500, 1, 28, 28], vec![500]));
    assert_eq!(images.to_vec::<u8>()[784..2 * 784], *set.test.pixels(1));
    assert_eq!(labels.to_vec::<i64>()[1], i64::from(set.test.labels()[1]));
}

#[test]
fn an_unknown_name_lists_the_known() {
    let message = load("imagenet", None, 0).unwrap_err().to_string();
    assert_eq!(
        message,
        "there is no data set `imagenet`: choose one of digits, fashion-mini, fashion-mnist, mnist, cifar10"
    );
}

#[test]
fn every_entry_is_consistent() {
    for spec in CATALOGUE {
        assert_eq!((spec.mean.len(), spec.std.len()), (spec.image[0], spec.image[0]), "{}", spec.name);
        assert!(spec.classes.len() <= 256 && !spec.about.is_empty(), "{}", spec.name);
        let files = spec.remote().iter().flat_map(|remote| remote.contents).count();
        let needed = match spec.source {
            Source::Idx { .. } => 4,
            Source::Cifar { .. } => 6,
            Source::EmbeddedWhole(_) | Source::EmbeddedParts { .. } => 0,
        };
        assert_eq!(files, needed, "{}", spec.name);
        for remote in spec.remote() {
            assert!(remote.urls().all(|url| url.starts_with("http") && url.ends_with(remote.file)));
            for content in remote.contents {
                assert!(content.sha256.len() == 64 && content.sha256.bytes().all(|b| b.is_ascii_hexdigit()));
            }
        }
    }
}

/// Writes a tiny set in MNIST's format: 3 images to learn from, 2 to test with.
fn write_mnist(folder: &Path, name: impl Fn(&str) -> String, pack: impl Fn(&[u8]) -> Vec<u8>) {
    fs::create_dir_all(folder).unwrap();
    for (part, count) in [("train", 3), ("t10k", 2)] {
        let images = idx_bytes(&[count, 28, 28], vec![count as u8; count * 784]);
        let labels = idx_bytes(&[count], (0..count as u8).collect());
        fs::write(folder.join(name(&format!("{part}-images-idx3-ubyte"))), pack(&images)).unwrap();
        fs::write(folder.join(name(&format!("{part}-labels-idx1-ubyte"))), pack(&labels)).unwrap();
    }
}

#[test]
fn official_files_are_found_wherever_they_usually_lie() {
    let root = tempfile::tempdir().unwrap();
    let plain = |bytes: &[u8]| bytes.to_vec();
    write_mnist(&root.path().join("a"), str::to_owned, plain);
    write_mnist(&root.path().join("b/mnist"), |name| format!("{name}.gz"), gzip);
    write_mnist(&root.path().join("c/MNIST/raw"), |name| name.replace("-idx", ".idx"), plain);
    write_mnist(&root.path().join("d"), |name| format!("{}.gz", name.replace("-idx", ".idx")), gzip);
    for folder in ["a", "b", "c", "d"] {
        let set = load("mnist", Some(&root.path().join(folder)), 0).unwrap();
        assert_eq!((set.train.labels(), set.test.labels()), (&[0, 1, 2][..], &[0, 1][..]), "{folder}");
        assert_eq!(set.test.pixels(1), [2; 784]);
    }
}

#[test]
fn the_folder_of_the_set_goes_before_that_of_all_sets() {
    let root = tempfile::tempdir().unwrap();
    let plain = |bytes: &[u8]| bytes.to_vec();
    write_mnist(root.path(), str::to_owned, plain);
    let folder = root.path().join("fashion-mnist");
    write_mnist(&folder, str::to_owned, plain);
    fs::write(folder.join("t10k-labels-idx1-ubyte"), idx_bytes(&[2], vec![8, 9])).unwrap();
    assert_eq!(load("fashion-mnist", Some(root.path()), 0).unwrap().test.labels(), [8, 9]);
    assert_eq!(load("mnist", Some(root.path()), 0).unwrap().test.labels(), [0, 1]);
}

#[test]
fn what_is_missing_is_said() {
    let root = tempfile::tempdir().unwrap();
    let message = load("mnist", None, 0).unwrap_err().to_string();
    assert!(message.contains("--data-dir") && message.contains("https://"), "{message}");

    let error = load("cifar10", Some(root.path()), 0).unwrap_err();
    assert!(matches!(&error, DataError::MissingFiles { files, .. } if files.len() == 6), "{error}");

    let folder = root.path().join("fashion-mnist");
    write_mnist(&folder, str::to_owned, |bytes| bytes.to_vec());
    fs::remove_file(folder.join("t10k-labels-idx1-ubyte")).unwrap();
    match load("fashion-mnist", Some(root.path()), 0).unwrap_err() {
        DataError::MissingFiles { folder: found, files, .. } => {
            assert_eq!((found, files), (folder, vec!["t10k-labels-idx1-ubyte".to_owned()]));
        }
        other => panic!("{other}"),
    }
    let nowhere = load("cifar10", Some(Path::new("/no/such")), 0).unwrap_err().to_string();
    assert_eq!(
        nowhere,
        "cifar10: there is no folder /no/such; its files are in https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"
    );
}

#[test]
fn a_swapped_file_is_named() {
    let root = tempfile::tempdir().unwrap();
    write_mnist(root.path(), str::to_owned, |bytes| bytes.to_vec());
    fs::copy(root.path().join("train-images-idx3-ubyte"), root.path().join("train-labels-idx1-ubyte"))
        .unwrap();
    match load("mnist", Some(root.path()), 0).unwrap_err() {
        DataError::File { path, problem: Problem::Rank { needed: 1, found: 3, .. }, .. } => {
            assert!(path.ends_with("train-labels-idx1-ubyte"));
        }
        other => panic!("{other}"),
    }
}
