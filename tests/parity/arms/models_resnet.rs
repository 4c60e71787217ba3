use super::Arm;
use crate::fixture::Args;
use convnet::model::{Design, Family, PreActivationResNet, ResNet, Stem};
use minitensor::Tensor;
use minitensor::nn::{Module, StateDict};
use minitensor::optim::{Optimizer, Sgd, SgdOptions};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// How many steps topics/models_resnet.py takes.
const STEPS: usize = 20;

pub(crate) const ARMS: &[Arm] = &[("resnet", |x, args| {
    let (design, rng) = (design(args), &mut ChaCha8Rng::seed_from_u64(0));
    match args.bool("pre") {
        true => train(&PreActivationResNet::new(&design, rng), x, args),
        false => train(&ResNet::build(&design, rng), x, args),
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

/// What the trained model says; the losses of all steps; the gradients of the first; the weights and buffers in the end.
fn train(model: &impl Module, inputs: &[Tensor], args: &Args) -> Vec<Tensor> {
    let [images, labels, state @ ..] = inputs else { panic!("a training has images and labels") };
    let names = args.strings("names");
    let state: StateDict = names.iter().cloned().zip(state.iter().cloned()).collect();
    model.load_state_dict(&state).unwrap_or_else(|e| panic!("{e}"));
    let options = SgdOptions {
        momentum: args.f64("momentum"),
        weight_decay: args.f64("weight_decay"),
        ..SgdOptions::default()
    };
    let mut optimizer = Sgd::new(model, args.f64("lr"), options);
    let (mut losses, mut gradients) = (Vec::new(), Vec::new());
    for step in 0..STEPS {
        optimizer.zero_grad();
        let loss = model.forward(images).cross_entropy(labels);
        loss.backward();
        if step == 0 {
            let parameters: StateDict = model.named_parameters().into_iter().collect();
            gradients = names.iter().filter_map(|name| parameters.get(name)?.grad()).collect();
        }
        losses.push(loss.item() as f32);
        optimizer.step();
    }
    model.eval();
    let mut outputs = vec![model.forward(images).detach(), Tensor::from_vec(losses, [STEPS])];
    outputs.extend(gradients);
    let mut state = model.state_dict();
    outputs.extend(names.iter().filter_map(|name| state.remove(name)));
    outputs
}
