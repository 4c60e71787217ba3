//! Any file of text.

use std::path::Path;

use crate::data::error::{DataError, Problem};
use crate::data::read::read_file;

/// The longest text that [`read_text`] takes.
pub const MAX_TEXT_BYTES: u64 = 1 << 27;

/// Reads a text in UTF-8. Line ends become `\n`, and the mark that some editors put first is left out.
///
/// # Errors
/// A [`DataError::File`] for what cannot be read, is empty, is longer than [`MAX_TEXT_BYTES`], or is not UTF-8, with the
/// first byte that is not.
pub fn read_text(path: &Path) -> Result<String, DataError> {
    let text = String::from_utf8(read_file(path, MAX_TEXT_BYTES)?)
        .map_err(|e| DataError::at(path, e.utf8_error().valid_up_to() as u64, Problem::NotUtf8))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n");
    if text.is_empty() { Err(DataError::at(path, 0, Problem::Empty)) } else { Ok(text) }
}
