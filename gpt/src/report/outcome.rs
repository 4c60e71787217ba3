//! What came out of a training.

use std::collections::HashSet;

use minitensor::data::UnknownCharacter;

use crate::bigram::Bigram;
use crate::corpus::Corpus;
use crate::generate::Sampling;
use crate::model::Gpt;
use crate::settings::Settings;
use crate::write::{Wish, write};

/// What is written in the end: so many names, or so many pieces of text of so many characters.
const NAMES: usize = 500;
const PIECES: usize = 3;
const PIECE: usize = 400;

/// A trained model, what it is compared with, and what it writes.
pub struct Outcome<'a> {
    /// The model.
    pub model: &'a Gpt,
    /// What was read.
    pub corpus: &'a Corpus,
    /// What counting pairs gives.
    pub bigram: &'a Bigram,
    /// Its loss on what is kept for testing.
    pub bigram_loss: f64,
    /// The loss of guessing blindly: ln V for V characters.
    pub blind_loss: f64,
    /// The model's own loss on what is kept for testing.
    pub loss: f64,
    /// What the model writes.
    pub written: Vec<String>,
}

impl<'a> Outcome<'a> {
    /// Lets the model write, and compares its test loss with what is easy to reach.
    ///
    /// # Errors
    /// Never: an empty prompt has no unknown character.
    pub fn new(
        model: &'a Gpt,
        settings: &Settings,
        corpus: &'a Corpus,
        bigram: &'a Bigram,
        loss: f64,
    ) -> Result<Outcome<'a>, UnknownCharacter> {
        let (count, length) = if corpus.is_names { (NAMES, settings.context) } else { (PIECES, PIECE) };
        let (prompt, sampling, seed) = (String::new(), Sampling::default(), settings.seed);
        let written = write(model, settings, &Wish { prompt, count, length, sampling, seed })?;
        let blind_loss = (corpus.vocabulary.len() as f64).ln();
        Ok(Outcome {
            model,
            corpus,
            bigram,
            bigram_loss: bigram.loss(&corpus.test),
            blind_loss,
            loss,
            written,
        })
    }

    /// Of the names that it writes, those that it has not read; and of these, those that somebody bears: they are among
    /// the names kept for testing.
    pub fn new_names(&self) -> (Vec<&str>, usize) {
        let known = |part: &[Vec<i64>]| -> HashSet<String> {
            part.iter().map(|name| self.corpus.vocabulary.decode(&name[1..name.len() - 1])).collect()
        };
        let (read, unread) = (known(&self.corpus.train), known(&self.corpus.test));
        let new: Vec<&str> =
            self.written.iter().map(String::as_str).filter(|&name| !read.contains(name)).collect();
        let real = new.iter().filter(|&&name| unread.contains(name)).count();
        (new, real)
    }
}
