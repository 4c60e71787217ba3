//! From what was downloaded to the files that it holds, each checked before it gets its name.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::{Content, Download};
use crate::lab::{Error, Result, write_atomic};

const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Writes the contents of `packed` into the folder. The outer result is about this machine, the inner one about what
/// the file holds.
pub(super) fn unpack(
    download: &Download,
    packed: &mut File,
    folder: &Path,
) -> Result<std::result::Result<(), String>> {
    let read = |e| Error::file("read", folder.join(&download.file), e);
    let mut magic = Vec::new();
    packed.seek(SeekFrom::Start(0)).map_err(read)?;
    Read::by_ref(packed).take(2).read_to_end(&mut magic).map_err(read)?;
    packed.seek(SeekFrom::Start(0)).map_err(read)?;
    let packed = BufReader::new(packed);
    // A server, or the reader's browser, may have unpacked the file already.
    let mut plain: Box<dyn Read> =
        if magic == GZIP { Box::new(MultiGzDecoder::new(packed)) } else { Box::new(packed) };
    if download.archive {
        return unpack_archive(download, plain, folder);
    }
    match &download.contents[..] {
        [content] => write_checked(&mut plain, content, folder),
        contents => Ok(Err(format!("one file cannot hold {} contents", contents.len()))),
    }
}

/// Takes from a tar archive the contents by name, wherever it says that they belong: it can write nowhere else.
fn unpack_archive(
    download: &Download,
    tar: Box<dyn Read + '_>,
    folder: &Path,
) -> Result<std::result::Result<(), String>> {
    let mut missing: Vec<&Content> = download.contents.iter().collect();
    let mut archive = tar::Archive::new(tar);
    let entries = match archive.entries() {
        Ok(entries) => entries,
        Err(e) => return Ok(Err(format!("not a tar archive: {e}"))),
    };
    for entry in entries {
        let mut entry = match entry {
            Ok(entry) => entry,
            Err(e) => return Ok(Err(format!("damaged archive: {e}"))),
        };
        let Ok(path) = entry.path().map(|path| path.into_owned()) else { continue };
        let Some(found) = missing.iter().position(|content| path.ends_with(&content.name)) else { continue };
        if let Err(problem) = write_checked(&mut entry, missing[found], folder)? {
            return Ok(Err(problem));
        }
        missing.swap_remove(found);
    }
    let names: Vec<&str> = missing.iter().map(|content| content.name.as_str()).collect();
    Ok(if names.is_empty() { Ok(()) } else { Err(format!("the archive lacks {}", names.join(", "))) })
}

/// Writes a content under its name if its length and its checksum are right.
fn write_checked(
    plain: &mut dyn Read,
    content: &Content,
    folder: &Path,
) -> Result<std::result::Result<(), String>> {
    let mut problem = None;
    let written = write_atomic(folder.join(&content.name), |file| {
        problem = copy_checked(plain, content, file)?;
        // Any error keeps `write_atomic` from giving the file its name.
        if problem.is_some() { Err(io::ErrorKind::InvalidData.into()) } else { Ok(()) }
    });
    match problem {
        Some(problem) => Ok(Err(problem)),
        None => written.map(Ok),
    }
}

/// Copies the content; says what is wrong with it, if anything. An error is one of writing.
fn copy_checked(plain: &mut dyn Read, content: &Content, file: &mut dyn Write) -> io::Result<Option<String>> {
    let Content { name, bytes, sha256 } = content;
    let (mut hash, mut length) = (Sha256::new(), 0);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let n = match plain.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => n,
            Err(e) => return Ok(Some(format!("{name} is damaged after byte {length}: {e}"))),
        };
        length += n as u64;
        if length > *bytes {
            return Ok(Some(format!("{name} is longer than its {bytes} bytes")));
        }
        hash.update(&buffer[..n]);
        file.write_all(&buffer[..n])?;
    }
    if length < *bytes {
        return Ok(Some(format!("{name} has {length} bytes instead of {bytes}")));
    }
    let found: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let same = found.eq_ignore_ascii_case(sha256);
    Ok((!same).then(|| format!("{name} has the SHA-256 {found} instead of {sha256}")))
}
