//! Tests of the readers and the loader. Files that do not hold what they should come first: they are most of the work.

mod catalogue;
mod cifar;
mod folder;
mod hostile;
mod idx;
mod loader;
mod own_images;
mod real;
mod sampler;
mod split;
mod synthetic;
mod table;
mod text;
mod transforms;

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{Idx, Image};

/// The bytes of an IDX file.
fn idx_bytes(shape: &[usize], values: Vec<u8>) -> Vec<u8> {
    let mut bytes = Vec::new();
    Idx { shape: shape.to_vec(), values }.write(&mut bytes).unwrap();
    bytes
}

/// The same, compressed.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// An image whose pixels count up from 1.
fn counting_image(shape: [usize; 3]) -> Image {
    let count: usize = shape.iter().product();
    Image { shape, pixels: (1..=count as u8).collect() }
}
