//! Files that are never half written.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Writes a file so that a reader sees the old content or the new, never half of it.
///
/// The bytes go to a file beside it, are flushed to the disk, and then take its name. When anything fails (the
/// disk is full, the program is killed), the file that was there before is still whole.
pub(crate) fn write_atomic(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let beside = beside(path);
    let written = write_beside(&beside, fill).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
        return written;
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
