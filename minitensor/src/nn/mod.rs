//! Layers, and what models are made of.
//!
//! A model is a struct of layers that implements [`Module`]: `forward` computes, `visit` shows what it holds. Everything
//! else (parameters, checkpoints, training mode, moving to a device) is built on `visit`. The layer to copy is
//! [`Linear`].

mod activation;
mod batch_norm;
mod cache;
mod conv;
mod conv_builder;
mod conv_transpose;
mod dropout;
mod embedding;
mod group_norm;
pub mod init;
mod instance_norm;
mod layer_norm;
mod linear;
mod module;
mod multihead;
mod pool;
mod rnn;
mod running;
mod sequential;
mod state;
mod summary;
mod transformer;
mod upsample;
mod weight_norm;

pub use activation::{
    Celu, Elu, Gelu, GeluTanh, Hardsigmoid, Hardswish, Hardtanh, Identity, LeakyRelu, LogSigmoid, LogSoftmax,
    Mish, PRelu, Relu, Relu6, Selu, Sigmoid, Silu, Softmax, Softplus, Softsign, Tanh,
};
pub use batch_norm::{BatchNorm, BatchNorm1d, BatchNorm2d, BatchNorm3d};
pub use cache::KeyValueCache;
pub use conv::{Conv, Conv1d, Conv2d, Conv3d};
pub use conv_builder::{ConvBuilder, PerAxis};
pub use conv_transpose::{
    ConvTranspose, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d, ConvTransposeBuilder,
};
pub use dropout::{AlphaDropout, Dropout, Dropout1d, Dropout2d, Dropout3d, FeatureDropout};
pub use embedding::Embedding;
pub use group_norm::GroupNorm;
pub use instance_norm::{InstanceNorm, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d};
pub use layer_norm::{LayerNorm, RMSNorm};
pub use linear::Linear;
pub use module::{Mode, Module, RngCell, Slot, Visitor};
pub use multihead::{AttentionMasks, InProjection, MultiheadAttention};
pub use pool::{
    AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d, AdaptiveMaxPool1d, AdaptiveMaxPool2d,
    AdaptiveMaxPool3d, AvgPool1d, AvgPool2d, AvgPool3d, MaxPool1d, MaxPool2d, MaxPool3d,
};
pub use rnn::{GRU, GruCell, LSTM, LstmCell, Nonlinearity, RNN, RnnCell, RnnOptions, RnnWeights};
pub use running::RunningStats;
pub use sequential::{Flatten, Sequential};
pub use state::{StateDict, StateError};
pub use summary::{Layer, Summary, summary, summary_with};
pub use transformer::{EncoderOptions, TransformerEncoder, TransformerEncoderLayer, sinusoidal_positions};
pub use upsample::{PixelShuffle, PixelUnshuffle, Upsample};
pub use weight_norm::{WeightNorm, Weighted};
