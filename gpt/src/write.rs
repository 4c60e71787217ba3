//! Names, or pieces of text, that a model writes.

use minitensor::data::UnknownCharacter;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::generate::{Sampling, generate};
use crate::model::Gpt;
use crate::settings::Settings;

/// What is to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// How each begins.
    pub prompt: String,
    /// How many.
    pub count: usize,
    /// How long, at most, in characters after the prompt. A name ends by itself before that.
    pub length: usize,
    /// How each character is drawn.
    pub sampling: Sampling,
    /// The same seed writes the same.
    pub seed: u64,
}

/// Writes what is wished, each with its prompt.
///
/// # Errors
/// If the prompt has a character that the model has never seen.
pub fn write(model: &Gpt, settings: &Settings, wish: &Wish) -> Result<Vec<String>, UnknownCharacter> {
    let Settings { vocabulary, is_names, .. } = settings;
    let mut tokens = vocabulary.encode(&wish.prompt)?;
    // A name begins after a newline, and so does a text that is not told how.
    if *is_names || tokens.is_empty() {
        tokens.insert(0, 0);
    }
    let end = is_names.then_some(0);
    let mut rng = ChaCha8Rng::seed_from_u64(wish.seed);
    let written = generate(model, &tokens, wish.count, wish.length, end, &wish.sampling, &mut rng);
    Ok(written.iter().map(|tokens| format!("{}{}", wish.prompt, vocabulary.decode(tokens))).collect())
}

/// Several of them in one line.
pub fn in_a_line(written: &[String]) -> String {
    written.join(", ").replace('\n', "↵")
}
