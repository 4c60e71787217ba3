//! Data sets, and how they become batches.
//!
//! - [`load`] reads a set of labelled images by name: embedded (`digits`, `fashion-mini`), or from the official files
//!   of Fashion-MNIST, MNIST and CIFAR-10. [`CATALOGUE`] lists them, and is the place to add one. [`names`] is text.
//! - [`load_folder`] reads a reader's own pictures, [`Table`] a table, and [`read_text`] a text, which [`Characters`] and
//!   [`BytePairs`] turn into tokens.
//! - [`synthetic`] makes sets up from a seed: points, pictures with masks, densities, a graph, sentences.
//! - A [`Dataset`] gives examples by number; [`Dataset::map`] passes each through a function, such as
//!   [`Normalize::apply`] after [`random_crop`].
//! - A [`DataLoader`] shuffles a set and cuts it into batches, on worker threads if asked; a [`Sampler`] decides which
//!   examples come. [`mixup`] and [`cutmix`] work on its batches.
//! - [`random_split`], [`stratified_split`] and [`k_fold`] take a set apart; [`Concat`] puts several together.
//!
//! No file can crash a reader: whatever it holds, the answer is a [`DataError`] that says where and what.

mod catalogue;
pub mod cifar;
mod dataset;
mod embedded;
mod error;
mod folder;
mod folder_problem;
mod idx;
mod images;
mod line_problem;
mod loader;
mod locate;
mod own_images;
mod parts;
mod picture_file;
mod random;
mod read;
mod remote;
mod sampler;
mod split;
pub mod synthetic;
mod table;
mod text;
mod transforms;

#[cfg(test)]
mod tests;

pub use catalogue::{CATALOGUE, ImageSet, Source, Spec, find, load};
pub use dataset::{Collate, Dataset, Map, TensorDataset};
pub use embedded::{IdxPair, names};
pub use error::{DataError, Problem};
pub use folder::ImageFolder;
pub use folder_problem::FolderProblem;
pub use idx::{Idx, MAX_BYTES};
pub use images::{Image, Images};
pub use line_problem::LineProblem;
pub use loader::{Batches, DataLoader};
pub use own_images::load_folder;
pub use parts::{Concat, Subset};
pub use picture_file::read_image;
pub use remote::{Content, Remote};
pub use sampler::{Sampler, Sequential, Shuffled, ShuffledSubset, Weighted};
pub use split::{k_fold, random_split, stratified_split};
pub use table::{Missing, Table};
pub use text::{
    BytePairs, Characters, MAX_TEXT_BYTES, UnknownCharacter, Windows, delete_words, insert_synonyms,
    read_text, replace_by_synonyms, swap_words, synonyms,
};
pub use transforms::{
    Affine, Compose, Fill, Normalize, RandomErasing, adjust_brightness, adjust_contrast, center_crop, cutmix,
    gaussian_noise, horizontal_flip, mixup, random_brightness, random_contrast, random_crop,
    random_horizontal_flip, random_rotation, random_translate, random_vertical_flip, resize, rotate,
    translate, vertical_flip,
};
