//! What can go wrong with the book, said so that it can be put right.

use std::path::{Path, PathBuf};

/// A failure of the tool itself. What a check finds wrong in the book is a list of sentences instead.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// `outputs.toml` is not what the tool expects.
    #[error("{}: {message}", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong, and where.
        message: String,
    },
    /// mdBook could not build the pages.
    #[error("mdBook: {0}")]
    MdBook(String),
    /// A command whose output the book shows failed.
    #[error("`{command}` ended with {status}\n{stderr}")]
    Command {
        /// The command as the book shows it.
        command: String,
        /// How it ended.
        status: String,
        /// The last lines that it wrote to standard error.
        stderr: String,
    },
    /// The local server could not start or answer.
    #[error("cannot serve the book on {address}: {message}")]
    Serve {
        /// The address that was tried.
        address: String,
        /// What the system said.
        message: String,
    },
}

/// A result with the tool's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// Adds the path to an I/O error, which does not know it.
pub(crate) fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Error + '_ {
    move |source| Error::Io { path: path.to_path_buf(), source }
}

/// Reads a text file; the error names it.
pub(crate) fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(at(path))
}

/// Writes a text file and the folders above it; the error names it.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(at(folder))?;
    }
    std::fs::write(path, text).map_err(at(path))
}

/// Every file under `folder` whose name ends in `.extension`, sorted, so that reports come in a stable order.
pub(crate) fn files_under(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(at(&folder))? {
            let path = entry.map_err(at(&folder))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
