use std::io;
use std::path::{Path, PathBuf};

/// What goes wrong around a practical: its command line, its files, its downloads.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The command line asks for something that cannot be: [`run`](super::run) exits with code 2.
    #[error("{0}")]
    Usage(String),
    /// A file or folder could not be read or written.
    #[error("cannot {action} {}", path.display())]
    File {
        /// What was tried, as a verb: "read", "write", "create the folder".
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The disk is full. The file that stood there before is still whole.
    #[error("the disk is full: could not write {} (what stood there before is untouched); free some space and try again", path.display())]
    DiskFull {
        /// What was being written.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file is there, but does not hold what it should.
    #[error("{} does not hold what it should: {problem}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and where.
        problem: String,
    },
    /// `--resume` found no run to go on with.
    #[error("nothing to resume: {} is not there; start the run without --resume first", path.display())]
    NothingToResume {
        /// The file that a resumed run starts from.
        path: PathBuf,
    },
    /// A download failed on every address.
    #[error("{0}")]
    Download(String),
}

/// A result with the lab's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Wraps an [`io::Error`] with what was tried and where; tells a full disk from the rest.
    pub fn file(action: &'static str, path: impl AsRef<Path>, source: io::Error) -> Error {
        let path = path.as_ref().to_path_buf();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::DiskFull { path, source },
            _ => Error::File { action, path, source },
        }
    }
}
