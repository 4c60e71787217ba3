//! Residual networks whose shortcuts are free from the first block to the last (He et al. 2016b, "Identity mappings in deep
//! residual networks").

use minitensor::Tensor;
use minitensor::nn::{BatchNorm2d, Conv2d, Linear, MaxPool2d, Module, Sequential, Visitor};
use rand::Rng;

use super::block::convolutions;
use super::conv;
use super::depth::Family;
use super::design::Design;
use super::resnet::stem;

// ANCHOR: pre_block
/// A few convolutions, each with batch norm and relu *before* it, and a shortcut around them: y = f(x) + shortcut(x).
///
/// Nothing is done to the sum, so what comes in runs through all blocks of a stage unchanged, and so does its gradient.
///
/// # Shapes
/// x (N, inputs, H, W) → y (N, outputs, H / stride, W / stride)
pub struct PreActivationBlock {
    layers: Vec<(BatchNorm2d, Conv2d)>,
    /// The way around: `None` is x itself. A 1x1 convolution starts after the first relu, as the others do.
    projection: Option<Conv2d>,
    residual: bool,
}

impl Module for PreActivationBlock {
    fn forward(&self, x: &Tensor) -> Tensor {
        let mut y = x.clone(); // (N, inputs, H, W)
        let mut shortcut = x.clone();
        for (i, (norm, conv)) in self.layers.iter().enumerate() {
            y = norm.forward(&y).relu();
            if let (0, Some(projection)) = (i, &self.projection) {
                shortcut = projection.forward(&y); // (N, outputs, H / stride, W / stride)
            }
            y = conv.forward(&y);
        }
        if self.residual { y + shortcut } else { y }
    }
    // ANCHOR_END: pre_block

    fn visit(&self, visitor: &mut Visitor<'_>) {
        for (i, (norm, conv)) in self.layers.iter().enumerate() {
            visitor.module(&format!("bn{}", i + 1), norm);
            visitor.module(&format!("conv{}", i + 1), conv);
        }
        if let Some(projection) = &self.projection {
            visitor.module("downsample.0", projection);
        }
    }
}

impl PreActivationBlock {
    /// A block whose 3x3 convolutions have `width` filters, and which shrinks the image by `stride`.
    pub fn new(
        family: Family,
        inputs: usize,
        width: usize,
        stride: usize,
        rng: &mut impl Rng,
    ) -> PreActivationBlock {
        let layers = convolutions(family, inputs, width, stride)
            .map(|(inputs, outputs, kernel, stride)| {
                (BatchNorm2d::new(inputs), conv(inputs, outputs, kernel, stride, rng))
            })
            .collect();
        let (outputs, residual) = (width * family.expansion(), family != Family::Plain);
        let projected = residual && (stride != 1 || inputs != outputs);
        let projection = projected.then(|| conv(inputs, outputs, 1, stride, rng));
        PreActivationBlock { layers, projection, residual }
    }
}

/// A network of [`PreActivationBlock`]s, with one more batch norm and relu after the last.
///
/// # Shapes
/// images (N, channels, H, W) → logits (N, classes), for any H and W
pub struct PreActivationResNet {
    conv1: Conv2d,
    pool: Option<MaxPool2d>,
    stages: Vec<Sequential>,
    norm: BatchNorm2d,
    fc: Linear,
}

impl Module for PreActivationResNet {
    fn forward(&self, images: &Tensor) -> Tensor {
        let mut x = self.conv1.forward(images); // (N, width, H, W)
        if let Some(pool) = &self.pool {
            x = pool.forward(&x);
        }
        for stage in &self.stages {
            x = stage.forward(&x); // (N, width, H, W), (N, 2 width, H/2, W/2), …
        }
        let features = self.norm.forward(&x).relu().mean_dim([2, 3], false); // (N, features)
        self.fc.forward(&features) // (N, classes)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.module("conv1", &self.conv1);
        for (i, stage) in self.stages.iter().enumerate() {
            visitor.module(&format!("layer{}", i + 1), stage);
        }
        visitor.module("norm", &self.norm);
        visitor.module("fc", &self.fc);
    }
}

impl PreActivationResNet {
    /// A network with fresh weights.
    pub fn new(design: &Design, rng: &mut impl Rng) -> PreActivationResNet {
        let (conv1, pool) = stem(design, rng);
        let stages = design.stages().map(|(blocks, inputs, width, stride)| {
            let first = PreActivationBlock::new(design.family, inputs, width, stride, rng);
            (1..blocks).fold(Sequential::new().with(first), |stage, _| {
                let inputs = width * design.family.expansion();
                stage.with(PreActivationBlock::new(design.family, inputs, width, 1, rng))
            })
        });
        let stages = stages.collect();
        let features = design.features();
        let fc = Linear::new(features, design.classes, rng);
        PreActivationResNet { conv1, pool, stages, norm: BatchNorm2d::new(features), fc }
    }
}
