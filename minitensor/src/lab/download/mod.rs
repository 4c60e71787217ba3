//! Files from the internet, fetched once, checked, and kept.

mod folder;
#[cfg(test)]
mod server;
#[cfg(test)]
mod tests;
mod transfer;
mod unpack;

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::time::Duration;

use super::progress::note;
use super::{Error, Result};
use transfer::{Patience, Trouble};

pub use folder::cache_folder;

/// A file to download once, and what it must hold.
///
/// What arrives is written beside, continued where it stopped (by an HTTP range, also in a later run of the
/// program), unpacked if it is gzipped, checked by its SHA-256 **after** unpacking, and only then given its name.
/// So whatever stands under its name is whole. Addresses are tried in their order. Proxies are taken from the
/// environment (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`).
///
/// ```no_run
/// use minitensor::lab::{Download, cache_folder};
///
/// let folder = cache_folder()?.join("mnist");
/// Download::new("t10k-labels-idx1-ubyte.gz")
///     .url("https://ossci-datasets.s3.amazonaws.com/mnist/t10k-labels-idx1-ubyte.gz")
///     .holds("t10k-labels-idx1-ubyte", 10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")
///     .fetch(&folder)?;
/// assert!(folder.join("t10k-labels-idx1-ubyte").exists());
/// # Ok::<(), minitensor::lab::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "nothing is downloaded before `fetch`"]
pub struct Download {
    file: String,
    urls: Vec<String>,
    contents: Vec<Content>,
    archive: bool,
    patience: Patience,
}

/// A file that a download must hold.
#[derive(Debug, Clone)]
struct Content {
    name: String,
    bytes: u64,
    sha256: String,
}

impl Download {
    /// A download whose file is called `file` where it is offered.
    pub fn new(file: impl Into<String>) -> Download {
        let patience = Patience {
            connect: Duration::from_secs(15),
            read: Duration::from_secs(30),
            tries: 3,
            pause: Duration::from_secs(1),
        };
        Download { file: file.into(), urls: Vec::new(), contents: Vec::new(), archive: false, patience }
    }

    /// An address that offers the file: a whole URL.
    pub fn url(mut self, url: impl Into<String>) -> Download {
        self.urls.push(url.into());
        self
    }

    /// What the file holds when it is unpacked: a name, a length in bytes, a SHA-256 in hexadecimal digits.
    pub fn holds(mut self, name: impl Into<String>, bytes: u64, sha256: impl Into<String>) -> Download {
        self.contents.push(Content { name: name.into(), bytes, sha256: sha256.into() });
        self
    }

    /// The file is a tar archive (gzipped or not): each content is looked for in it by its name, in any of its
    /// folders.
    pub fn archive(mut self) -> Download {
        self.archive = true;
        self
    }

    /// Brings the contents into the folder, unless they are there. A file that was downloaded by hand and put into
    /// the folder under its own name is taken instead of the internet's.
    ///
    /// # Errors
    /// [`Error::Download`], which says what every address answered and what to do by hand; [`Error::DiskFull`] and
    /// [`Error::File`]. What has arrived is kept for the next attempt.
    pub fn fetch(&self, folder: &Path) -> Result<()> {
        if self.is_there(folder) {
            return Ok(());
        }
        fs::create_dir_all(folder).map_err(|e| Error::file("create the folder", folder, e))?;
        let by_hand = folder.join(&self.file);
        if by_hand.is_file() {
            let mut file = File::open(&by_hand).map_err(|e| Error::file("read", &by_hand, e))?;
            return unpack::unpack(self, &mut file, folder)?
                .map_err(|problem| Error::Content { path: by_hand, problem });
        }
        self.download(folder)
    }

    fn is_there(&self, folder: &Path) -> bool {
        self.contents.iter().all(|content| folder.join(&content.name).is_file())
    }

    fn download(&self, folder: &Path) -> Result<()> {
        let path = folder.join(format!(".{}.part", self.file));
        let mut part = open_alone(&path)?;
        if self.is_there(folder) {
            return Ok(()); // another program has just brought it
        }
        let mut answers = Vec::new();
        for url in &self.urls {
            match self.try_one(url, &mut part, &path, folder)? {
                Ok(()) => {
                    drop(part);
                    // The contents are in place; a part that cannot be removed is only litter.
                    let _ = fs::remove_file(&path);
                    return Ok(());
                }
                Err(problem) => answers.push(format!("  {url}: {problem}")),
            }
        }
        if length(&part).is_ok_and(|length| length == 0) {
            let _ = fs::remove_file(&path);
        }
        Err(self.failed(folder, &answers))
    }

    /// Tries one address: the outer result is about this machine, the inner one about the address.
    fn try_one(
        &self,
        url: &str,
        part: &mut File,
        path: &Path,
        folder: &Path,
    ) -> Result<std::result::Result<(), String>> {
        let local = |e| Error::file("write", path, e);
        let mut tries = 0;
        loop {
            let before = length(part).map_err(local)?;
            let problem = match transfer::transfer(url, part, self.limit(), &self.file, self.patience) {
                Ok(()) => match unpack::unpack(self, part, folder)? {
                    Ok(()) => return Ok(Ok(())),
                    Err(problem) => {
                        part.set_len(0).map_err(local)?;
                        // A part of another version of the file may have been continued: once more, from nothing.
                        if before == 0 {
                            return Ok(Err(problem));
                        }
                        continue;
                    }
                },
                Err(Trouble::Local(e)) => return Err(local(e)),
                Err(Trouble::Final(problem)) => return Ok(Err(problem)),
                Err(Trouble::Passing(problem)) => problem,
            };
            // As long as every attempt brings something, there is hope.
            tries = if length(part).map_err(local)? > before { 1 } else { tries + 1 };
            if tries >= self.patience.tries {
                return Ok(Err(problem));
            }
            std::thread::sleep(self.patience.pause * tries);
        }
    }

    /// More than this is not what we asked for: the contents, and some wrapping.
    fn limit(&self) -> u64 {
        let contents: u64 = self.contents.iter().map(|content| content.bytes).sum();
        contents + contents / 50 + (1 << 20)
    }

    fn failed(&self, folder: &Path, answers: &[String]) -> Error {
        let (file, folder) = (&self.file, folder.display());
        Error::Download(format!(
            "cannot download {file}\n{}\nDownload it by hand and put it into {folder}, or name a folder that holds \
             the data set with --data-dir",
            answers.join("\n")
        ))
    }
}

/// Opens the part for writing, and waits while another program writes to it.
fn open_alone(path: &Path) -> Result<File> {
    let failed = |e| Error::file("write", path, e);
    let part =
        File::options().read(true).write(true).create(true).truncate(false).open(path).map_err(failed)?;
    // A file system without locks is no reason not to download: the checksum tells if two writers meet.
    if let Err(TryLockError::WouldBlock) = part.try_lock() {
        note(&format!("Waiting for another program that downloads {}.", path.display()));
        part.lock().map_err(failed)?;
    }
    Ok(part)
}

fn length(file: &File) -> std::io::Result<u64> {
    Ok(file.metadata()?.len())
}
