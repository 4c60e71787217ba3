//! Where the official files can be downloaded, and how to know that they are whole.
//!
//! The hashes are of the contents **after decompression**: a mirror may compress again, the contents stay the same.

use super::cifar;

/// One file to download.
#[derive(Clone, Debug)]
pub struct Remote {
    /// Its name, which follows each of `folders`.
    pub file: &'static str,
    /// Addresses that hold it, each ending in a slash, to be tried in this order.
    pub folders: &'static [&'static str],
    /// Whether it is a gzipped tar archive, in which the contents are looked for by name; otherwise it is the one
    /// file, gzipped.
    pub archive: bool,
    /// What it holds.
    pub contents: &'static [Content],
}

/// One official file, as it is after decompression.
#[derive(Clone, Debug)]
pub struct Content {
    /// Its official name.
    pub name: &'static str,
    /// Its length.
    pub bytes: u64,
    /// The SHA-256 of it, in lower-case hexadecimal digits.
    pub sha256: &'static str,
}

impl Remote {
    /// The whole addresses of the file, to be tried in this order.
    pub fn urls(&self) -> impl Iterator<Item = String> {
        self.folders.iter().map(|folder| format!("{folder}{}", self.file))
    }
}

macro_rules! idx_file {
    ($folders:expr, $name:literal, $bytes:literal, $sha256:literal) => {
        Remote {
            file: concat!($name, ".gz"),
            folders: $folders,
            archive: false,
            contents: &[Content { name: $name, bytes: $bytes, sha256: $sha256 }],
        }
    };
}

/// Fashion-MNIST, from its authors.
const FASHION_FOLDERS: &[&str] = &[
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
];

/// MNIST, from the two mirrors that libraries use: the authors' own server refuses programs.
const MNIST_FOLDERS: &[&str] = &[
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
];

/// The four files of Fashion-MNIST: images and labels to learn from, then to test with.
pub(crate) const FASHION_MNIST: &[Remote] = &[
    idx_file!(
        FASHION_FOLDERS,
        "train-images-idx3-ubyte",
        47_040_016,
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"
    ),
    idx_file!(
        FASHION_FOLDERS,
        "train-labels-idx1-ubyte",
        60_008,
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"
    ),
    idx_file!(
        FASHION_FOLDERS,
        "t10k-images-idx3-ubyte",
        7_840_016,
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"
    ),
    idx_file!(
        FASHION_FOLDERS,
        "t10k-labels-idx1-ubyte",
        10_008,
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"
    ),
];

/// The four files of MNIST, in the same order.
pub(crate) const MNIST: &[Remote] = &[
    idx_file!(
        MNIST_FOLDERS,
        "train-images-idx3-ubyte",
        47_040_016,
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"
    ),
    idx_file!(
        MNIST_FOLDERS,
        "train-labels-idx1-ubyte",
        60_008,
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"
    ),
    idx_file!(
        MNIST_FOLDERS,
        "t10k-images-idx3-ubyte",
        7_840_016,
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"
    ),
    idx_file!(
        MNIST_FOLDERS,
        "t10k-labels-idx1-ubyte",
        10_008,
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"
    ),
];

/// CIFAR-10, from its author.
pub(crate) const CIFAR10: &[Remote] = &[Remote {
    file: "cifar-10-binary.tar.gz",
    folders: &["https://www.cs.toronto.edu/~kriz/"],
    archive: true,
    contents: &[
        cifar_file("data_batch_1.bin", "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
        cifar_file("data_batch_2.bin", "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
        cifar_file("data_batch_3.bin", "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
        cifar_file("data_batch_4.bin", "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
        cifar_file("data_batch_5.bin", "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
        cifar_file("test_batch.bin", "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"),
    ],
}];

const fn cifar_file(name: &'static str, sha256: &'static str) -> Content {
    Content { name, bytes: cifar::FILE_BYTES, sha256 }
}
