//! Files read whole, up to a limit.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::error::{DataError, Problem};

/// All bytes of a file that has `limit` at most. Memory grows with the bytes that arrive.
pub(crate) fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, DataError> {
    let file = File::open(path).map_err(|e| DataError::at(path, 0, e))?;
    read_limited(file, path, limit)
}

/// The same from anything; `name` is what an error calls it.
pub(crate) fn read_limited(source: impl Read, name: &Path, limit: u64) -> Result<Vec<u8>, DataError> {
    let mut bytes = Vec::new();
    let read = source.take(limit + 1).read_to_end(&mut bytes);
    read.map_err(|e| DataError::at(name, bytes.len() as u64, e))?;
    match bytes.len() as u64 {
        length if length > limit => Err(DataError::at(name, limit, Problem::TooLong { limit })),
        _ => Ok(bytes),
    }
}
