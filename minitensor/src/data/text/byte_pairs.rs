//! Tokens learned from a text: byte-pair encoding, Sennrich et al. 2016 (<https://arxiv.org/abs/1508.07909>), on bytes as
//! in GPT-2.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::data::error::{DataError, Problem};
use crate::data::read::read_file;
use crate::write_atomic::write_atomic;

/// The tokens to begin with: one a byte, so that any text can be said.
const BYTES: usize = 256;
/// The longest token, in bytes: it bounds what a file of merges can unfold to.
const MAX_TOKEN_BYTES: usize = 256;
/// The largest vocabulary.
const MAX_TOKENS: usize = 1 << 17;
const MAX_FILE_BYTES: u64 = 1 << 24;

// ANCHOR: byte_pairs
/// A vocabulary of pieces of text. Tokens 0 to 255 are the bytes; each further one is a pair of earlier ones, the pair
/// that was the most frequent when it was learned; special tokens, which no text contains, come last.
///
/// ```
/// use minitensor::data::BytePairs;
///
/// let tokens = BytePairs::train("low lower lowest low low", 258, &["<end>"]);
/// assert_eq!(tokens.len(), 259); // 256 bytes, "lo", "low", "<end>"
/// assert_eq!(tokens.encode("low"), [257]);
/// assert_eq!(tokens.decode(&[257, tokens.special("<end>").unwrap()]), "low<end>");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BytePairs {
    merges: Vec<(u32, u32)>,
    ranks: HashMap<(u32, u32), u32>,
    bytes: Vec<Vec<u8>>,
    special: Vec<String>,
}
// ANCHOR_END: byte_pairs

/// What a file holds.
#[derive(Serialize, Deserialize)]
struct Saved {
    merges: Vec<(u32, u32)>,
    special: Vec<String>,
}

impl BytePairs {
    /// Learns from `text` until there are `tokens` (without the special ones), or until no pair occurs twice.
    ///
    /// Pairs are counted within words only, a word being what stands before the next space, with the space before it.
    /// Of pairs equally frequent, the one of the lower tokens is taken.
    ///
    /// # Panics
    /// If `tokens` is below 256, the number of bytes, or above 131,072.
    #[track_caller]
    pub fn train(text: &str, tokens: usize, special: &[&str]) -> BytePairs {
        assert!(
            (BYTES..=MAX_TOKENS).contains(&tokens),
            "BytePairs::train: {tokens} tokens, but 256 to {MAX_TOKENS} are possible"
        );
        let mut counts: BTreeMap<&[u8], usize> = BTreeMap::new();
        pieces(text).for_each(|piece| *counts.entry(piece).or_default() += 1);
        let start = |(piece, count): (&[u8], usize)| (piece.iter().map(|&b| u32::from(b)).collect(), count);
        let mut words: Vec<(Vec<u32>, usize)> = counts.into_iter().map(start).collect();
        let mut merges = Vec::new();
        while BYTES + merges.len() < tokens {
            let Some(pair) = most_frequent(&words) else { break };
            let token = (BYTES + merges.len()) as u32;
            merges.push(pair);
            words.iter_mut().for_each(|(word, _)| join(word, pair, token));
        }
        let special = special.iter().map(|&name| name.to_owned()).collect();
        BytePairs::new(Saved { merges, special })
            .expect("no word, and so no token, is longer than is allowed")
    }

    /// How many tokens there are, special ones too.
    pub fn len(&self) -> usize {
        self.bytes.len() + self.special.len()
    }

    /// Never: the bytes are always there.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The token of a special name.
    pub fn special(&self, name: &str) -> Option<i64> {
        let place = self.special.iter().position(|special| special == name)?;
        Some((self.bytes.len() + place) as i64)
    }

    // ANCHOR: encode
    /// The tokens of a text: in each word, the pair that was learned first is joined first. The name of a special token
    /// is text like any other.
    pub fn encode(&self, text: &str) -> Vec<i64> {
        let mut tokens = Vec::new();
        for piece in pieces(text) {
            let mut word: Vec<u32> = piece.iter().map(|&byte| u32::from(byte)).collect();
            let rank = |pair: &[u32]| self.ranks.get(&(pair[0], pair[1])).copied();
            while let Some(token) = word.windows(2).filter_map(rank).min() {
                join(&mut word, self.merges[token as usize - BYTES], token);
            }
            tokens.extend(word.into_iter().map(i64::from));
        }
        tokens
    }
    // ANCHOR_END: encode

