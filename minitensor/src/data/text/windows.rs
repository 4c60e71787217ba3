//! A long row of tokens, cut into examples.

use rand::rngs::ChaCha8Rng;

use crate::Tensor;
use crate::data::Dataset;

/// Example `i` is (the `length` tokens from token `i`, the same one further on): at each place, what comes next.
#[derive(Debug, Clone)]
pub struct Windows {
    tokens: Vec<i64>,
    length: usize,
}

impl Windows {
    /// All windows of `length` tokens; none where there are fewer than `length` + 1.
    ///
    /// # Panics
    /// If `length` is 0.
    #[track_caller]
    pub fn new(tokens: Vec<i64>, length: usize) -> Windows {
        assert!(length > 0, "Windows: a window needs at least one token, length is 0");
        Windows { tokens, length }
    }
}

impl Dataset for Windows {
    type Item = (Tensor, Tensor);

    fn len(&self) -> usize {
        self.tokens.len().saturating_sub(self.length)
    }

    /// Two `I64` tensors of shape (length).
    fn get(&self, index: usize, _: &mut ChaCha8Rng) -> (Tensor, Tensor) {
        let from = |start: usize| Tensor::from_slice(&self.tokens[start..start + self.length], [self.length]);
        (from(index), from(index + 1))
    }
}
