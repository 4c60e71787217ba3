use std::path::{Path, PathBuf};

use super::{Download, Error, Outcome, cache_folder};
use crate::data::{self, ImageSet, Remote, Spec};

/// The set of labelled images called `name`: embedded, or read from `--data-dir`, or else downloaded once to the
/// [`cache_folder`] and read from there. A set that comes in one piece is split 80 to 20 by `split_seed`.
///
/// ```
/// let digits = minitensor::lab::image_set("digits", None, 0)?;
/// assert_eq!(digits.classes.len(), 10);
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
///
/// # Errors
/// [`Error::Usage`] for a name that no set has, and a folder that is not there; [`DataError`](data::DataError) for files that are
/// missing from the folder or damaged; [`Error::Download`], which says what to do by hand.
pub fn image_set(name: &str, data_dir: Option<&Path>, split_seed: u64) -> Outcome<ImageSet> {
    let spec = data::find(name).map_err(|e| Error::Usage(format!("--data {name}: {e}")))?;
    let folder = match data_dir {
        Some(folder) if !folder.is_dir() => {
            return Err(
                Error::Usage(format!("--data-dir {}: there is no such folder", folder.display())).into()
            );
        }
        Some(folder) => Some(folder.to_path_buf()),
        None if spec.remote().is_empty() => None,
        None => Some(downloaded(spec)?),
    };
    Ok(data::load(name, folder.as_deref(), split_seed)?)
}

/// The folder that holds the files of the set, once they have been downloaded.
fn downloaded(spec: &Spec) -> Outcome<PathBuf> {
    let cache = cache_folder()?;
    if spec.locate(Some(&cache)).is_err() {
        let folder = cache.join(spec.name);
        spec.remote().iter().map(download).try_for_each(|download| download.fetch(&folder))?;
    }
    Ok(cache)
}

fn download(remote: &Remote) -> Download {
    let plain = remote.urls().fold(Download::new(remote.file), Download::url);
    let known =
        remote.contents.iter().fold(plain, |d, content| d.holds(content.name, content.bytes, content.sha256));
    if remote.archive { known.archive() } else { known }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_embedded_set_needs_no_folder() {
        let set = image_set("digits", None, 0).unwrap();
        assert_eq!(set.train.labels().len() + set.test.labels().len(), 1797);
    }

    #[test]
    fn what_is_not_there_is_told() {
        let message = |name: &str, folder: Option<&Path>| {
            image_set(name, folder, 0).expect_err("must fail").to_string()
        };
        let unknown = message("digit", None);
        assert!(unknown.starts_with("--data digit: ") && unknown.contains("digits"), "{unknown}");
        let nowhere = message("mnist", Some(Path::new("/no/such/folder")));
        assert_eq!(nowhere, "--data-dir /no/such/folder: there is no such folder");
        let empty = tempfile::tempdir().unwrap();
        let missing = message("mnist", Some(empty.path()));
        assert!(missing.contains("train-images-idx3-ubyte"), "{missing}");
    }

    #[test]
    fn every_remote_file_can_be_asked_for() {
        for remote in data::CATALOGUE.iter().flat_map(Spec::remote) {
            let asked = format!("{:?}", download(remote));
            assert!(remote.urls().all(|url| url.ends_with(remote.file) && asked.contains(&url)), "{asked}");
            assert!(remote.contents.iter().all(|content| content.sha256.len() == 64), "{asked}");
        }
    }
}
