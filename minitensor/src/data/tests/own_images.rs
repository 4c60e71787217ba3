//! A folder of a reader's own pictures as a set: laid out in each way, and wrong in each way.

use std::fs;
use std::path::Path;

use image::{Rgb, RgbImage};
use tempfile::{TempDir, tempdir};

use crate::data::{DataError, FolderProblem, ImageSet, load_folder};

/// A picture of one colour, as large as its number says.
fn save(path: &Path, size: u32, red: u8) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    RgbImage::from_pixel(size, size + 1, Rgb([red, 2, 3])).save(path).unwrap();
}

/// Ten pictures of each of two classes, of different sizes: cats are dark, dogs bright.
fn pets(folder: &Path) {
    for i in 0..10 {
        save(&folder.join(format!("cat/{i}.png")), 3 + i, i as u8);
        save(&folder.join(format!("dog/{i}.jpg")), 3 + i, 200 + i as u8);
    }
}

fn problem(folder: &Path) -> FolderProblem {
    match load_folder(folder, [4, 6], 0).unwrap_err() {
        DataError::Folder { problem, .. } => problem,
        other => panic!("{other}"),
    }
}

fn reds(images: &crate::data::Images) -> Vec<u8> {
    (0..images.labels().len()).map(|i| images.pixels(i)[0]).collect()
}

#[test]
fn a_folder_a_class_is_split_alike_and_mixed() {
    let folder = tempdir().unwrap();
    pets(folder.path());
    fs::create_dir(folder.path().join(".thumbnails")).unwrap();
    let load = |seed| load_folder(folder.path(), [4, 6], seed).unwrap();
    let set = load(0);
    assert_eq!(set.classes, ["cat", "dog"]);
    assert_eq!(set.name, folder.path().file_name().unwrap().to_str().unwrap());
    assert_eq!((set.train.shape(), set.test.shape()), ([16, 3, 4, 6], [4, 3, 4, 6]));
    assert_eq!(set.test.labels().iter().filter(|&&label| label == 1).count(), 2);
    let bright_dogs = |set: &ImageSet| {
        reds(&set.train).iter().zip(set.train.labels()).all(|(&red, &label)| (red > 100) == (label == 1))
    };
    assert!(bright_dogs(&set), "labels stay with pictures");
    assert!(!set.train.labels().is_sorted(), "the first few are of more than one class");
    assert_eq!(set.train, load(0).train);
    assert_ne!(set.train, load(1).train);
}

#[test]
fn two_parts_are_kept_and_mean_the_same() {
    let folder = tempdir().unwrap();
    pets(&folder.path().join("train"));
    save(&folder.path().join("test/b.png"), 5, 9);
    fs::write(folder.path().join("test/labels.csv"), "file,label\nb.png,dog\n").unwrap();
    let set = load_folder(folder.path(), [4, 6], 0).unwrap();
    assert_eq!(
        (set.train.labels().len(), set.test.labels()),
        (20, &[1][..]),
        "a dog, though it is the only class"
    );

    fs::remove_dir_all(folder.path().join("test")).unwrap();
    save(&folder.path().join("test/wolf/a.png"), 5, 9);
    assert!(
        matches!(problem(folder.path()), FolderProblem::UnknownClass { known } if known == ["cat", "dog"])
    );
}

#[test]
fn normalised_they_have_mean_0_and_deviation_1() {
    let folder = tempdir().unwrap();
    pets(folder.path());
    let set = load_folder(folder.path(), [4, 6], 0).unwrap();
    let batch = set.train.images_tensor().to_dtype(crate::DType::F64) * (1.0 / 255.0); // (16, 3, 4, 6)
    let (mean, std) = set.train.mean_std(255);
    for channel in 0..3 {
        let plane = batch.select(1, channel);
        assert!((plane.mean().item() - f64::from(mean[channel])).abs() < 1e-6);
        let deviation = (&plane - plane.mean()).square().mean().sqrt().item();
        assert!((deviation - f64::from(std[channel])).abs() < 1e-6, "channel {channel}");
    }
    // All pictures are as green: a deviation of 0 must not become a division by it.
    let first = crate::data::Image { shape: [3, 4, 6], pixels: set.train.pixels(0).to_vec() };
    assert!(set.normalize.apply(&first).to_vec::<f32>().iter().all(|x| x.is_finite() && x.abs() < 3.0));
}

#[test]
fn what_is_wrong_with_a_folder_is_told() {
    let changed = |change: &dyn Fn(&TempDir)| {
        let folder = tempdir().unwrap();
        change(&folder);
        problem(folder.path())
    };
    assert!(matches!(changed(&|_| {}), FolderProblem::NoLabels));
    assert!(matches!(changed(&|f| save(&f.path().join("a.png"), 4, 1)), FolderProblem::NoLabels));
    assert!(matches!(changed(&|f| fs::create_dir(f.path().join("cat")).unwrap()), FolderProblem::NoPictures));
    let table = |text: &'static str| {
        changed(&|f| {
            save(&f.path().join("a.png"), 4, 1);
            fs::write(f.path().join("labels.csv"), text).unwrap();
        })
    };
    assert!(matches!(table("file,label\na.png,cat\n"), FolderProblem::TooFew { found: 1 }));
    assert!(matches!(table("file,label\n"), FolderProblem::Unlabelled { .. }));
    let long = "x".repeat(41);
    assert!(matches!(changed(&|f| save(&f.path().join(&long).join("a.png"), 4, 1)), FolderProblem::BadName));
    assert!(matches!(problem(Path::new("/no/such/folder")), FolderProblem::Io(_)));

    let folder = tempdir().unwrap();
    pets(folder.path());
    let error = load_folder(folder.path(), [16_384; 2], 0).unwrap_err().to_string();
    assert!(
        error.contains("20 pictures of [3, 16384, 16384]") && error.ends_with("make them smaller"),
        "{error}"
    );
    for class in 0..257 {
        save(&folder.path().join(format!("{class}/a.png")), 4, 1);
    }
    assert!(matches!(problem(folder.path()), FolderProblem::ClassCount { found: 259 }));
}

#[test]
fn a_picture_cut_short_is_named() {
    let folder = tempdir().unwrap();
    pets(folder.path());
    let path = folder.path().join("dog/7.jpg");
    let whole = fs::read(&path).unwrap();
    for bytes in [&whole[..whole.len() / 3], b"", b"GIF89a"] {
        fs::write(&path, bytes).unwrap();
        let error = load_folder(folder.path(), [4, 6], 0).unwrap_err().to_string();
        assert!(error.contains("7.jpg: not a picture that can be read"), "{error}");
    }
}
