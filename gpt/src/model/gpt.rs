//! The whole model: tables, blocks, and a score for every token that could come next.

use minitensor::nn::{Dropout, KeyValueCache, LayerNorm, Module, Visitor, init};
use minitensor::optim::Parameters;
use minitensor::{DType, Tensor};
use rand::{Rng, RngExt};

use super::block::Block;
use super::{GptConfig, norm};

// ANCHOR: gpt
/// A transformer that reads a text from left to right and says at each position what comes next.
///
/// # Shapes
/// ids (B, T) in `I64`, T at most `context` → logits (B, T, V)
pub struct Gpt {
    /// Its sizes.
    pub config: GptConfig,
    /// What each token means before any context, (V, C).
    pub wte: Tensor,
    /// What each position means, (context, C).
    pub wpe: Tensor,
    drop: Dropout,
    h: Vec<Block>,
    ln_f: LayerNorm,
    /// (V, C); where the head is tied, the table of tokens under another name.
    lm_head: Tensor,
}

impl Module for Gpt {
    fn forward(&self, ids: &Tensor) -> Tensor {
        let mut x = self.embed(ids, 0); // (B, T, C)
        for block in &self.h {
            x = block.forward(&x);
        }
        self.scores(&x)
    }
    // ANCHOR_END: gpt

    /// The names of GPT-2's published weights, less their first part, `transformer.`.
    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.parameter("wte.weight", &self.wte);
        visitor.parameter("wpe.weight", &self.wpe);
        visitor.module("drop", &self.drop);
        for (i, block) in self.h.iter().enumerate() {
            visitor.module(&format!("h.{i}"), block);
        }
        visitor.module("ln_f", &self.ln_f);
        visitor.parameter("lm_head.weight", &self.lm_head);
    }
}

impl Gpt {
    /// A model with fresh weights, which gives every token about the same probability.
    ///
    /// # Panics
    /// If the heads cannot share the width evenly.
    #[track_caller]
    pub fn new(config: GptConfig, rng: &mut impl Rng) -> Gpt {
        let GptConfig { vocab, context, layers, width, dropout, tied, .. } = config;
        let wte = init::normal([vocab, width], super::STD, rng).requires_grad_();
        let wpe = init::normal([context, width], super::STD, rng).requires_grad_();
        Gpt {
            config,
            drop: Dropout::new(dropout, rng.random()),
            h: (0..layers).map(|_| Block::new(&config, rng)).collect(),
            ln_f: norm(&config),
            lm_head: match tied {
                true => wte.clone(),
                false => init::normal([vocab, width], super::STD, rng).requires_grad_(),
            },
            wte,
            wpe,
        }
    }

    /// The mean loss of guessing each token from those before it.
    ///
    /// # Shapes
    /// ids (B, T), the tokens after them (B, T) → ()
    #[track_caller]
    pub fn loss(&self, ids: &Tensor, next: &Tensor) -> Tensor {
        let logits = self.forward(ids); // (B, T, V)
        let positions = next.numel();
        logits.reshape([positions, self.config.vocab]).cross_entropy(&next.reshape([positions]))
    }

    /// Tokens for this model, on its device.
    ///
    /// # Shapes
    /// B·T tokens → (B, T)
    #[track_caller]
    pub fn ids(&self, tokens: Vec<i64>, shape: [usize; 2]) -> Tensor {
        Tensor::from_vec(tokens, shape).to(self.wte.device())
    }

    /// How much each position of a text takes from each, one tensor a block; for pictures, inside
    /// [`no_grad`](minitensor::no_grad).
    ///
    /// # Shapes
    /// ids (B, T) → (B, nh, T, T) each
    #[track_caller]
    pub fn attention(&self, ids: &Tensor) -> Vec<Tensor> {
        let mut x = self.embed(ids, 0); // (B, T, C)
        let of_block = |block: &Block| {
            let weights = block.attention(&x);
            x = block.forward(&x);
            weights
        };
        self.h.iter().map(of_block).collect()
    }

    /// The parameters in two groups: matrices, which weight decay pulls towards 0, and vectors, which it leaves alone.
    pub fn decay_groups(&self) -> (Parameters, Parameters) {
        Parameters::from(self).partition(|_, tensor| tensor.rank() >= 2)
    }

    #[track_caller]
    fn embed(&self, ids: &Tensor, start: usize) -> Tensor {
        let [_, t] = ids.dims();
        assert!(
            start + t <= self.config.context,
            "gpt: a text of {} tokens does not fit into a context of {}; cut it, or build a model with a longer one",
            start + t,
            self.config.context
        );
        let x = self.wte.embedding(ids).add(&self.wpe.narrow(0, start, t)); // (B, T, C) + (T, C)
        self.drop.forward(&x)
    }

    fn scores(&self, x: &Tensor) -> Tensor {
        self.ln_f.forward(x).matmul(&self.lm_head.t()) // (B, T, C)·(C, V) → (B, T, V)
    }
}

/// What a model keeps of the text it has read, block by block.
pub struct Cache(Vec<KeyValueCache>);

impl Cache {
    /// How many tokens have been read.
    pub fn len(&self) -> usize {
        self.0.first().map_or(0, KeyValueCache::len)
    }

    /// Whether nothing has been read yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Gpt {
    /// A cache for one batch of texts.
    pub fn cache(&self) -> Cache {
        Cache(self.h.iter().map(|_| KeyValueCache::new(self.config.context)).collect())
    }

    // ANCHOR: go_on
    /// The scores of what comes after the last of these tokens, which follow those in the cache; to be used inside
    /// [`no_grad`](minitensor::no_grad), in evaluation mode.
    ///
    /// # Shapes
    /// ids (B, T) → logits (B, V)
    #[track_caller]
    pub fn go_on(&self, ids: &Tensor, cache: &mut Cache) -> Tensor {
        let mut x = self.embed(ids, cache.len()); // (B, T, C)
        for (block, cache) in self.h.iter().zip(&mut cache.0) {
            x = block.go_on(&x, cache);
        }
        let last = x.narrow(1, x.size(1) - 1, 1); // (B, 1, C)
        self.scores(&last).squeeze(1).to_dtype(DType::F32) // (B, V)
    }
    // ANCHOR_END: go_on
}
