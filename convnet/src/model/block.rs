//! The block that a network repeats: a few convolutions, and a way around them.

use minitensor::Tensor;
use minitensor::nn::{BatchNorm2d, Conv2d, Module, Sequential, Visitor};
use rand::Rng;

use super::conv;
use super::depth::Family;

// ANCHOR: block
/// A few convolutions, each followed by batch norm, and a shortcut around them: y = relu(f(x) + shortcut(x)).
///
/// # Shapes
/// x (N, inputs, H, W) → y (N, outputs, H / stride, W / stride)
pub struct Block {
    layers: Vec<(Conv2d, BatchNorm2d)>,
    shortcut: Shortcut,
}

/// The way around the convolutions of a block.
enum Shortcut {
    /// None: the block of a plain network.
    Absent,
    /// x itself.
    Identity,
    /// A 1x1 convolution and batch norm, where the shape changes: option B of He et al. 2016, section 3.3.
    Projection(Sequential),
}

impl Module for Block {
    fn forward(&self, x: &Tensor) -> Tensor {
        let last = self.layers.len() - 1;
        let mut y = x.clone(); // (N, inputs, H, W)
        for (i, (conv, norm)) in self.layers.iter().enumerate() {
            y = norm.forward(&conv.forward(&y));
            if i < last {
                y = y.relu();
            }
        }
        // (N, outputs, H / stride, W / stride) on both sides of the sum
        match &self.shortcut {
            Shortcut::Absent => y.relu(),
            Shortcut::Identity => (y + x).relu(),
            Shortcut::Projection(projection) => (y + projection.forward(x)).relu(),
        }
    }
    // ANCHOR_END: block

    /// The names of torchvision's ResNet: `conv1.weight`, `bn1.weight`, `downsample.0.weight`.
    fn visit(&self, visitor: &mut Visitor<'_>) {
        for (i, (conv, norm)) in self.layers.iter().enumerate() {
            visitor.module(&format!("conv{}", i + 1), conv);
            visitor.module(&format!("bn{}", i + 1), norm);
        }
        if let Shortcut::Projection(projection) = &self.shortcut {
            visitor.module("downsample", projection);
        }
    }
}

impl Block {
    // ANCHOR: block_new
    /// A block whose 3x3 convolutions have `width` filters, and which shrinks the image by `stride`.
    pub fn new(family: Family, inputs: usize, width: usize, stride: usize, rng: &mut impl Rng) -> Block {
        let outputs = width * family.expansion();
        let layers = convolutions(family, inputs, width, stride)
            .map(|(inputs, outputs, kernel, stride)| {
                (conv(inputs, outputs, kernel, stride, rng), BatchNorm2d::new(outputs))
            })
            .collect();
        let shortcut = match family {
            Family::Plain => Shortcut::Absent,
            _ if stride == 1 && inputs == outputs => Shortcut::Identity,
            _ => Shortcut::Projection(
                Sequential::new().with(conv(inputs, outputs, 1, stride, rng)).with(BatchNorm2d::new(outputs)),
            ),
        };
        Block { layers, shortcut }
    }
}

/// (inputs, outputs, kernel size, stride) of each convolution of a block.
pub(super) fn convolutions(
    family: Family,
    inputs: usize,
    width: usize,
    stride: usize,
) -> impl Iterator<Item = (usize, usize, usize, usize)> {
    let outputs = width * family.expansion();
    let convolutions = match family {
        Family::Plain | Family::Basic => vec![(inputs, width, 3, stride), (width, outputs, 3, 1)],
        Family::Bottleneck => vec![(inputs, width, 1, 1), (width, width, 3, stride), (width, outputs, 1, 1)],
    };
    convolutions.into_iter()
}
// ANCHOR_END: block_new
