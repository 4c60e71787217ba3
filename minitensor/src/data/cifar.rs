//! CIFAR-10 in its official binary layout (<https://www.cs.toronto.edu/~kriz/cifar.html>).
//!
//! Six files of 10,000 records; a record is one byte of label, then 3,072 of image (C, H, W) = (3, 32, 32).

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::error::{DataError, Problem};
use super::idx::read_exactly;
use super::images::{Images, check_labels};

/// The folder inside the official archive.
pub const FOLDER: &str = "cifar-10-batches-bin";
/// The files of the training part, then the one of the test part.
pub const FILES: [&str; 6] = [
    "data_batch_1.bin",
    "data_batch_2.bin",
    "data_batch_3.bin",
    "data_batch_4.bin",
    "data_batch_5.bin",
    "test_batch.bin",
];
/// Images in each file.
pub const IMAGES_PER_FILE: usize = 10_000;
/// The length of each file.
pub const FILE_BYTES: u64 = (IMAGES_PER_FILE * RECORD_BYTES) as u64;

const SHAPE: [usize; 3] = [3, 32, 32];
const RECORD_BYTES: usize = 1 + 3 * 32 * 32;
const CLASSES: usize = 10;

/// Reads (train, test) from the six files, in the order of [`FILES`].
///
/// # Errors
/// A [`DataError::File`] for a file that cannot be read, is not exactly 10,000 records long, or holds a label above 9.
///
/// # Panics
/// If there are not six.
#[track_caller]
pub fn read_files(files: &[impl AsRef<Path>]) -> Result<(Images, Images), DataError> {
    assert_eq!(files.len(), FILES.len(), "CIFAR-10 is six files");
    let (train, test) = files.split_at(FILES.len() - 1);
    let read_all = |files: &[_]| -> Result<Images, DataError> {
        let mut parts = Parts::default();
        for path in files.iter().map(AsRef::as_ref) {
            let file = File::open(path).map_err(|e| DataError::at(path, 0, e))?;
            parts.append(file, path, IMAGES_PER_FILE)?;
        }
        Ok(parts.into_images())
    };
    Ok((read_all(train)?, read_all(test)?))
}

/// Reads one batch of `count` records; `name` is what an error calls it. Errors are those of [`read_files`].
pub fn read_batch(source: impl Read, name: &Path, count: usize) -> Result<Images, DataError> {
    let mut parts = Parts::default();
    parts.append(source, name, count)?;
    Ok(parts.into_images())
}

/// What has been read so far.
#[derive(Default)]
struct Parts {
    pixels: Vec<u8>,
    labels: Vec<u8>,
}

impl Parts {
    /// Adds a file of `count` records.
    fn append(&mut self, mut source: impl Read, name: &Path, count: usize) -> Result<(), DataError> {
        let bytes = read_exactly(&mut source, (count * RECORD_BYTES) as u64, 0).map_err(|problem| {
            let offset = match problem {
                Problem::Truncated { found, .. } => found,
                Problem::Trailing { needed } => needed,
                _ => 0,
            };
            DataError::at(name, offset, problem)
        })?;
        let first = self.labels.len();
        for record in bytes.chunks_exact(RECORD_BYTES) {
            self.labels.push(record[0]);
            self.pixels.extend_from_slice(&record[1..]);
        }
        check_labels(&self.labels[first..], CLASSES, name, |index| (index * RECORD_BYTES) as u64)
    }

    fn into_images(self) -> Images {
        let [c, h, w] = SHAPE;
        Images::new([self.labels.len(), c, h, w], self.pixels, self.labels)
    }
}
