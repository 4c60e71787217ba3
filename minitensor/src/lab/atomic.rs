use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::{Error, Result};

/// Writes a file so that a reader sees the old content or the new, never half of it.
///
/// The bytes go to a file beside it, are flushed to the disk, and then take its name. When anything fails (the
/// disk is full, the program is killed), the file that was there before is still whole.
///
/// ```
/// # let dir = tempfile::tempdir().unwrap();
/// # let path = dir.path().join("note.txt");
/// use std::io::Write;
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
    let beside = beside(path);
    let written = write_beside(&beside, fill).and_then(|()| fs::rename(&beside, path));
    if let Err(source) = written {
        let _ = fs::remove_file(&beside);
        return Err(Error::file("write", path, source));
    }
    flush_folder(path);
    Ok(())
}

fn write_beside(beside: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut writer = BufWriter::new(File::create(beside)?);
    fill(&mut writer)?;
    let file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()
}

/// `runs/x/metrics.csv` is written as `runs/x/.metrics.csv.part`: in the same folder, since a rename cannot
/// leave a disk, and always under the same name, so that a killed program leaves at most one behind.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.part"))
}

/// The new name itself must reach the disk. Windows cannot open a folder, and some file systems refuse: the
/// content is safe in any case.
fn flush_folder(path: &Path) {
    if let Some(folder) = path.parent()
        && let Ok(folder) = File::open(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
    {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
mod tests {
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
