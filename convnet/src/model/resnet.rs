//! The whole network: a first convolution, three stages of blocks, and a linear classifier.

use minitensor::Tensor;
use minitensor::nn::{BatchNorm2d, Conv2d, Linear, MaxPool2d, Module, Sequential, Visitor};
use minitensor::ops::Pool2dOptions;
use rand::Rng;

use super::block::Block;
use super::conv;
use super::depth::{DepthError, Family};
use super::design::{Design, Stem};

/// What decides the shape of a network for small images.
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
/// A network in the style of He et al. 2016, plain or residual, for small images (section 4.2) or large ones (table 1).
///
/// # Shapes
/// images (N, channels, H, W) → logits (N, classes), for any H and W
pub struct ResNet {
    /// (16, channels, 3, 3), or (64, channels, 7, 7): the filters that see the image itself.
    pub conv1: Conv2d,
    bn1: BatchNorm2d,
    /// Large images only.
    pool: Option<MaxPool2d>,
    stages: Vec<Sequential>,
    fc: Linear,
}

impl Module for ResNet {
    // ANCHOR: forward
    fn forward(&self, images: &Tensor) -> Tensor {
        let mut x = self.bn1.forward(&self.conv1.forward(images)).relu(); // (N, 16, H, W)
        if let Some(pool) = &self.pool {
            x = pool.forward(&x); // (N, 64, H/4, W/4), for large images
        }
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
    /// A network for small images with fresh weights.
    ///
    /// # Errors
    /// If the family has no network of this depth.
    pub fn new(architecture: Architecture, rng: &mut impl Rng) -> Result<ResNet, DepthError> {
        Ok(ResNet::build(&Design::small(architecture)?, rng))
    }

    /// A network of any design with fresh weights.
    pub fn build(design: &Design, rng: &mut impl Rng) -> ResNet {
        let (conv1, pool) = stem(design, rng);
        let stages = design
            .stages()
            .map(|(blocks, inputs, width, stride)| stage(design.family, blocks, inputs, width, stride, rng));
        let stages = stages.collect();
        let fc = Linear::new(design.features(), design.classes, rng);
        ResNet { conv1, bn1: BatchNorm2d::new(design.width), pool, stages, fc }
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

/// The first convolution, and the pooling of large images after it.
pub(super) fn stem(design: &Design, rng: &mut impl Rng) -> (Conv2d, Option<MaxPool2d>) {
    match design.stem {
        Stem::Small => (conv(design.channels, design.width, 3, 1, rng), None),
        Stem::ImageNet => {
            let pool = MaxPool2d(Pool2dOptions::square(3).stride(2).padding(1));
            (conv(design.channels, design.width, 7, 2, rng), Some(pool))
        }
    }
}
