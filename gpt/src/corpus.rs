//! What there is to read: names, or a text.

use std::path::Path;

use minitensor::data::{self, Characters};
use minitensor::lab;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand::seq::SliceRandom;

use crate::book::book;

/// A tenth is kept for testing, and of a long text so many characters at most.
const TEST_PART: usize = 10;
const MOST_TESTED: usize = 100_000;
/// A text of more different characters is no text in letters.
const MOST_CHARACTERS: usize = 1_000;

/// Sequences of tokens to learn from, and others to test with.
#[derive(Debug, Clone)]
pub struct Corpus {
    /// What it is called: "names", or the name of a file.
    pub name: String,
    /// Whether each sequence is a name, from the newline before it to the one after it; or else a text.
    pub is_names: bool,
    /// Its characters.
    pub vocabulary: Characters,
    /// What is learned from.
    pub train: Vec<Vec<i64>>,
    /// What is not.
    pub test: Vec<Vec<i64>>,
}

/// Why there is nothing to read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CorpusError {
    /// There is too little of it.
    #[error("{name} is too short: of {unit}, it has {there} to test with, and at least {needed} are needed")]
    TooShort {
        /// The corpus.
        name: String,
        /// What it is made of.
        unit: &'static str,
        /// How many of them are kept for testing.
        there: usize,
        /// How many would do.
        needed: usize,
    },
    /// It has more different characters than a model by characters can take.
    #[error("{name} has {what}, and at most {most} can be learned by characters")]
    TooMuch {
        /// The corpus.
        name: String,
        /// What it has too much of.
        what: String,
        /// How much can be had.
        most: usize,
    },
}

impl Corpus {
    /// The corpus that `--data` names.
    ///
    /// # Errors
    /// [`data::DataError`] if its file cannot be read or is no text; [`CorpusError`] if that has too many different characters.
    pub fn load(data: &str, limit: Option<usize>, seed: u64) -> lab::Outcome<Corpus> {
        match data {
            "names" => Ok(Corpus::names(limit, seed)),
            "book" => Ok(Corpus::text("book", &book(), limit)?),
            file => {
                let text = data::read_text(Path::new(file))?;
                Ok(Corpus::text(file, &text, limit)?)
            }
        }
    }

    /// First names in a random order, or the `limit` most frequent of them.
    pub fn names(limit: Option<usize>, seed: u64) -> Corpus {
        let mut names = data::names();
        names.truncate(limit.unwrap_or(names.len()));
        let vocabulary = Characters::of(&format!("\n{}", names.concat()));
        names.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        let tokens = |name: &String| vocabulary.encode(&format!("\n{name}\n")).unwrap_or_default();
        let mut train: Vec<Vec<i64>> = names.iter().map(tokens).collect();
        let test = train.split_off(names.len() - names.len() / TEST_PART);
        Corpus { name: "names".to_string(), is_names: true, vocabulary, train, test }
    }

    /// A text, or its first `limit` characters. Its end is kept for testing.
    ///
    /// # Errors
    /// If it has very many different characters.
    pub fn text(name: &str, text: &str, limit: Option<usize>) -> Result<Corpus, CorpusError> {
        let text: String = text.chars().take(limit.unwrap_or(usize::MAX)).collect();
        let vocabulary = Characters::of(&text);
        if vocabulary.len() > MOST_CHARACTERS {
            let what = format!("{} different characters", vocabulary.len());
            return Err(CorpusError::TooMuch { name: name.to_string(), what, most: MOST_CHARACTERS });
        }
        let mut train = vocabulary.encode(&text).unwrap_or_default();
        let test = train.split_off(train.len() - (train.len() / TEST_PART).min(MOST_TESTED));
        Ok(Corpus {
            name: name.to_string(),
            is_names: false,
            vocabulary,
            train: vec![train],
            test: vec![test],
        })
    }

    /// The longest name, with the newline before it: what a model must look back to know all of it.
    pub fn longest(&self) -> usize {
        self.train
            .iter()
            .chain(&self.test)
            .map(|sequence| sequence.len().saturating_sub(1))
            .max()
            .unwrap_or(0)
    }

    /// A number that another text would hardly have: FNV-1a, of 64 bits.
    pub fn fingerprint(&self) -> String {
        let sequences = self.train.iter().chain(&self.test).flatten().copied();
        let characters =
            self.vocabulary.characters().iter().map(|&character| i64::from(u32::from(character)));
        let hash = characters.chain(sequences).fold(0xcbf2_9ce4_8422_2325, |hash: u64, token| {
            (hash ^ token as u64).wrapping_mul(0x0000_0100_0000_01b3)
        });
        format!("{hash:016x}")
    }

    /// Whether a model with this context can learn from it.
    ///
    /// # Errors
    /// [`lab::Error::Usage`] if a name is longer than the context; [`CorpusError::TooShort`] if the context is longer than
    /// what is kept for testing.
    pub fn fits(&self, context: usize) -> lab::Outcome {
        let longest = self.longest();
        if self.is_names && context < longest {
            let message =
                format!("--context {context} is too short for the longest name, which needs {longest}");
            return Err(lab::Error::Usage(message).into());
        }
        let (there, needed) = (self.size(&self.test), if self.is_names { 1 } else { context + 1 });
        if there < needed {
            return Err(
                CorpusError::TooShort { name: self.name.clone(), unit: self.unit(), there, needed }.into()
            );
        }
        Ok(())
    }

    /// What it is made of: "names", "characters".
    pub fn unit(&self) -> &'static str {
        if self.is_names { "names" } else { "characters" }
    }

    /// How many of these there are in a part.
    pub fn size(&self, part: &[Vec<i64>]) -> usize {
        if self.is_names { part.len() } else { part.iter().map(Vec::len).sum() }
    }
}
