//! A reader's own pictures as a set to learn from and to test with.

use std::path::Path;

use rand::seq::SliceRandom;

use super::catalogue::{ImageSet, TEST_SHARE};
use super::error::DataError;
use super::folder::ImageFolder;
use super::folder_problem::FolderProblem;
use super::images::Images;
use super::random::{Purpose, generator};
use super::transforms::Normalize;

/// The table of labels in a folder of pictures.
const TABLE: &str = "labels.csv";
/// The byte that means full intensity in a PNG or JPEG.
const WHITE: u8 = 255;

/// Reads the pictures in `folder` in colour, each brought to `size` (height, width).
///
/// Either the folder has two parts, `train/` and `test/`, or it is one, of which `seed` keeps a fifth of each class for
/// testing. The classes of a part stand in a table `labels.csv` ([`ImageFolder::with_table`]), or else each has a folder
/// ([`ImageFolder::by_class`]). Pictures come in an order that `seed` draws.
///
/// # Errors
/// Those of [`ImageFolder`], and [`FolderProblem::TooFew`] where nothing is left to test with.
///
/// # Panics
/// If a side of `size` is not 1 to 16,384.
#[track_caller]
pub fn load_folder(folder: &Path, size: [usize; 2], seed: u64) -> Result<ImageSet, DataError> {
    let [train_folder, test_folder] = ["train", "test"].map(|part| folder.join(part));
    let (classes, train, test) = if train_folder.is_dir() && test_folder.is_dir() {
        let train = read(&train_folder, size, None)?;
        let test = read(&test_folder, size, Some(&train.classes))?;
        (train.classes, train.images, test.images)
    } else {
        let ImageFolder { classes, images } = read(folder, size, None)?;
        let (train, test) = images.stratified_split(TEST_SHARE, seed);
        if test.labels().is_empty() {
            let found = images.labels().len();
            return Err(DataError::folder(folder, FolderProblem::TooFew { found }));
        }
        (classes, train, test)
    };
    let (mean, std) = train.mean_std(WHITE);
    let at_least_a_level: Vec<f32> = std.iter().map(|std| std.max(1.0 / f32::from(WHITE))).collect();
    let whole_path = folder.canonicalize().unwrap_or_default(); // `.` has no name
    let name = whole_path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(ImageSet {
        name,
        classes,
        train: shuffled(&train, seed, 0),
        test: shuffled(&test, seed, 1),
        normalize: Normalize::new(WHITE, &mean, &at_least_a_level),
    })
}

fn read(
    folder: &Path,
    [height, width]: [usize; 2],
    classes: Option<&[String]>,
) -> Result<ImageFolder, DataError> {
    let (shape, table) = ([3, height, width], folder.join(TABLE));
    match table.exists() {
        true => ImageFolder::with_table(folder, &table, shape, classes),
        false => ImageFolder::by_class(folder, shape, classes),
    }
}

/// In an order in which the first few are of any class, and not all of the first.
fn shuffled(images: &Images, seed: u64, part: u64) -> Images {
    let mut order: Vec<usize> = (0..images.labels().len()).collect();
    order.shuffle(&mut generator(Purpose::Parts, seed, 0, part));
    images.select(&order)
}
