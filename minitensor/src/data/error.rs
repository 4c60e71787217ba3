//! What can be wrong with a data set, said so that a reader can mend it.

use std::io;
use std::path::{Path, PathBuf};

use super::folder_problem::FolderProblem;
use super::line_problem::LineProblem;

/// Why a data set could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// A file does not hold what it should.
    #[error("{}: {problem}{}", path.display(), place(*offset))]
    File {
        /// The file, or a name for what was read where there is no file.
        path: PathBuf,
        /// Where the trouble was met, counted after decompression.
        offset: u64,
        /// What the trouble is.
        problem: Problem,
    },
    /// No data set has this name.
    #[error("there is no data set `{name}`: choose one of {}", known.join(", "))]
    UnknownSet {
        /// The name that was asked for.
        name: String,
        /// The names that exist.
        known: Vec<&'static str>,
    },
    /// The data set is not embedded, and no folder was given to read it from.
    #[error("{set} is not embedded: name the folder that holds its files with --data-dir; {how}")]
    NoFolder {
        /// The data set.
        set: &'static str,
        /// How its files can be had.
        how: String,
    },
    /// The folder to read from is not there, or is no folder.
    #[error("{set}: there is no folder {}; {how}", folder.display())]
    FolderNotFound {
        /// The data set.
        set: &'static str,
        /// The folder that was given.
        folder: PathBuf,
        /// How its files can be had.
        how: String,
    },
    /// A folder lacks files of the data set.
    #[error("{set}: the folder {} lacks {}; {how}", folder.display(), files.join(", "))]
    MissingFiles {
        /// The data set.
        set: &'static str,
        /// The folder that was looked through.
        folder: PathBuf,
        /// The official names of the files that are not there.
        files: Vec<String>,
        /// How they can be had.
        how: String,
    },
    /// A folder of pictures, or something in it, is not as it should be.
    #[error("{}: {problem}", path.display())]
    Folder {
        /// The folder, or what in it.
        path: PathBuf,
        /// What the trouble is.
        problem: FolderProblem,
    },
    /// A line of a table does not hold what it should.
    #[error("{}, line {line}: {problem}", path.display())]
    Line {
        /// The table.
        path: PathBuf,
        /// The line, from 1; the header is a line too.
        line: u64,
        /// What the trouble is.
        problem: LineProblem,
    },
}

/// What is wrong inside a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The operating system could not open or read the file, or its gzip wrapping is damaged.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// There is not a single byte.
    #[error("the file is empty")]
    Empty,
    /// The file ends too soon.
    #[error("the file ends too soon: {needed} bytes are needed, {found} are there")]
    Truncated {
        /// Bytes that the header, or the format, promises.
        needed: u64,
        /// Bytes that are there.
        found: u64,
    },
    /// Something follows the data.
    #[error("the file goes on after its last value: {needed} bytes are needed, and more are there")]
    Trailing {
        /// Bytes that the header, or the format, promises.
        needed: u64,
    },
    /// An IDX file starts with two zero bytes; this one does not.
    #[error("not an IDX file: it starts with {found:02x?}, and [00, 00] is needed")]
    WrongMagic {
        /// The first two bytes.
        found: [u8; 2],
    },
    /// An IDX file of another element type.
    #[error("IDX element type {code:#04x} ({}) is not read here: only 0x08 (unsigned byte) is", element_name(*code))]
    ElementType {
        /// The code in the third byte.
        code: u8,
    },
    /// An IDX header with no dimension at all.
    #[error("an IDX file has at least one dimension, and this header says 0")]
    NoDimension,
    /// An IDX file of another rank: most often labels where images belong, or the other way round.
    #[error("{needed_what} have {needed} dimension(s), but this file has {found}{}", rank_hint(*found))]
    Rank {
        /// What the file should hold: `images` or `labels`.
        needed_what: &'static str,
        /// The rank of that.
        needed: usize,
        /// The rank that the file declares.
        found: usize,
    },
    /// The header declares more than is read.
    #[error("the header declares {declared:?}, more than the {limit} bytes that are read at most")]
    TooLarge {
        /// The sizes in the header.
        declared: Vec<u32>,
        /// The most that is read.
        limit: u64,
    },
    /// Images of another size than the data set has.
    #[error("images are {needed:?} (height, width), but this file has {found:?}")]
    ImageSize {
        /// Height and width of the data set.
        needed: [usize; 2],
        /// Height and width in the file.
        found: [usize; 2],
    },
    /// A file of images that holds none.
    #[error("the file declares no images at all")]
    NoImages,
    /// A label that is not a class.
    #[error("label {found} of example {index} is not below {classes}, the number of classes")]
    LabelOutOfRange {
        /// The label.
        found: u8,
        /// Which example has it.
        index: usize,
        /// How many classes there are.
        classes: usize,
    },
    /// Not one label an image.
    #[error("{labels} labels for {images} images")]
    CountMismatch {
        /// How many images there are.
        images: usize,
        /// How many labels there are.
        labels: usize,
    },
    /// A file, or all files of a set together, with more bytes than are read.
    #[error("there are more than {limit} bytes, the most that are read")]
    TooLong {
        /// The most that is read.
        limit: u64,
    },
    /// A text that is not UTF-8.
    #[error("the text is not UTF-8: save it in that encoding")]
    NotUtf8,
    /// A picture that cannot be decoded, or that declares a size beyond the limit.
    #[error("not a picture that can be read: {0}")]
    NotAnImage(String),
    /// A file of byte pairs that does not hold what `BytePairs::save` writes.
    #[error("not a tokenizer: {0}")]
    NotATokenizer(String),
}

impl DataError {
    /// The error for `problem` at `offset` of `path`.
    pub(crate) fn at(path: &Path, offset: u64, problem: impl Into<Problem>) -> Self {
        DataError::File { path: path.to_owned(), offset, problem: problem.into() }
    }

    /// The error for `problem` with the folder `path`, or with that in it.
    pub(crate) fn folder(path: &Path, problem: impl Into<FolderProblem>) -> Self {
        DataError::Folder { path: path.to_owned(), problem: problem.into() }
    }

    /// The error for `problem` in line `line` of the table `path`.
    pub(crate) fn line(path: &Path, line: u64, problem: LineProblem) -> Self {
        DataError::Line { path: path.to_owned(), line, problem }
    }
}

/// Where in a file; its beginning goes without saying.
fn place(offset: u64) -> String {
    if offset == 0 { String::new() } else { format!(" (at byte {offset})") }
}

/// The names of the element types in the IDX format.
fn element_name(code: u8) -> &'static str {
    match code {
        0x09 => "signed byte",
        0x0B => "16-bit integer",
        0x0C => "32-bit integer",
        0x0D => "32-bit float",
        0x0E => "64-bit float",
        _ => "unknown",
    }
}

/// What a file of this rank most likely is.
fn rank_hint(rank: usize) -> &'static str {
    match rank {
        1 => ": it looks like labels",
        3 => ": it looks like images",
        _ => "",
    }
}
