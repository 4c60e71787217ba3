//! The transformer's encoder, and what tells it where a token stands.

use rand::{Rng, RngExt};

use crate::tensor::Tensor;

use super::dropout::Dropout;
use super::layer_norm::LayerNorm;
use super::linear::Linear;
use super::module::{Module, Visitor};
use super::multihead::{AttentionMasks, MultiheadAttention};

/// What an encoder's layers are like; the defaults are PyTorch's.
#[derive(Debug, Clone, Copy)]
pub struct EncoderOptions {
    /// The width in the middle of the feed-forward part.
    pub feedforward: usize,
    /// The probability with which a feature is forgotten in training.
    pub dropout: f64,
    /// What the feed-forward part has in the middle.
    pub activation: fn(&Tensor) -> Tensor,
    /// Whether each part sees its input normalised (Xiong et al., 2020); otherwise the sums are normalised.
    pub norm_first: bool,
    /// Whether the batch is the first dimension.
    pub batch_first: bool,
}

impl Default for EncoderOptions {
    fn default() -> EncoderOptions {
        EncoderOptions {
            feedforward: 2048,
            dropout: 0.1,
            activation: Tensor::relu,
            norm_first: false,
            batch_first: false,
        }
    }
}

// ANCHOR: encoder_layer
/// Tokens learn from each other, then each thinks for itself; both are added to what was known (Vaswani et al., 2017,
/// section 3.1).
///
/// # Shapes
/// x (T, N, C) → the same; with `batch_first` (N, T, C)
pub struct TransformerEncoderLayer {
    self_attn: MultiheadAttention,
    linear1: Linear,
    dropout: Dropout,
    linear2: Linear,
    norm1: LayerNorm,
    norm2: LayerNorm,
    dropout1: Dropout,
    dropout2: Dropout,
    options: EncoderOptions,
}

impl TransformerEncoderLayer {
    /// A layer of this width.
    ///
    /// # Panics
    /// If the heads cannot share the width evenly.
    #[track_caller]
    pub fn new(
        width: usize,
        heads: usize,
        options: EncoderOptions,
        rng: &mut impl Rng,
    ) -> TransformerEncoderLayer {
        let attention = MultiheadAttention::new(width, heads, rng).dropout(options.dropout, rng.random());
        TransformerEncoderLayer {
            self_attn: if options.batch_first { attention.batch_first() } else { attention },
            linear1: Linear::new(width, options.feedforward, rng),
            dropout: Dropout::new(options.dropout, rng.random()),
            linear2: Linear::new(options.feedforward, width, rng),
            norm1: LayerNorm::new([width]),
            norm2: LayerNorm::new([width]),
            dropout1: Dropout::new(options.dropout, rng.random()),
            dropout2: Dropout::new(options.dropout, rng.random()),
            options,
        }
    }

    /// The output where some keys are hidden.
    #[track_caller]
    pub fn encode(&self, x: &Tensor, masks: &AttentionMasks) -> Tensor {
        if self.options.norm_first {
            let x = x + self.learn(&self.norm1.forward(x), masks);
            return &x + self.think(&self.norm2.forward(&x));
        }
        let x = self.norm1.forward(&(x + self.learn(x, masks)));
        self.norm2.forward(&(&x + self.think(&x)))
    }

    #[track_caller]
    fn learn(&self, x: &Tensor, masks: &AttentionMasks) -> Tensor {
        self.dropout1.forward(&self.self_attn.attend(x, x, x, masks))
    }

    fn think(&self, x: &Tensor) -> Tensor {
        let h = self.dropout.forward(&(self.options.activation)(&self.linear1.forward(x)));
        self.dropout2.forward(&self.linear2.forward(&h))
    }
}
// ANCHOR_END: encoder_layer

impl Module for TransformerEncoderLayer {
    fn forward(&self, x: &Tensor) -> Tensor {
        self.encode(x, &AttentionMasks::default())
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.module("self_attn", &self.self_attn);
        visitor.module("linear1", &self.linear1);
        visitor.module("dropout", &self.dropout);
        visitor.module("linear2", &self.linear2);
        visitor.module("norm1", &self.norm1);
        visitor.module("norm2", &self.norm2);
        visitor.module("dropout1", &self.dropout1);
        visitor.module("dropout2", &self.dropout2);
    }
}

/// Layers one after the other, and a norm at the end if one is given.
///
/// Each layer has first weights of its own; PyTorch copies those of one.
pub struct TransformerEncoder {
    layers: Vec<TransformerEncoderLayer>,
    norm: Option<LayerNorm>,
}

impl TransformerEncoder {
    /// `depth` layers of this width.
    ///
    /// # Panics
    /// If the heads cannot share the width evenly.
    #[track_caller]
    pub fn new(
        depth: usize,
        width: usize,
        heads: usize,
        options: EncoderOptions,
        rng: &mut impl Rng,
    ) -> TransformerEncoder {
        let mut layers = Vec::new();
        for _ in 0..depth {
            layers.push(TransformerEncoderLayer::new(width, heads, options, rng));
        }
        TransformerEncoder { layers, norm: None }
    }

    /// The same with a norm at the end, as layers that norm first need it.
    #[must_use]
    pub fn norm(self, norm: LayerNorm) -> TransformerEncoder {
        TransformerEncoder { norm: Some(norm), ..self }
    }

    /// The output where some keys are hidden.
    #[track_caller]
    pub fn encode(&self, x: &Tensor, masks: &AttentionMasks) -> Tensor {
        let mut x = x.clone();
        for layer in &self.layers {
            x = layer.encode(&x, masks);
        }
        self.norm.as_ref().map_or(x.clone(), |norm| norm.forward(&x))
    }
}

impl Module for TransformerEncoder {
    fn forward(&self, x: &Tensor) -> Tensor {
        self.encode(x, &AttentionMasks::default())
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        for (i, layer) in self.layers.iter().enumerate() {
            visitor.module(&format!("layers.{i}"), layer);
        }
        if let Some(norm) = &self.norm {
            visitor.module("norm", norm);
        }
    }
}

// ANCHOR: positions
/// Where each token stands, in waves from short to long: sin(p / 10000^(2i/C)) at feature 2i and the cosine of the same at
/// 2i + 1 (Vaswani et al., 2017, section 3.5). They are added to what the tokens mean. For positions that are learned, look
/// them up in an [`Embedding`](super::Embedding).
///
/// # Shapes
/// (length, C), in `F32`
pub fn sinusoidal_positions(length: usize, width: usize) -> Tensor {
    let wave = |position: usize, feature: usize| {
        let angle = position as f64 / 10_000f64.powf((feature / 2 * 2) as f64 / width as f64);
        if feature.is_multiple_of(2) { angle.sin() } else { angle.cos() }
    };
    let elements = (0..length * width).map(|i| wave(i / width.max(1), i % width.max(1)) as f32).collect();
    Tensor::from_vec(elements, [length, width])
}
// ANCHOR_END: positions
