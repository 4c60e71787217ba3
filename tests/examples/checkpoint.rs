//! Our side of `tests/peers/checkpoints.py`: `checkpoint MODEL FOLDER` writes what a fresh model has learned and says, and
//! says what the same model makes of PyTorch's weights.

use std::error::Error;
use std::path::Path;

use convnet::model::{Design, Family, PreActivationResNet, ResNet, Stem};
use diffusion::model::{Architecture, UNet};
use gpt::model::{Gpt, GptConfig};
use minitensor::Tensor;
use minitensor::checkpoint::Checkpoint;
use minitensor::nn::{Module, Visitor};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The models by the names that checkpoints.py calls them.
fn model(name: &str) -> Outcome<Box<dyn Module>> {
    let rng = &mut ChaCha8Rng::seed_from_u64(7);
    let small = |family, blocks: &[usize]| Design {
        family,
        stem: Stem::Small,
        width: 16,
        blocks: blocks.to_vec(),
        channels: 3,
        classes: 10,
    };
    Ok(match name {
        "plain20" => Box::new(ResNet::build(&small(Family::Plain, &[3, 3, 3]), rng)),
        "resnet20" => Box::new(ResNet::build(&small(Family::Basic, &[3, 3, 3]), rng)),
        "bottleneck29" => Box::new(ResNet::build(&small(Family::Bottleneck, &[3, 3, 3]), rng)),
        "preresnet20" => Box::new(PreActivationResNet::new(&small(Family::Basic, &[3, 3, 3]), rng)),
        "resnet18" => Box::new(ResNet::build(&Design::imagenet(Family::Basic, 18, 1000)?, rng)),
        "resnet50" => Box::new(ResNet::build(&Design::imagenet(Family::Bottleneck, 50, 1000)?, rng)),
        "gpt" => Box::new(Gpt::new(
            GptConfig { vocab: 65, context: 64, layers: 4, heads: 4, width: 128, ..GptConfig::default() },
            rng,
        )),
        "unet" => Box::new(AtStepThree(UNet::new(Architecture::default(), rng))),
        other => return Err(format!("no model is called {other}").into()),
    })
}

/// The U-Net where every picture is three steps from clean, so that it is a module of one input.
struct AtStepThree(UNet);

impl Module for AtStepThree {
    fn forward(&self, x: &Tensor) -> Tensor {
        self.0.denoise(x, &Tensor::from_vec(vec![3i64; x.size(0)], [x.size(0)]))
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        self.0.visit(visitor);
    }
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, folder] = arguments.as_slice() else { return Err("usage: checkpoint MODEL FOLDER".into()) };
    let (model, folder) = (model(name)?, Path::new(folder));
    let input =
        Checkpoint::load(folder.join("input.safetensors"))?.tensors.remove("input").ok_or("no `input`")?;

    // running statistics that are no longer those of a fresh model
    minitensor::no_grad(|| model.forward(&input));
    model.eval();
    Checkpoint::new(model.state_dict()).save(folder.join("ours.safetensors"))?;
    let ours = minitensor::no_grad(|| model.forward(&input));
    model.load_state_dict(&Checkpoint::load(folder.join("theirs.safetensors"))?.tensors)?;
    let theirs = minitensor::no_grad(|| model.forward(&input));
    let outputs = [("ours", ours), ("theirs", theirs)].map(|(name, y): (&str, Tensor)| (name.to_string(), y));
    Ok(Checkpoint::new(outputs.into()).save(folder.join("outputs.safetensors"))?)
}
