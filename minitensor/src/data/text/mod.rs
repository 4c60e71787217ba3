//! Text: from files to characters, tokens and windows of them.
//!
//! - [`read_text`] reads any file of UTF-8.
//! - A [`Characters`] vocabulary numbers the characters of a text; [`BytePairs`] learns longer tokens from it.
//! - [`Windows`] cuts a long row of tokens into inputs and the tokens that follow.
//! - [`swap_words`], [`insert_synonyms`], [`delete_words`] and [`replace_by_synonyms`] make new sentences from old ones.

mod augment;
mod byte_pairs;
mod characters;
mod file;
mod synonyms;
mod windows;

pub use augment::{delete_words, insert_synonyms, replace_by_synonyms, swap_words};
pub use byte_pairs::BytePairs;
pub use characters::{Characters, UnknownCharacter};
pub use file::{MAX_TEXT_BYTES, read_text};
pub use synonyms::synonyms;
pub use windows::Windows;
