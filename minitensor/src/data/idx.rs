//! IDX, the file format of MNIST: a header of sizes and then the numbers, plain or compressed with gzip.
//!
//! ```text
//! 00 00        always
//! 08           the element type: unsigned byte
//! 03           the number of dimensions
//! 00 00 ea 60  each dimension, big-endian: 60000
//! 00 00 00 1c  28
//! 00 00 00 1c  28
//! ...          the values, the last dimension fastest
//! ```
//!
//! A header is a promise, not a fact: memory grows with the bytes that really arrive, never with those declared.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::error::{DataError, Problem};

/// The most bytes of values that [`Idx::read`] takes: ten times the largest official set.
pub const MAX_BYTES: u64 = 1 << 29;

const UNSIGNED_BYTE: u8 = 0x08;
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The contents of an IDX file of unsigned bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idx {
    /// The size of each dimension, at least one of them.
    pub shape: Vec<usize>,
    /// The values, the last dimension fastest; as many as the product of `shape`.
    pub values: Vec<u8>,
}

impl Idx {
    /// Reads a file, plain or gzipped (told by its first bytes, not by its name).
    ///
    /// # Errors
    /// A [`DataError::File`] that names the path and the byte for whatever is not exactly one IDX file: damaged gzip,
    /// a wrong start, another element type, sizes over [`MAX_BYTES`], too few bytes or too many.
    pub fn open(path: &Path) -> Result<Idx, DataError> {
        let file = File::open(path).map_err(|e| DataError::at(path, 0, e))?;
        Idx::read(BufReader::new(file), path)
    }

    /// Reads from anything; `name` is what an error calls it. Errors are those of [`Idx::open`].
    pub fn read(source: impl Read, name: &Path) -> Result<Idx, DataError> {
        let mut source = Counted { inner: gunzip(source).map_err(|e| DataError::at(name, 0, e))?, offset: 0 };
        parse(&mut source).map_err(|problem| match problem {
            Problem::Trailing { needed } => DataError::at(name, needed, problem),
            _ => DataError::at(name, source.offset, problem),
        })
    }

    /// Writes the file, not compressed.
    ///
    /// # Errors
    /// Whatever `out` answers, or `InvalidInput` where the format cannot hold the shape (no dimension or over 255,
    /// a size above `u32`).
    ///
    /// # Panics
    /// If there are not as many values as the product of the shape.
    #[track_caller]
    pub fn write(&self, mut out: impl Write) -> io::Result<()> {
        let values = self.values.len();
        assert_eq!(
            self.shape.iter().product::<usize>(),
            values,
            "{values} values for shape {:?}",
            self.shape
        );
        let rank = u8::try_from(self.shape.len())
            .ok()
            .filter(|&rank| rank > 0)
            .ok_or(io::ErrorKind::InvalidInput)?;
        out.write_all(&[0, 0, UNSIGNED_BYTE, rank])?;
        for &size in &self.shape {
            let size = u32::try_from(size).map_err(|_| io::ErrorKind::InvalidInput)?;
            out.write_all(&size.to_be_bytes())?;
        }
        out.write_all(&self.values)
    }
}

/// The same bytes, decompressed where they start as gzip does.
pub(crate) fn gunzip<'a>(mut source: impl Read + 'a) -> io::Result<Box<dyn Read + 'a>> {
    let mut start = Vec::with_capacity(GZIP_MAGIC.len());
    source.by_ref().take(GZIP_MAGIC.len() as u64).read_to_end(&mut start)?;
    let is_gzip = start == GZIP_MAGIC;
    let whole = io::Cursor::new(start).chain(source);
    // The multi-member decoder also reads what follows the first member, so nothing can hide behind it.
    Ok(if is_gzip { Box::new(MultiGzDecoder::new(whole)) } else { Box::new(whole) })
}

/// Reads `needed` bytes at most, growing with what arrives, and then makes sure that the source ends there.
pub(crate) fn read_exactly(source: &mut impl Read, needed: u64, before: u64) -> Result<Vec<u8>, Problem> {
    let mut values = Vec::new();
    source.by_ref().take(needed).read_to_end(&mut values)?;
    let found = values.len() as u64;
    if found < needed {
        return Err(Problem::Truncated { needed: before + needed, found: before + found });
    }
    // Asking for one byte more also makes gzip compare its checksum.
    match source.by_ref().take(1).read_to_end(&mut Vec::new())? {
        0 => Ok(values),
        _ => Err(Problem::Trailing { needed: before + needed }),
    }
}

fn parse(source: &mut Counted<impl Read>) -> Result<Idx, Problem> {
    let declared = parse_header(source)?;
    // A size of 0 makes the product 0, so count it as 1: no file may claim 0 x 4294967295 x 4294967295.
    let product =
        declared.iter().try_fold(1u64, |product, &size| product.checked_mul(u64::from(size.max(1))));
    match product {
        Some(product) if product <= MAX_BYTES => {}
        _ => return Err(Problem::TooLarge { declared, limit: MAX_BYTES }),
    }
    let needed = declared.iter().map(|&size| u64::from(size)).product();
    let header_bytes = source.offset;
    let values = read_exactly(source, needed, header_bytes)?;
    Ok(Idx { shape: declared.iter().map(|&size| size as usize).collect(), values })
}

/// Reads up to the sizes, and gives them.
fn parse_header(source: &mut Counted<impl Read>) -> Result<Vec<u32>, Problem> {
    let [zero0, zero1, code, rank] = read_word(source, 4)?;
    if [zero0, zero1] != [0, 0] {
        return Err(Problem::WrongMagic { found: [zero0, zero1] });
    }
    if code != UNSIGNED_BYTE {
        return Err(Problem::ElementType { code });
    }
    if rank == 0 {
        return Err(Problem::NoDimension);
    }
    let header_bytes = 4 + 4 * u64::from(rank);
    (0..rank).map(|_| Ok(u32::from_be_bytes(read_word(source, header_bytes)?))).collect()
}

/// Four bytes of a header that is `header_bytes` long.
fn read_word(source: &mut Counted<impl Read>, header_bytes: u64) -> Result<[u8; 4], Problem> {
    let mut bytes = Vec::with_capacity(4);
    source.by_ref().take(4).read_to_end(&mut bytes)?;
    <[u8; 4]>::try_from(bytes).map_err(|_| match source.offset {
        0 => Problem::Empty,
        found => Problem::Truncated { needed: header_bytes, found },
    })
}

/// A reader that knows how far it is.
struct Counted<R> {
    inner: R,
    offset: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.offset += count as u64;
        Ok(count)
    }
}
