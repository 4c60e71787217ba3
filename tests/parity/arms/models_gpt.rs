use gpt::model::{Gpt, GptConfig};
use minitensor::nn::Module;
use minitensor::optim::{Adam, AdamOptions, Group};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::Arm;
use crate::fixture::Args;
use crate::training::{load, train};

pub(crate) const ARMS: &[Arm] = &[("gpt", |x, args| {
    let [ids, after, state @ ..] = x else { panic!("a GPT has a text and what comes after") };
    let model = Gpt::new(config(args), &mut ChaCha8Rng::seed_from_u64(0));
    load(&model, state, args);
    let options = AdamOptions { eps: args.f64("eps"), decoupled: true, ..AdamOptions::default() };
    let decayed = AdamOptions { weight_decay: args.f64("weight_decay"), ..options };
    let (matrices, vectors) = model.decay_groups();
    let groups = [Group::new(matrices, decayed), Group::new(vectors, options)];
    let optimizer = Adam::grouped(args.f64("lr"), groups);
    train(&model, optimizer, args, || model.loss(ids, after), || model.forward(ids))
})];

fn config(args: &Args) -> GptConfig {
    GptConfig {
        vocab: args.usize("vocab"),
        context: args.usize("context"),
        layers: args.usize("layers"),
        heads: args.usize("heads"),
        width: args.usize("width"),
        dropout: 0.0,
        bias: args.bool("bias"),
        tied: args.bool("tied"),
        tanh: args.bool("tanh"),
    }
}
