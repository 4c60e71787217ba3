use super::Arm;
use crate::fixture::Args;
use crate::training::{load, train};
use convnet::model::{Design, Family, PreActivationResNet, ResNet, Stem};
use minitensor::Tensor;
use minitensor::nn::Module;
use minitensor::optim::{Sgd, SgdOptions};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

pub(crate) const ARMS: &[Arm] = &[("resnet", |x, args| {
    let (design, rng) = (design(args), &mut ChaCha8Rng::seed_from_u64(0));
    match args.bool("pre") {
        true => train_resnet(&PreActivationResNet::new(&design, rng), x, args),
        false => train_resnet(&ResNet::build(&design, rng), x, args),
    }
})];

fn design(args: &Args) -> Design {
    Design {
        family: match args.str("family") {
            "plain" => Family::Plain,
            "basic" => Family::Basic,
            _ => Family::Bottleneck,
        },
        stem: if args.str("stem") == "imagenet" { Stem::ImageNet } else { Stem::Small },
        width: args.usize("width"),
        blocks: args.dims("blocks").into_iter().map(|blocks| blocks as usize).collect(),
        channels: args.usize("channels"),
        classes: args.usize("classes"),
    }
}

fn train_resnet(model: &impl Module, inputs: &[Tensor], args: &Args) -> Vec<Tensor> {
    let [images, labels, state @ ..] = inputs else { panic!("a training has images and labels") };
    load(model, state, args);
    let options = SgdOptions {
        momentum: args.f64("momentum"),
        weight_decay: args.f64("weight_decay"),
        ..SgdOptions::default()
    };
    let optimizer = Sgd::new(model, args.f64("lr"), options);
    train(model, optimizer, args, || model.forward(images).cross_entropy(labels), || model.forward(images))
}
