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
    /// The loss is no longer a number: nothing can be learned from it.
    #[error(
        "the loss is {loss} at step {step} of epoch {epoch}, so training stops; try a smaller --lr, or see with --detect-anomaly which op it comes from"
    )]
    NotFinite {
        /// NaN, or an infinity.
        loss: f64,
        /// The epoch, from 1.
        epoch: usize,
        /// The step within the epoch, from 1.
        step: usize,
    },
    /// A download failed on every address.
    #[error("{0}")]
    Download(String),
}

/// A result with the lab's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// Gives the loss back if it is a number to learn from; call it on the loss of every step.
///
/// ```
/// use minitensor::lab::finite;
///
/// assert_eq!(finite(0.7, 3, 12)?, 0.7);
/// assert!(finite(f64::NAN, 3, 12).unwrap_err().to_string().starts_with("the loss is NaN at step 12 of epoch 3"));
/// # Ok::<(), minitensor::lab::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotFinite`].
pub fn finite(loss: f64, epoch: usize, step: usize) -> Result<f64> {
    if loss.is_finite() { Ok(loss) } else { Err(Error::NotFinite { loss, epoch, step }) }
}

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
