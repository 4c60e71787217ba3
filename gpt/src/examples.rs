//! Sequences of tokens on their way into a batch.

use std::ops::RangeInclusive;

use minitensor::Tensor;
use minitensor::data::{Collate, Dataset};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use crate::corpus::Corpus;

/// A target that no loss is counted for: what PyTorch ignores unless told.
pub const IGNORED: i64 = -100;

/// What an epoch shows a model, one sequence of tokens at a time.
#[derive(Debug, Clone)]
pub enum Examples {
    /// Each of these sequences once.
    Whole(Vec<Vec<i64>>),
    /// So many windows of `length` tokens, each at a random place.
    Windows {
        /// The text.
        text: Vec<i64>,
        /// Tokens of a window.
        length: usize,
        /// Windows of an epoch.
        count: usize,
    },
}

/// A sequence of tokens, in which each is to be guessed from those before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example(pub Vec<i64>);

impl Examples {
    /// What to learn from: all names; or as many windows as fill the text once, within these bounds.
    pub fn to_train(corpus: &Corpus, context: usize, windows: RangeInclusive<usize>) -> Examples {
        match corpus.is_names {
            true => Examples::Whole(corpus.train.clone()),
            false => {
                let text = corpus.train.concat();
                let count = (text.len() / context).clamp(*windows.start(), *windows.end());
                Examples::Windows { text, length: context + 1, count }
            }
        }
    }

    /// What to test with: every name; or the text, window by window, each beginning with the last token of the one before,
    /// so that every token is guessed once.
    pub fn to_test(corpus: &Corpus, context: usize) -> Examples {
        let windows = |text: &Vec<i64>| -> Vec<Vec<i64>> {
            let starts = (0..text.len().saturating_sub(1)).step_by(context);
            starts.map(|at| text[at..text.len().min(at + context + 1)].to_vec()).collect()
        };
        Examples::Whole(corpus.test.iter().flat_map(windows).collect())
    }
}

impl Dataset for Examples {
    type Item = Example;

    fn len(&self) -> usize {
        match self {
            Examples::Whole(sequences) => sequences.len(),
            Examples::Windows { count, .. } => *count,
        }
    }

    fn get(&self, index: usize, rng: &mut ChaCha8Rng) -> Example {
        match self {
            Examples::Whole(sequences) => Example(sequences[index].clone()),
            Examples::Windows { text, length, .. } => {
                let at = rng.random_range(0..=text.len() - length);
                Example(text[at..at + length].to_vec())
            }
        }
    }
}

// ANCHOR: collate
/// Sequences become inputs (B, T) and, one step ahead of them, targets (B, T). Behind the end of a shorter one, nothing is
/// to be guessed.
impl Collate for Example {
    type Batch = (Tensor, Tensor);

    fn collate(items: Vec<Example>) -> (Tensor, Tensor) {
        let (batch, time) = (items.len(), items.iter().map(|item| item.0.len()).max().unwrap_or(1) - 1);
        let mut inputs = vec![0; batch * time];
        let mut targets = vec![IGNORED; batch * time];
        for (row, Example(tokens)) in items.iter().enumerate() {
            let at = row * time..row * time + tokens.len() - 1;
            inputs[at.clone()].copy_from_slice(&tokens[..tokens.len() - 1]);
            targets[at].copy_from_slice(&tokens[1..]);
        }
        (Tensor::from_vec(inputs, [batch, time]), Tensor::from_vec(targets, [batch, time]))
    }
}
// ANCHOR_END: collate

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_one_step_ahead_and_nothing_follows_the_end() {
        let (inputs, targets) = Collate::collate(vec![Example(vec![0, 7, 8, 0]), Example(vec![0, 9, 0])]);
        assert_eq!(inputs.to_vec::<i64>(), [0, 7, 8, 0, 9, 0]);
        assert_eq!(targets.to_vec::<i64>(), [7, 8, 0, 9, 0, IGNORED]);
    }

    #[test]
    fn a_test_guesses_every_token_but_the_first_once() {
        for length in [2, 9, 10, 11, 12, 100] {
            let text: String = (0..length * 10).map(|i| char::from(b'a' + (i % 26) as u8)).collect();
            let corpus = Corpus::text("alphabet", &text, None).unwrap_or_else(|error| panic!("{error}"));
            let Examples::Whole(windows) = Examples::to_test(&corpus, 10) else { panic!("windows in order") };
            let targets: Vec<i64> = windows.iter().flat_map(|window| window[1..].to_vec()).collect();
            assert_eq!(targets, corpus.test[0][1..], "of {length}");
            assert!(windows.iter().all(|window| (2..=11).contains(&window.len())));
        }
    }
}
