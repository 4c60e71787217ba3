//! Characters as numbers.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// The characters of a text, each with a number: its token.
///
/// ```
/// use gpt::vocabulary::Vocabulary;
///
/// let vocabulary = Vocabulary::of("banana");
/// assert_eq!(vocabulary.encode("nab")?, [2, 0, 1]);
/// assert_eq!(vocabulary.decode(&[1, 0, 2]), "ban");
/// assert!(vocabulary.encode("nap").is_err());
/// # Ok::<(), gpt::vocabulary::UnknownCharacter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Vocabulary {
    /// In the order of Unicode, each once.
    characters: Vec<char>,
}

/// A character that the vocabulary lacks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the model has never seen {character:?}; it knows {} characters: {known}", known.chars().count())]
pub struct UnknownCharacter {
    /// The character.
    pub character: char,
    /// Those that it has.
    pub known: String,
}

impl Vocabulary {
    /// Every character that occurs in a text.
    pub fn of(text: &str) -> Vocabulary {
        Vocabulary { characters: text.chars().collect::<BTreeSet<char>>().into_iter().collect() }
    }

    /// How many characters there are.
    pub fn len(&self) -> usize {
        self.characters.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.characters.is_empty()
    }

    /// The characters in the order of their tokens.
    pub fn characters(&self) -> &[char] {
        &self.characters
    }

    /// The tokens of a text.
    ///
    /// # Errors
    /// If it has a character that the vocabulary lacks.
    pub fn encode(&self, text: &str) -> Result<Vec<i64>, UnknownCharacter> {
        let token = |character: char| match self.characters.binary_search(&character) {
            Ok(token) => Ok(token as i64),
            Err(_) => Err(UnknownCharacter { character, known: self.shown() }),
        };
        text.chars().map(token).collect()
    }

    /// The text of some tokens.
    pub fn decode(&self, tokens: &[i64]) -> String {
        tokens.iter().map(|&token| self.characters[token as usize]).collect()
    }

    /// The characters as a reader can see them: `↵` for a new line, `␣` for a space.
    pub fn names(&self) -> Vec<String> {
        self.characters.iter().map(|&character| visible(character).to_string()).collect()
    }

    fn shown(&self) -> String {
        self.names().concat()
    }
}

/// A character that can be seen in place of one that cannot.
pub fn visible(character: char) -> char {
    match character {
        '\n' => '↵',
        '\t' => '→',
        ' ' => '␣',
        other if other.is_control() => '·',
        other => other,
    }
}

impl From<String> for Vocabulary {
    fn from(characters: String) -> Vocabulary {
        Vocabulary::of(&characters)
    }
}

impl From<Vocabulary> for String {
    fn from(vocabulary: Vocabulary) -> String {
        vocabulary.characters.into_iter().collect()
    }
}
