//! The pictures of a run.

use minitensor::lab::plot::{Chart, Color, Figure, Heatmap};
use minitensor::nn::Module;
use minitensor::{DType, no_grad};

use super::{Outcome, project};
use crate::train::EpochRow;

/// How many characters a table has room for: the most frequent ones.
const MOST_SHOWN: usize = 40;
/// How many characters of a text are looked at one by one.
const LOOKED_AT: usize = 20;
/// How many blocks and how many heads of each are shown, how many characters each looks at, and how wide it is.
const MOST_BLOCKS: usize = 6;
const MOST_HEADS: usize = 4;
const MAPPED: usize = 10;
const MAP: f64 = 150.0;
/// The names that are tried as an example: long enough to show something.
const NAME: std::ops::RangeInclusive<usize> = 7..=9;

/// The loss over the epochs, between guessing blindly and what was reached.
pub fn curves(rows: &[EpochRow], outcome: &Outcome<'_>) -> Chart {
    let by_epoch = |loss: fn(&EpochRow) -> f64| rows.iter().map(move |row| (row.epoch as f64, loss(row)));
    let level = |loss: f64| rows.iter().map(move |row| (row.epoch as f64, loss));
    Chart::new("loss (nats a character)")
        .x("epoch")
        .size(560.0, 340.0)
        .line("train", by_epoch(|row| row.train_loss))
        .line("test", by_epoch(|row| row.test_loss))
        .dashed("pairs, counted", level(outcome.bigram_loss))
        .colored(Color::Ink)
        .dashed("blind guess", level(outcome.blind_loss))
        .colored(Color::Muted)
}

/// For each character (a row), how probable each is to follow it.
pub fn bigrams(outcome: &Outcome<'_>) -> Heatmap {
    let shown = frequent(outcome);
    let names = named(outcome, &shown);
    let pairs = shown.iter().flat_map(|&first| shown.iter().map(move |&second| (first, second)));
    let values = pairs.map(|(first, second)| outcome.bigram.probability(first, second));
    Heatmap::new(format!("Which character follows which in {}", outcome.corpus.name), shown.len(), values)
        .rows(names.clone())
        .columns(names)
        .axes("a character", "the next")
        .cell(16.0)
}

/// Where the model has put the characters: its embedding, seen from where it is widest.
pub fn embedding(outcome: &Outcome<'_>) -> Chart {
    let table = outcome.model.wte.to_dtype(DType::F64); // (V, C)
    let rows: Vec<Vec<f64>> = table.to_vec::<f64>().chunks(table.size(1)).map(<[f64]>::to_vec).collect();
    let at = project(&rows);
    let shown = frequent(outcome);
    let words = |kind: fn(char) -> bool| {
        let vocabulary = &outcome.corpus.vocabulary;
        let (characters, names) = (vocabulary.characters(), vocabulary.names());
        let of_kind = shown.iter().map(|&token| token as usize).filter(move |&token| kind(characters[token]));
        of_kind.map(|token| (at[token], names[token].clone())).collect::<Vec<_>>()
    };
    Chart::new("Where the model has put the characters")
        .size(560.0, 440.0)
        .words("vowels", words(is_vowel))
        .words("other letters", words(|c| c.is_alphabetic() && !is_vowel(c)))
        .words("other characters", words(|c| !c.is_alphabetic()))
}

/// For each beginning of something that it has not read (a row), how probable the model finds each next character.
pub fn expectations(outcome: &Outcome<'_>) -> Heatmap {
    let example = example(outcome);
    let tokens = &example[..example.len() - 1];
    let input = outcome.model.ids(tokens.to_vec(), [1, tokens.len()]);
    let probabilities = no_grad(|| outcome.model.forward(&input).softmax(-1)).to_vec::<f32>(); // (1, T, V)
    let shown = frequent(outcome);
    let rows = probabilities.chunks(outcome.corpus.vocabulary.len());
    let values = rows.flat_map(|row| shown.iter().map(|&token| f64::from(row[token as usize])));
    let text = outcome.corpus.vocabulary.decode(example);
    let so_far = |end: usize| named(outcome, &example[end.saturating_sub(10)..end]).concat();
    Heatmap::new(format!("What it expects next, letter by letter, in “{}”", text.trim()), shown.len(), values)
        .rows((1..=tokens.len()).map(so_far))
        .columns(named(outcome, &shown))
        .axes("so far", "next")
        .cell(16.0)
}

/// Where each head of each block looks: from each character (a row) back to itself and those before it (columns).
pub fn attention(outcome: &Outcome<'_>) -> Figure {
    let example = example(outcome);
    let tokens = &example[..(example.len() - 1).min(MAPPED)];
    let names = named(outcome, tokens);
    let ids = outcome.model.ids(tokens.to_vec(), [1, tokens.len()]);
    let maps = no_grad(|| outcome.model.attention(&ids));
    let heads = outcome.model.config.heads;
    let mut figure = Figure::new(heads.min(MOST_HEADS));
    for (block, map) in maps.iter().enumerate().take(MOST_BLOCKS) {
        let each = map.to_vec::<f32>(); // (1, heads, T, T)
        for (head, weights) in each.chunks(tokens.len() * tokens.len()).take(MOST_HEADS).enumerate() {
            let title = format!("block {}, head {}", block + 1, head + 1);
            let map = Heatmap::new(title, tokens.len(), weights.iter().map(|&w| f64::from(w)));
            figure =
                figure.with(map.rows(names.clone()).columns(names.clone()).cell(MAP / tokens.len() as f64));
        }
    }
    figure
}

/// A name that it has not read, or the beginning of such a text.
fn example<'a>(outcome: &Outcome<'a>) -> &'a [i64] {
    let test = &outcome.corpus.test;
    match outcome.corpus.is_names {
        true => test.iter().find(|name| NAME.contains(&(name.len() - 2))).unwrap_or(&test[0]),
        false => &test[0][..test[0].len().min(LOOKED_AT).min(outcome.model.config.context + 1)],
    }
}

/// The most frequent characters, in the order of their tokens.
fn frequent(outcome: &Outcome<'_>) -> Vec<i64> {
    let mut tokens: Vec<i64> = (0..outcome.corpus.vocabulary.len() as i64).collect();
    tokens.sort_by_key(|&token| std::cmp::Reverse(outcome.bigram.row(token).iter().sum::<u64>()));
    tokens.truncate(MOST_SHOWN);
    tokens.sort_unstable();
    tokens
}

fn named(outcome: &Outcome<'_>, tokens: &[i64]) -> Vec<String> {
    let names = outcome.corpus.vocabulary.names();
    tokens.iter().map(|&token| names[token as usize].clone()).collect()
}

fn is_vowel(character: char) -> bool {
    "aeiouyAEIOUY".contains(character)
}