    /// The text of tokens. Bytes that are no UTF-8, as a model may put them together, become U+FFFD.
    ///
    /// # Panics
    /// If there is no such token.
    #[track_caller]
    pub fn decode(&self, tokens: &[i64]) -> String {
        let mut bytes = Vec::new();
        for &token in tokens {
            let place = usize::try_from(token).unwrap_or(usize::MAX);
            let special = || self.special.get(place.checked_sub(self.bytes.len())?).map(String::as_bytes);
            let piece = self.bytes.get(place).map(Vec::as_slice).or_else(special);
            bytes.extend_from_slice(piece.unwrap_or_else(|| {
                panic!("BytePairs::decode: token {token}, but there are {} tokens", self.len())
            }));
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Writes the pairs and the special names, as JSON.
    ///
    /// # Errors
    /// Whatever the operating system answers; the file that stood there before is then still whole.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        let saved = Saved { merges: self.merges.clone(), special: self.special.clone() };
        write_atomic(path, |out| serde_json::to_writer(out, &saved).map_err(io::Error::from))
    }

    /// Reads what [`save`](BytePairs::save) wrote.
    ///
    /// # Errors
    /// A [`DataError::File`] for anything else.
    pub fn load(path: &Path) -> Result<BytePairs, DataError> {
        BytePairs::parse(&read_file(path, MAX_FILE_BYTES)?, path)
    }

    /// The same from bytes; `name` is what an error calls them.
    pub(crate) fn parse(bytes: &[u8], name: &Path) -> Result<BytePairs, DataError> {
        let saved = serde_json::from_slice(bytes).map_err(|e| e.to_string());
        saved
            .and_then(BytePairs::new)
            .map_err(|problem| DataError::at(name, 0, Problem::NotATokenizer(problem)))
    }

    fn new(saved: Saved) -> Result<BytePairs, String> {
        let Saved { merges, special } = saved;
        if BYTES + merges.len() > MAX_TOKENS {
            return Err(format!("{} pairs, more than {}", merges.len(), MAX_TOKENS - BYTES));
        }
        let mut bytes: Vec<Vec<u8>> = (0..=u8::MAX).map(|byte| vec![byte]).collect();
        let mut ranks = HashMap::new();
        for (place, &(left, right)) in merges.iter().enumerate() {
            let part =
                |token: u32| bytes.get(token as usize).ok_or(format!("pair {place} holds a later token"));
            let whole = [&part(left)?[..], &part(right)?[..]].concat();
            if whole.len() > MAX_TOKEN_BYTES {
                return Err(format!("pair {place} is longer than {MAX_TOKEN_BYTES} bytes"));
            }
            if ranks.insert((left, right), bytes.len() as u32).is_some() {
                return Err(format!("pair {place} is there twice"));
            }
            bytes.push(whole);
        }
        Ok(BytePairs { merges, ranks, bytes, special })
    }
}

/// A text in words, each with the white space before it; a longer one in parts of the longest token's length.
fn pieces(text: &str) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    let words = std::iter::from_fn(move || {
        let space = rest.find(|c: char| !c.is_whitespace())?;
        let end = rest[space..].find(char::is_whitespace).map_or(rest.len(), |length| space + length);
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    });
    let tail = &text[text.trim_end().len()..];
    words.chain([tail]).flat_map(|word| word.as_bytes().chunks(MAX_TOKEN_BYTES))
}

/// The pair that occurs most often, at least twice.
fn most_frequent(words: &[(Vec<u32>, usize)]) -> Option<(u32, u32)> {
    let mut counts: HashMap<(u32, u32), usize> = HashMap::new();
    for (word, count) in words {
        word.windows(2).for_each(|pair| *counts.entry((pair[0], pair[1])).or_default() += count);
    }
    let frequent = counts.into_iter().filter(|&(_, count)| count > 1);
    let best = frequent.max_by_key(|&(pair, count)| (count, std::cmp::Reverse(pair)))?;
    Some(best.0)
}

/// Puts `token` in place of each `pair`, from the left.
fn join(word: &mut Vec<u32>, pair: (u32, u32), token: u32) {
    let (mut read, mut write) = (0, 0);
    while read < word.len() {
        let here = word.get(read + 1).is_some_and(|&next| (word[read], next) == pair);
        word[write] = if here { token } else { word[read] };
        read += if here { 2 } else { 1 };
        write += 1;
    }
    word.truncate(write);
}
