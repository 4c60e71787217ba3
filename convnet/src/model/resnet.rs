//! The whole network: a first convolution, three stages of blocks, and a linear classifier.

use minitensor::Tensor;
use minitensor::nn::{BatchNorm2d, Conv2d, Linear, Module, Sequential, Visitor};
use rand::Rng;

use super::block::Block;
use super::conv;
use super::depth::{DepthError, Family, STAGES};

/// Filters of the first convolution and of the first stage; each further stage has twice as many.
const WIDTH: usize = 16;

/// What decides the shape of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Architecture {
    /// The block that it repeats.
    pub family: Family,
    /// Layers that learn, as the paper counts them: 6n + 2, or 9n + 2 with bottlenecks.
    pub depth: usize,
    /// Channels of an image: 1 for grey, 3 for colour.
    pub channels: usize,
    /// Classes to tell apart.
    pub classes: usize,
}

// ANCHOR: resnet
/// A network in the style of He et al. 2016, section 4.2: made for small images, plain or residual.
///
/// # Shapes
/// images (N, channels, H, W) → logits (N, classes), for any H and W
pub struct ResNet {
    /// (16, channels, 3, 3): the filters that see the image itself.
    pub conv1: Conv2d,
    bn1: BatchNorm2d,
    stages: Vec<Sequential>,
    fc: Linear,
}

impl Module for ResNet {
    // ANCHOR: forward
    fn forward(&self, images: &Tensor) -> Tensor {
        let mut x = self.bn1.forward(&self.conv1.forward(images)).relu(); // (N, 16, H, W)
        for stage in &self.stages {
            // (N, 16, H, W), then (N, 32, H/2, W/2), then (N, 64, H/4, W/4); four times the features in bottlenecks
            x = stage.forward(&x);
        }
        let features = x.mean_dim([2, 3], false); // (N, 64)
        self.fc.forward(&features) // (N, classes)
    }
    // ANCHOR_END: forward

    /// The names of torchvision's ResNet, so that PyTorch loads the weights: `layer1.0.conv1.weight`.
    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.module("conv1", &self.conv1);
        visitor.module("bn1", &self.bn1);
        for (i, stage) in self.stages.iter().enumerate() {
            visitor.module(&format!("layer{}", i + 1), stage);
        }
        visitor.module("fc", &self.fc);
    }
}

impl ResNet {
    /// A network with fresh weights.
    ///
    /// # Errors
    /// If the family has no network of this depth.
    pub fn new(architecture: Architecture, rng: &mut impl Rng) -> Result<ResNet, DepthError> {
        let Architecture { family, depth, channels, classes } = architecture;
        let blocks = family.blocks_per_stage(depth)?;
        let conv1 = conv(channels, WIDTH, 3, 1, rng);
        let mut inputs = WIDTH;
        let mut stages = Vec::new();
        for s in 0..STAGES {
            let (width, stride) = (WIDTH << s, if s == 0 { 1 } else { 2 });
            stages.push(stage(family, blocks, inputs, width, stride, rng));
            inputs = width * family.expansion();
        }
        Ok(ResNet { conv1, bn1: BatchNorm2d::new(WIDTH), stages, fc: Linear::new(inputs, classes, rng) })
    }
}
// ANCHOR_END: resnet

// ANCHOR: stage
/// Blocks of one width. The first of them changes the shape: as the image shrinks to half its height and width, the
/// features double, so that every stage costs about the same.
fn stage(
    family: Family,
    blocks: usize,
    inputs: usize,
    width: usize,
    stride: usize,
    rng: &mut impl Rng,
) -> Sequential {
    let first = Block::new(family, inputs, width, stride, rng);
    (1..blocks).fold(Sequential::new().with(first), |stage, _| {
        stage.with(Block::new(family, width * family.expansion(), width, 1, rng))
    })
}
// ANCHOR_END: stage
