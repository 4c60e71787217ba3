//! Part IV: language models, from counting pairs of letters to a GPT.
//!
//! This crate will hold, each with its chapter and its practical:
//!
//! - bigrams and trigrams, counted and learned;
//! - the multilayer perceptron of Bengio et al. (2003);
//! - recurrent networks: the plain one, GRU and LSTM;
//! - attention, and a GPT trained on names, on this book, or on a text of yours.
//!
//! What is here today are the names they will learn from.

pub mod model;

/// The first names that the models of this part are trained on, in lower case.
///
/// ```
/// let names = gpt::names();
/// assert_eq!(names.len(), 30_294);
/// assert!(names.iter().all(|name| name.bytes().all(|letter| letter.is_ascii_lowercase())));
/// ```
pub fn names() -> Vec<String> {
    minitensor::data::names()
}
