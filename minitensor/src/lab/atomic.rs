use std::io::{self, Write};
use std::path::Path;

use super::{Error, Result};

/// Writes a file so that a reader sees the old content or the new, never half of it.
///
/// The bytes go to a file beside it, are flushed to the disk, and then take its name. When anything fails (the
/// disk is full, the program is killed), the file that was there before is still whole.
///
/// ```
/// # let dir = tempfile::tempdir().unwrap();
/// # let path = dir.path().join("note.txt");
/// minitensor::lab::write_atomic(&path, |file| writeln!(file, "loss 0.1"))?;
/// assert_eq!(std::fs::read_to_string(&path).unwrap(), "loss 0.1\n");
/// # Ok::<(), minitensor::lab::Error>(())
/// ```
///
/// # Errors
/// [`Error::DiskFull`] or [`Error::File`], with the path.
pub fn write_atomic(
    path: impl AsRef<Path>,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<()> {
    let path = path.as_ref();
    crate::write_atomic::write_atomic(path, fill).map_err(|source| Error::file("write", path, source))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_failed_write_keeps_the_old_file_and_leaves_nothing_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("model.safetensors");
        write_atomic(&path, |file| file.write_all(b"old")).unwrap();

        let full = |file: &mut dyn Write| {
            file.write_all(b"new, but only ha")?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        };
        let error = write_atomic(&path, full).expect_err("the disk is full");
        assert!(matches!(error, Error::DiskFull { .. }), "{error:?}");
        assert!(error.to_string().contains("model.safetensors"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_missing_folder_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("nowhere").join("metrics.csv");
        let error = write_atomic(&path, |file| file.write_all(b"x")).expect_err("no such folder");
        assert!(error.to_string().contains("metrics.csv"), "{error}");
    }
}
