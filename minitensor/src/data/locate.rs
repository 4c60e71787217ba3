//! Finds the files of a data set in the folder that the reader gives.

use std::path::{Path, PathBuf};

use super::catalogue::{Source, Spec};
use super::error::DataError;

impl Spec {
    /// The files of the set under `data_dir`, in the order in which the catalogue lists them.
    ///
    /// IDX files may be named as MNIST's are (`train-images-idx3-ubyte`) or with a dot (`train-images.idx3-ubyte`), and
    /// may be gzipped (`.gz`). The files may lie in `data_dir` itself or in a subfolder that is named after the set.
    ///
    /// # Errors
    /// [`DataError::NoFolder`] without a folder, and [`DataError::MissingFiles`], also where there is no such folder.
    pub fn locate(&self, data_dir: Option<&Path>) -> Result<Vec<PathBuf>, DataError> {
        let (folders, spellings): (_, fn(&str) -> Vec<String>) = match self.source {
            Source::EmbeddedWhole(_) | Source::EmbeddedParts { .. } => return Ok(Vec::new()),
            Source::Idx { folders, .. } => (folders, idx_spellings),
            Source::Cifar { folders, .. } => (folders, |name| vec![name.to_owned()]),
        };
        let (set, how) = (self.name, self.how_to_get());
        let Some(data_dir) = data_dir else {
            return Err(DataError::NoFolder { set, how });
        };
        let wanted: Vec<&str> =
            self.remote().iter().flat_map(|remote| remote.contents).map(|c| c.name).collect();
        let find_in = |folder: &Path| find_in(folder, &wanted, spellings);
        let count = |found: &[Option<PathBuf>]| found.iter().flatten().count();

        // The folder with the most of the files: with one missing, the complaint must be about that one alone. A
        // subfolder named after the set goes before the folder itself, where the files of another set may lie.
        let (mut folder, mut found) = (data_dir.to_owned(), find_in(data_dir));
        for subfolder in folders.iter().rev().map(|name| data_dir.join(name)) {
            let there = find_in(&subfolder);
            if count(&there) > 0 && count(&there) >= count(&found) {
                (folder, found) = (subfolder, there);
            }
        }
        if count(&found) == wanted.len() {
            return Ok(found.into_iter().flatten().collect());
        }
        let missing = wanted.iter().zip(&found).filter(|(_, path)| path.is_none());
        let files = missing.map(|(name, _)| (*name).to_owned()).collect();
        Err(DataError::MissingFiles { set, folder, files, how })
    }

    /// One sentence for a reader who has no files.
    pub(crate) fn how_to_get(&self) -> String {
        match self.remote() {
            [archive] if archive.archive => {
                format!("its files are in {}{}", archive.folders[0], archive.file)
            }
            [first, ..] => format!("its files are at {}, and may stay gzipped", first.folders[0]),
            [] => String::new(),
        }
    }
}

/// Where each of the `wanted` files is in `folder`, under any of its spellings.
fn find_in(folder: &Path, wanted: &[&str], spellings: fn(&str) -> Vec<String>) -> Vec<Option<PathBuf>> {
    let find = |name: &&str| spellings(name).iter().map(|file| folder.join(file)).find(|path| path.is_file());
    wanted.iter().map(find).collect()
}

/// The names under which an official IDX file is met.
fn idx_spellings(name: &str) -> Vec<String> {
    let dotted = name.replace("-idx", ".idx");
    [name, &dotted].iter().flat_map(|name| [(*name).to_owned(), format!("{name}.gz")]).collect()
}
