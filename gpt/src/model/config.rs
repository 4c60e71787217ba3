//! What decides the shape of a GPT.

/// The sizes of a [`Gpt`](super::Gpt). The default is GPT-2's smallest (Radford et al., 2019).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GptConfig {
    /// Tokens there are.
    pub vocab: usize,
    /// The longest text it can read.
    pub context: usize,
    /// Blocks one after the other.
    pub layers: usize,
    /// Attentions side by side in each block; they share the width evenly.
    pub heads: usize,
    /// Features of each position.
    pub width: usize,
    /// The probability with which a feature is forgotten while training.
    pub dropout: f64,
    /// Whether linear layers and norms have a bias.
    pub bias: bool,
    /// Whether the scores of the next token are made with the table of tokens itself (Press and Wolf, 2017).
    pub tied: bool,
    /// Whether gelu is computed by its approximation with tanh, as in GPT-2.
    pub tanh: bool,
}

impl Default for GptConfig {
    fn default() -> GptConfig {
        GptConfig {
            vocab: 50_257,
            context: 1024,
            layers: 12,
            heads: 12,
            width: 768,
            dropout: 0.0,
            bias: true,
            tied: true,
            tanh: true,
        }
    }
}

impl GptConfig {
    /// How many numbers a model of this shape learns, without building it.
    ///
    /// ```
    /// assert_eq!(gpt::model::GptConfig::default().num_parameters(), 124_439_808);
    /// ```
    pub fn num_parameters(&self) -> usize {
        let GptConfig { vocab, context, layers, width: c, bias, tied, .. } = *self;
        let bias = |n: usize| if bias { n } else { 0 };
        let norm = c + bias(c);
        let attention = c * 3 * c + bias(3 * c) + c * c + bias(c);
        let mlp = c * 4 * c + bias(4 * c) + 4 * c * c + bias(c);
        let tables = vocab * c + context * c + if tied { 0 } else { vocab * c };
        tables + layers * (2 * norm + attention + mlp) + norm
    }
}
