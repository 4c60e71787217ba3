//! Vectors for things that have no size: words, letters, players.

use rand::Rng;

use crate::autograd::no_grad;
use crate::tensor::Tensor;

use super::init;
use super::module::{Module, Visitor};

// ANCHOR: embedding
/// A learned vector for each id.
///
/// # Shapes
/// ids (…) in `I64` → y (…, C); weight (V, C)
pub struct Embedding {
    /// (V, C)
    pub weight: Tensor,
    /// The id whose vector stays zero, if there is one.
    pub padding_idx: Option<usize>,
}

impl Embedding {
    /// A table of `vocabulary` vectors, normal with mean 0 and deviation 1, as PyTorch's.
    pub fn new(vocabulary: usize, width: usize, rng: &mut impl Rng) -> Embedding {
        let weight = init::normal([vocabulary, width], 1.0, rng).requires_grad_();
        Embedding { weight, padding_idx: None }
    }

    /// The same with an id for what is not there: its vector is zero and does not learn.
    ///
    /// # Panics
    /// If the table has no such row.
    #[track_caller]
    pub fn padding_idx(self, id: usize) -> Embedding {
        let rows = self.weight.size(0);
        assert!(id < rows, "embedding: padding_idx {id} is not a row of a table of {rows}");
        let padding = Tensor::arange(rows).reshape([rows, 1]).eq_scalar(id as f64); // (V, 1)
        no_grad(|| self.weight.copy_(&self.weight.masked_fill(&padding, 0.0)));
        Embedding { padding_idx: Some(id), ..self }
    }
}

impl Module for Embedding {
    fn forward(&self, ids: &Tensor) -> Tensor {
        self.weight.embedding_with(ids, self.padding_idx)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.parameter("weight", &self.weight);
    }
}
// ANCHOR_END: embedding
