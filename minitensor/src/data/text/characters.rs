//! A number for each character.

use std::collections::BTreeSet;

/// How many characters of a vocabulary an error shows.
const SHOWN_CHARACTERS: usize = 200;

/// The characters of a text in the order of Unicode: the token of a character is its place.
///
/// ```
/// use minitensor::data::Characters;
///
/// let vocabulary = Characters::of("hello");
/// assert_eq!(vocabulary.characters(), &['e', 'h', 'l', 'o']);
/// assert_eq!(vocabulary.encode("hole")?, [1, 3, 2, 0]);
/// assert_eq!(vocabulary.decode(&[1, 3, 2, 0]), "hole");
/// assert!(vocabulary.encode("help").is_err());
/// # Ok::<(), minitensor::data::UnknownCharacter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Characters {
    characters: Vec<char>,
    unknown: Option<char>,
}

/// A character that a vocabulary does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the character {character:?}, number {position} of the text, is not among those that are known: {known}"
)]
pub struct UnknownCharacter {
    /// The character.
    pub character: char,
    /// Its place in the text, from 0, counted in characters.
    pub position: usize,
    /// Those that the vocabulary holds, as [`Characters::names`] shows them, cut short where they are many.
    pub known: String,
}

impl Characters {
    /// The vocabulary of a text, each character once.
    pub fn of(text: &str) -> Characters {
        let characters = text.chars().collect::<BTreeSet<_>>().into_iter().collect();
        Characters { characters, unknown: None }
    }

    /// Reads characters that are not in the vocabulary as `stand_in`, which is added where it is not there yet.
    pub fn with_unknown(self, stand_in: char) -> Characters {
        let characters: BTreeSet<char> = self.characters.into_iter().chain([stand_in]).collect();
        Characters { characters: characters.into_iter().collect(), unknown: Some(stand_in) }
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.characters.len()
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.characters.is_empty()
    }

    /// The character of each token.
    pub fn characters(&self) -> &[char] {
        &self.characters
    }

    /// The characters as a reader can see them: `↵` for a new line, `␣` for a space.
    pub fn names(&self) -> Vec<String> {
        self.characters.iter().map(|&character| visible(character).to_string()).collect()
    }

    /// The token of a character, or of the stand-in for what is unknown, where there is one.
    pub fn token(&self, character: char) -> Option<i64> {
        let find = |wanted: char| self.characters.binary_search(&wanted).ok();
        find(character).or_else(|| self.unknown.and_then(find)).map(|place| place as i64)
    }

    /// A token for each character.
    ///
    /// # Errors
    /// The first character that is not in the vocabulary, where nothing stands for those.
    pub fn encode(&self, text: &str) -> Result<Vec<i64>, UnknownCharacter> {
        let unknown = |position, character| UnknownCharacter { character, position, known: self.shown() };
        let token = |(position, character)| self.token(character).ok_or_else(|| unknown(position, character));
        text.chars().enumerate().map(token).collect()
    }

    /// The text of tokens.
    ///
    /// # Panics
    /// If there is no such token.
    #[track_caller]
    pub fn decode(&self, tokens: &[i64]) -> String {
        let mut text = String::new();
        for &token in tokens {
            let character = usize::try_from(token).ok().and_then(|place| self.characters.get(place));
            text.push(*character.unwrap_or_else(|| {
                panic!("Characters::decode: token {token}, but the vocabulary has {} tokens", self.len())
            }));
        }
        text
    }
    fn shown(&self) -> String {
        let rest = if self.len() > SHOWN_CHARACTERS { "…" } else { "" };
        self.characters.iter().take(SHOWN_CHARACTERS).copied().map(visible).chain(rest.chars()).collect()
    }
}

/// A character that can be seen in place of one that cannot.
fn visible(character: char) -> char {
    match character {
        '\n' => '↵',
        '\t' => '→',
        ' ' => '␣',
        other if other.is_control() => '·',
        other => other,
    }
}
