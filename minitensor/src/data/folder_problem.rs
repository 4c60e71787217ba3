//! What can be wrong with a folder of pictures.

use std::io;
use std::path::PathBuf;

/// What the name of a class can be: it must fit beside a picture, and must not steer a terminal.
pub(crate) const NAME_RULE: &str =
    "a class has a name of 1 to 40 characters, and none of them is a control character";

/// What is wrong with a folder of pictures, or with what lies in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderProblem {
    /// The operating system cannot list it.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// There is no table of labels, and no folder for each class.
    #[error(
        "the pictures have no labels: there is neither a table labels.csv (with the columns file and label) nor a \
         folder for each class"
    )]
    NoLabels,
    /// There is nothing to learn from.
    #[error("there is no picture (a .png, .jpg or .jpeg)")]
    NoPictures,
    /// A picture that the table of labels does not name.
    #[error("the picture has no row in {}", table.display())]
    Unlabelled {
        /// The table of labels.
        table: PathBuf,
    },
    /// A folder whose name cannot be that of a class.
    #[error("the folder cannot be a class: {}", NAME_RULE)]
    BadName,
    /// A folder that is no class of the training set.
    #[error("the folder is not a class: choose one of {}", known.join(", "))]
    UnknownClass {
        /// The classes.
        known: Vec<String>,
    },
    /// Fewer or more classes than can be told apart.
    #[error("{found} classes, but 1 to 256 are needed")]
    ClassCount {
        /// How many there are.
        found: usize,
    },
    /// So few pictures that a fifth of each class is none.
    #[error(
        "{found} picture(s): too few to keep a fifth of each class for testing, which takes 3 of a class"
    )]
    TooFew {
        /// How many there are.
        found: usize,
    },
    /// More pictures of this size than are held in memory.
    #[error(
        "{pictures} pictures of {shape:?} (channels, height, width) are more than {limit} bytes: make them smaller"
    )]
    TooMuch {
        /// How many there are.
        pictures: usize,
        /// What each is brought to.
        shape: [usize; 3],
        /// The most bytes that are held.
        limit: u64,
    },
}
