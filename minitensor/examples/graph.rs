//! The graphs of a step of an MLP and of a residual block, as pictures.
//!
//! `cargo run -p minitensor --example graph [FOLDER]`

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

use minitensor::nn::{BatchNorm2d, Conv2d, Linear, Module, Sequential, Tanh, Visitor, summary};
use minitensor::{Graph, Tensor};
use rand::{SeedableRng, rngs::ChaCha8Rng};

fn main() -> ExitCode {
    let folder = PathBuf::from(env::args().nth(1).unwrap_or_else(|| "runs/graphs".to_string()));
    match draw(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: cannot write to {}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

fn draw(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    write(folder, "mlp", &mlp())?;
    write(folder, "block", &block())
}

fn write(folder: &Path, name: &str, graph: &Graph) -> io::Result<()> {
    for (ending, text) in [("svg", graph.to_svg()), ("dot", graph.to_dot())] {
        let path = folder.join(name).with_extension(ending);
        fs::write(&path, text)?;
        println!("wrote {}", path.display());
    }
    Ok(())
}

/// A batch of 32 points with 2 features, and 3 classes.
fn mlp() -> Graph {
    // ANCHOR: mlp
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let hidden = Linear::new(2, 16, &mut rng);
    let net = Sequential::new().with(hidden).with(Tanh).with(Linear::new(16, 3, &mut rng));
    println!("{}", summary(&net, [32, 2]));

    let points = Tensor::randn([32, 2], &mut rng);
    let classes = Tensor::from_vec(vec![0i64; 32], [32]);
    let loss = net.forward(&points).cross_entropy(&classes);
    loss.graph(&net.named_parameters())
    // ANCHOR_END: mlp
}

/// y = relu(x + f(x)), with two convolutions and batch norms as f.
struct Block {
    conv1: Conv2d,
    bn1: BatchNorm2d,
    conv2: Conv2d,
    bn2: BatchNorm2d,
}

impl Module for Block {
    fn forward(&self, x: &Tensor) -> Tensor {
        let y = self.bn1.forward(&self.conv1.forward(x)).relu();
        (x + self.bn2.forward(&self.conv2.forward(&y))).relu()
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.module("conv1", &self.conv1);
        visitor.module("bn1", &self.bn1);
        visitor.module("conv2", &self.conv2);
        visitor.module("bn2", &self.bn2);
    }
}

fn block() -> Graph {
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let mut conv = || Conv2d::with(16, 16, 3).padding(1).bias(false).build(&mut rng);
    let (conv1, conv2) = (conv(), conv());
    let block = Block { conv1, bn1: BatchNorm2d::new(16), conv2, bn2: BatchNorm2d::new(16) };
    println!("{}", summary(&block, [8, 16, 32, 32]));

    // x asks for a gradient, as it would behind other layers: two ways lead from it to the sum.
    let x = Tensor::ones([8, 16, 32, 32]).requires_grad_();
    let mut names = block.named_parameters();
    names.push(("x".to_string(), x.clone()));
    block.forward(&x).mean().graph(&names)
}
