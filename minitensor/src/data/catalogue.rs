//! The sets of labelled images that can be had by name. **To add one, add it to [`CATALOGUE`].**

use std::path::Path;

use super::cifar;
use super::embedded::{DIGITS, FASHION_MINI_TEST, FASHION_MINI_TRAIN, IdxPair};
use super::error::DataError;
use super::idx::Idx;
use super::images::Images;
use super::remote::{CIFAR10, FASHION_MNIST, MNIST, Remote};
use super::transforms::Normalize;

/// Every set, by name.
pub const CATALOGUE: &[Spec] = &[
    Spec {
        name: "digits",
        about: "1,797 real scans of handwritten digits, 8x8 grey (UCI, CC BY 4.0)",
        classes: &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        image: [1, 8, 8],
        white: 16,
        mean: &[0.3053],
        std: &[0.3760],
        source: Source::EmbeddedWhole(DIGITS),
    },
    Spec {
        name: "fashion-mini",
        about: "1,800 + 500 pictures of clothes, 28x28 grey (a part of Fashion-MNIST, MIT)",
        classes: FASHION_CLASSES,
        image: [1, 28, 28],
        white: 255,
        mean: &[0.2860],
        std: &[0.3530],
        source: Source::EmbeddedParts { train: FASHION_MINI_TRAIN, test: FASHION_MINI_TEST },
    },
    Spec {
        name: "fashion-mnist",
        about: "60,000 + 10,000 pictures of clothes, 28x28 grey (Zalando, MIT)",
        classes: FASHION_CLASSES,
        image: [1, 28, 28],
        white: 255,
        mean: &[0.2860],
        std: &[0.3530],
        source: Source::Idx { folders: &["fashion-mnist", "FashionMNIST/raw"], remote: FASHION_MNIST },
    },
    Spec {
        name: "mnist",
        about: "60,000 + 10,000 handwritten digits, 28x28 grey (LeCun, Cortes and Burges)",
        classes: &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        image: [1, 28, 28],
        white: 255,
        mean: &[0.1307],
        std: &[0.3081],
        source: Source::Idx { folders: &["mnist", "MNIST/raw"], remote: MNIST },
    },
    Spec {
        name: "cifar10",
        about: "50,000 + 10,000 small photographs of ten things, 32x32 in colour (Krizhevsky)",
        classes: &["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
        image: [3, 32, 32],
        white: 255,
        mean: &[0.4914, 0.4822, 0.4465],
        std: &[0.2470, 0.2435, 0.2616],
        source: Source::Cifar {
            folders: &[cifar::FOLDER, "cifar10", "cifar10/cifar-10-batches-bin"],
            remote: CIFAR10,
        },
    },
];

const FASHION_CLASSES: &[&str] = &[
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
];

/// What is known of a set before it is read.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The name that it is asked for by.
    pub name: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    /// The name of each class.
    pub classes: &'static [&'static str],
    /// Channels, height, width.
    pub image: [usize; 3],
    /// The byte that means full intensity.
    pub white: u8,
    /// The mean of pixel / white over the training images, for each channel.
    pub mean: &'static [f32],
    /// The standard deviation of pixel / white over the training images, for each channel.
    pub std: &'static [f32],
    /// How it is had.
    pub source: Source,
}

/// How a set is had.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Source {
    /// In the program, in one piece: a fifth of each class is kept for testing.
    EmbeddedWhole(IdxPair),
    /// In the program, in two parts.
    EmbeddedParts {
        /// To learn from.
        train: IdxPair,
        /// To test with.
        test: IdxPair,
    },
    /// Four IDX files with the names of MNIST, in the data folder or one of these subfolders.
    Idx {
        /// Subfolders, in the order in which they are tried.
        folders: &'static [&'static str],
        /// Where they can be downloaded.
        remote: &'static [Remote],
    },
    /// The six files of CIFAR-10, in the data folder or one of these subfolders.
    Cifar {
        /// Subfolders, in the order in which they are tried.
        folders: &'static [&'static str],
        /// Where they can be downloaded.
        remote: &'static [Remote],
    },
}

/// Labelled images, to learn from and to test with.
#[derive(Clone, Debug)]
pub struct ImageSet {
    /// The name in the catalogue, or that of the folder.
    pub name: String,
    /// The name of each class: label `i` means `classes[i]`.
    pub classes: Vec<String>,
    /// To learn from.
    pub train: Images,
    /// To test with.
    pub test: Images,
    /// From bytes to numbers, with the constants of this set.
    pub normalize: Normalize,
}

/// The test share of a set that comes in one piece.
pub(super) const TEST_SHARE: f64 = 0.2;

/// Reads the set called `name`, from the program or from `data_dir`. A set that comes in one piece (`digits`) is split
/// 80 to 20 by `split_seed`, every class alike.
///
/// # Errors
/// [`DataError::UnknownSet`]; [`DataError::NoFolder`], [`DataError::FolderNotFound`] and [`DataError::MissingFiles`] for
/// what is not there, with what to do; [`DataError::File`] for a file that does not hold what it should.
pub fn load(name: &str, data_dir: Option<&Path>, split_seed: u64) -> Result<ImageSet, DataError> {
    let spec = find(name)?;
    if let Some(folder) = data_dir.filter(|folder| !spec.remote().is_empty() && !folder.is_dir()) {
        let (set, folder, how) = (spec.name, folder.to_owned(), spec.how_to_get());
        return Err(DataError::FolderNotFound { set, folder, how });
    }
    let [_, height, width] = spec.image;
    let embedded = |pair: IdxPair| pair.read([height, width], spec.classes.len());
    let (train, test) = match spec.source {
        Source::EmbeddedWhole(pair) => embedded(pair)?.stratified_split(TEST_SHARE, split_seed),
        Source::EmbeddedParts { train, test } => (embedded(train)?, embedded(test)?),
        Source::Idx { .. } => {
            let files = spec.locate(data_dir)?;
            let [train_images, train_labels, test_images, test_labels] = &files[..] else {
                unreachable!("four files are listed for {name}")
            };
            (spec.read_idx_pair(train_images, train_labels)?, spec.read_idx_pair(test_images, test_labels)?)
        }
        Source::Cifar { .. } => cifar::read_files(&spec.locate(data_dir)?)?,
    };
    let normalize = Normalize::new(spec.white, spec.mean, spec.std);
    let classes = spec.classes.iter().map(|&class| class.to_owned()).collect();
    Ok(ImageSet { name: name.to_owned(), classes, train, test, normalize })
}

/// What the catalogue says of `name`.
///
/// # Errors
/// [`DataError::UnknownSet`], which lists the names that exist.
pub fn find(name: &str) -> Result<&'static Spec, DataError> {
    CATALOGUE.iter().find(|spec| spec.name == name).ok_or_else(|| DataError::UnknownSet {
        name: name.to_owned(),
        known: CATALOGUE.iter().map(|spec| spec.name).collect(),
    })
}

impl Spec {
    fn read_idx_pair(&self, images: &Path, labels: &Path) -> Result<Images, DataError> {
        let [_, height, width] = self.image;
        Images::from_idx(
            (Idx::open(images)?, images),
            (Idx::open(labels)?, labels),
            [height, width],
            self.classes.len(),
        )
    }

    /// Where the files of the set can be downloaded; empty for an embedded set.
    pub fn remote(&self) -> &'static [Remote] {
        match self.source {
            Source::Idx { remote, .. } | Source::Cifar { remote, .. } => remote,
            Source::EmbeddedWhole(_) | Source::EmbeddedParts { .. } => &[],
        }
    }
}
