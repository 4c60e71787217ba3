//! GPTs of two sizes: one to be trained on a processor, and nanoGPT's for Shakespeare (Karpathy, 2022).

use gpt::model::{Gpt, GptConfig};
use minitensor::optim::Adam;

use super::{Setup, Step};

const VOCAB: usize = 65;

pub(super) fn nano_cpu(setup: &mut Setup) -> Step {
    training(12, small(64), setup)
}

pub(super) fn baby(setup: &mut Setup) -> Step {
    training(8, GptConfig { context: 256, layers: 6, heads: 6, width: 384, ..gpt() }, setup)
}

/// The one for a processor, with a context of this length.
pub(crate) fn small(context: usize) -> GptConfig {
    GptConfig { context, layers: 4, heads: 4, width: 128, ..gpt() }
}

/// The exact gelu, and a head of its own.
fn gpt() -> GptConfig {
    GptConfig { vocab: VOCAB, dropout: 0.0, bias: true, tied: false, tanh: false, ..GptConfig::default() }
}

/// Learns from a batch of texts as long as the context.
pub(crate) fn training(batch: usize, config: GptConfig, setup: &mut Setup) -> Step {
    let shape = [batch, config.context]; // (B, T)
    let (ids, next) = (setup.labels(VOCAB as i64, shape), setup.labels(VOCAB as i64, shape));
    let model = Gpt::new(config, &mut setup.rng);
    setup.place_model(&model);
    let adamw = Adam::adamw(&model, 1e-3, 1e-2);
    Step::training(model, adamw, move |model| model.loss(&ids, &next))
}
