//! The data sets that are compiled into the program. `minitensor/data/README.md` says where they come from.

use std::io::Read;
use std::path::Path;

use super::error::DataError;
use super::idx::{Idx, gunzip};
use super::images::Images;

/// A gzipped IDX file of images and the one of their labels, inside the program.
#[derive(Clone, Copy, Debug)]
pub struct IdxPair {
    images: &'static [u8],
    labels: &'static [u8],
}

macro_rules! idx_pair {
    ($prefix:literal) => {
        IdxPair {
            images: include_bytes!(concat!("../../data/", $prefix, "images-idx3-ubyte.gz")),
            labels: include_bytes!(concat!("../../data/", $prefix, "labels-idx1-ubyte.gz")),
        }
    };
}

/// 1,797 handwritten digits, 8x8, values 0..=16.
pub(crate) const DIGITS: IdxPair = idx_pair!("digits/");
/// 1,800 images of Fashion-MNIST, 180 of each class.
pub(crate) const FASHION_MINI_TRAIN: IdxPair = idx_pair!("fashion-mini/train-");
/// 500 images of the test part of Fashion-MNIST, 50 of each class.
pub(crate) const FASHION_MINI_TEST: IdxPair = idx_pair!("fashion-mini/t10k-");

const NAMES: &[u8] = include_bytes!("../../data/names/names.txt.gz");

/// 30,294 first names in lower-case letters, the most frequent first: what a character model learns to invent.
pub fn names() -> Vec<String> {
    let mut text = String::new();
    let read = gunzip(NAMES).and_then(|mut plain| plain.read_to_string(&mut text));
    read.expect("the embedded names are whole: a test reads them");
    text.lines().map(str::to_owned).collect()
}

impl IdxPair {
    /// The images, checked as those of a file are.
    pub(crate) fn read(self, size: [usize; 2], classes: usize) -> Result<Images, DataError> {
        let [images_name, labels_name] = [Path::new("embedded images"), Path::new("embedded labels")];
        let images = Idx::read(self.images, images_name)?;
        let labels = Idx::read(self.labels, labels_name)?;
        Images::from_idx((images, images_name), (labels, labels_name), size, classes)
    }
}
