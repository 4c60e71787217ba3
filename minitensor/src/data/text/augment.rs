//! New sentences from old ones: Wei and Zou 2019, "EDA", <https://arxiv.org/abs/1901.11196>. Words are what stands between
//! spaces; a sentence comes back with single spaces.

use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, RngExt};

use super::synonyms::synonyms;
use crate::data::random::below;

/// Changes the places of two words, `times` times.
pub fn swap_words(sentence: &str, times: usize, rng: &mut impl Rng) -> String {
    let mut words: Vec<&str> = sentence.split_whitespace().collect();
    for _ in 0..times {
        if words.len() > 1 {
            let first = below(words.len(), rng);
            let second = (first + 1 + below(words.len() - 1, rng)) % words.len(); // any other
            words.swap(first, second);
        }
    }
    words.join(" ")
}

/// Puts a synonym of some word of the sentence at a random place, `times` times.
pub fn insert_synonyms(sentence: &str, times: usize, rng: &mut impl Rng) -> String {
    let mut words: Vec<&str> = sentence.split_whitespace().collect();
    let known: Vec<&str> = words.iter().copied().filter(|word| synonyms(word).next().is_some()).collect();
    for _ in 0..times {
        if let Some(synonym) = known.choose(rng).and_then(|word| any_synonym(word, rng)) {
            words.insert(below(words.len() + 1, rng), synonym);
        }
    }
    words.join(" ")
}

/// Leaves out each word with `probability`, but keeps one at least.
///
/// # Panics
/// If `probability` is not in 0..=1.
#[track_caller]
pub fn delete_words(sentence: &str, probability: f64, rng: &mut impl Rng) -> String {
    assert!(
        (0.0..=1.0).contains(&probability),
        "delete_words: the probability {probability} is not in 0..=1"
    );
    let words: Vec<&str> = sentence.split_whitespace().collect();
    let kept: Vec<&str> = words.iter().copied().filter(|_| !rng.random_bool(probability)).collect();
    match words.choose(rng) {
        Some(&word) if kept.is_empty() => word.to_owned(),
        _ => kept.join(" "),
    }
}

/// Puts a synonym in place of `count` words, or of as many as have one.
pub fn replace_by_synonyms(sentence: &str, count: usize, rng: &mut impl Rng) -> String {
    let mut words: Vec<&str> = sentence.split_whitespace().collect();
    let mut places: Vec<usize> =
        (0..words.len()).filter(|&place| synonyms(words[place]).next().is_some()).collect();
    places.shuffle(rng);
    for &place in places.iter().take(count) {
        words[place] = any_synonym(words[place], rng).unwrap_or(words[place]);
    }
    words.join(" ")
}

fn any_synonym(word: &str, rng: &mut impl Rng) -> Option<&'static str> {
    synonyms(word).collect::<Vec<_>>().choose(rng).copied()
}
