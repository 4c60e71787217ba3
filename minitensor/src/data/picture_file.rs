//! Pictures in PNG and JPEG files.

use std::io::Cursor;
use std::path::Path;

use image::imageops::FilterType;
use image::{ImageReader, Limits};

use super::error::{DataError, Problem};
use super::images::Image;
use super::read::read_file;

/// The most bytes of a file of a picture.
const MAX_FILE_BYTES: u64 = 1 << 26;
/// The most pixels along a side; a header that declares more is refused before anything is decoded.
const MAX_SIDE: u32 = 1 << 14;
/// The most memory for decoding one picture.
const MAX_DECODED_BYTES: u64 = 1 << 28;

/// Reads a PNG or JPEG (told by its first bytes, not by its name), in `channels` (1: grey, 3: red, green, blue), scaled
/// to `height` x `width` where it has another size.
///
/// # Errors
/// A [`DataError::File`] for what cannot be read, is no such picture, is larger than 16,384 pixels a side, or
/// needs more than 256 MiB to decode.
///
/// # Panics
/// If `channels` is not 1 or 3, or a side is not 1 to 16,384.
#[track_caller]
pub fn read_image(path: &Path, shape: [usize; 3]) -> Result<Image, DataError> {
    decode_image(&read_file(path, MAX_FILE_BYTES)?, path, shape)
}

/// The same from bytes; `name` is what an error calls them.
#[track_caller]
pub(crate) fn decode_image(bytes: &[u8], name: &Path, shape: [usize; 3]) -> Result<Image, DataError> {
    check_shape(shape);
    let [channels, height, width] = shape;
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|e| DataError::at(name, 0, e))?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    reader.limits(limits);
    let decoded = reader.decode().map_err(|e| DataError::at(name, 0, Problem::NotAnImage(e.to_string())))?;
    let scaled = match (decoded.height() as usize, decoded.width() as usize) {
        (h, w) if (h, w) == (height, width) => decoded,
        _ => decoded.resize_exact(width as u32, height as u32, FilterType::Triangle),
    };
    let pixels = match channels {
        1 => scaled.into_luma8().into_raw(),
        _ => planes(&scaled.into_rgb8().into_raw()),
    };
    Ok(Image { shape, pixels })
}

/// Stops where no picture can have this shape.
#[track_caller]
pub(super) fn check_shape(shape: [usize; 3]) {
    let [channels, height, width] = shape;
    assert!(
        matches!(channels, 1 | 3)
            && [height, width].iter().all(|side| (1..=MAX_SIDE as usize).contains(side)),
        "pictures: the shape {shape:?} is not (1 or 3, height, width) with sides of 1 to {MAX_SIDE}"
    );
}

/// (H, W, 3) to (3, H, W).
fn planes(interleaved: &[u8]) -> Vec<u8> {
    (0..3).flat_map(|channel| interleaved.iter().skip(channel).step_by(3)).copied().collect()
}
