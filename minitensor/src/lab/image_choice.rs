use std::path::PathBuf;

use clap::builder::RangedU64ValueParser;
use serde::{Deserialize, Serialize};

use super::plot::Tile;
use super::{Error, Options, Outcome, Result, at_least_one, image_set};
use crate::data::{self, CATALOGUE, ImageSet, Images};

/// What `--data` says for pictures of the reader's own.
const OWN: &str = "folder";
/// The side of these pictures, unless told: that of CIFAR-10's.
const OWN_SIDE: usize = 32;

/// The options of a practical that learns from labelled images, beside the common ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, clap::Args, Serialize, Deserialize)]
pub struct ImageOptions {
    /// Use only the first N images of each part, to try something out
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub limit: Option<usize>,
    /// Bring pictures of your own to N x N pixels [default: 32]
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(8..=256))]
    pub image_size: Option<usize>,
}

/// Which images a practical works on: its part of `config.json`.
///
/// ```
/// use minitensor::lab::{ImageChoice, ImageOptions, Options};
///
/// let limit = ImageOptions { limit: Some(100), ..ImageOptions::default() };
/// let choice = ImageChoice::of(&Options::default(), &limit)?;
/// assert_eq!(choice.to_string(), "digits, first 100 images");
/// assert_eq!(choice.load(0)?.train.labels().len(), 100);
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageChoice {
    /// The data set, by its name in the catalogue, or `folder`.
    pub data: String,
    /// Where its files are, if it is not embedded.
    pub data_dir: Option<PathBuf>,
    /// Only so many images of each part.
    pub limit: Option<usize>,
    /// The side that pictures in a folder are brought to.
    pub image_size: Option<usize>,
}

impl ImageChoice {
    /// What the options say: without `--data`, the pictures in `--data-dir`, or else `digits`.
    ///
    /// # Errors
    /// [`Error::Usage`] for `--data folder` without a `--data-dir`, or an `--image-size` where there is no such folder.
    pub fn of(common: &Options, images: &ImageOptions) -> Result<ImageChoice> {
        let Options { data, data_dir, .. } = common.clone();
        let usual = if data_dir.is_some() { OWN } else { "digits" };
        let data = data.unwrap_or_else(|| usual.to_owned());
        match images.image_size {
            _ if data == OWN && data_dir.is_none() => {
                Err(Error::Usage("--data folder: name the folder with --data-dir DIR".to_owned()))
            }
            Some(side) if data != OWN => Err(Error::Usage(format!(
                "--image-size {side}: the images of {data} have a size; only those of --data folder are brought to another"
            ))),
            image_size => {
                let image_size = image_size.or((data == OWN).then_some(OWN_SIDE));
                Ok(ImageChoice { data, data_dir, limit: images.limit, image_size })
            }
        }
    }

    /// Reads the images; `split_seed` decides which are kept for testing, where the set comes in one piece.
    ///
    /// # Errors
    /// Those of [`image_set`], and of [`load_folder`](data::load_folder) for pictures of the reader's own.
    pub fn load(&self, split_seed: u64) -> Outcome<ImageSet> {
        let set = match (&self.data_dir, self.image_size) {
            (Some(folder), Some(side)) if self.data == OWN => {
                if !folder.is_dir() {
                    let message = format!("--data-dir {}: there is no such folder", folder.display());
                    return Err(Error::Usage(message).into());
                }
                data::load_folder(folder, [side; 2], split_seed)?
            }
            (folder, _) => image_set(&self.data, folder.as_deref(), split_seed)?,
        };
        let first = |images: Images| match self.limit {
            Some(limit) => images.select(&(0..images.labels().len().min(limit)).collect::<Vec<_>>()),
            None => images,
        };
        Ok(ImageSet { train: first(set.train), test: first(set.test), ..set })
    }
}

/// What makes it another set than the next: "digits, first 100 images".
impl std::fmt::Display for ImageChoice {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(&self.data)?;
        if let (Some(folder), Some(side)) = (&self.data_dir, self.image_size) {
            write!(f, " {} at {side} x {side}", folder.display())?;
        }
        self.limit.map_or(Ok(()), |n| write!(f, ", first {n} images"))
    }
}

/// The sets of images that `--data` can name, for the end of a practical's `--help`.
pub fn image_sets_help() -> String {
    let own = (OWN, "your own, in --data-dir, with a table labels.csv (file,label) or a folder a class");
    let known = CATALOGUE.iter().map(|set| (set.name, set.about)).chain([own]);
    let lines: Vec<String> = known.map(|(name, about)| format!("  {name:14} {about}")).collect();
    format!(
        "Data sets (--data NAME; digits, unless told, or folder where there is a --data-dir):\n{}",
        lines.join("\n")
    )
}

/// A picture of the set for a gallery, from its intensities (C, H, W). Digits are ink on paper; everything else is as bright
/// as it is.
pub fn image_tile(set: &ImageSet, width: usize, intensities: &[f32]) -> Tile {
    let [_, channels, _, _] = set.train.shape();
    match (&set.classes[0][..], channels) {
        (_, 3) => Tile::rgb(width, intensities),
        ("0", _) => Tile::ink(width, intensities),
        _ => Tile::grey(width, intensities),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(data: Option<&str>, folder: Option<&str>, image_size: Option<usize>) -> Result<ImageChoice> {
        let (data, data_dir) = (data.map(str::to_owned), folder.map(PathBuf::from));
        let common = Options { data, data_dir, ..Options::default() };
        ImageChoice::of(&common, &ImageOptions { limit: None, image_size })
    }

    #[test]
    fn a_folder_alone_is_one_of_pictures() {
        let told = |data, folder, side| choice(data, folder, side).map(|choice| choice.to_string());
        assert_eq!(told(None, None, None).unwrap(), "digits");
        assert_eq!(told(None, Some("pets"), None).unwrap(), "folder pets at 32 x 32");
        assert_eq!(told(Some("folder"), Some("pets"), Some(64)).unwrap(), "folder pets at 64 x 64");
        assert_eq!(told(Some("mnist"), Some("pets"), None).unwrap(), "mnist");
        for (data, side, part) in
            [("folder", None, "--data-dir DIR"), ("digits", Some(64), "--image-size 64")]
        {
            let error = told(Some(data), None, side).expect_err("must be refused");
            assert!(matches!(&error, Error::Usage(message) if message.contains(part)), "{error}");
        }
    }
}
