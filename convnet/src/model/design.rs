//! A network block by block, and the designs that have a name.

use super::depth::{DepthError, Family, STAGES};
use super::resnet::Architecture;

/// Filters of the first convolution and of the first stage in small images, and in ImageNet's.
const WIDTH: usize = 16;
const IMAGENET_WIDTH: usize = 64;

/// How a network looks at the image itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stem {
    /// A 3x3 convolution, which keeps the size: for small images.
    Small,
    /// A 7x7 convolution and a pooling, each of which halves height and width: for images of 224x224.
    ImageNet,
}

/// What decides the shape of a network, block by block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Design {
    /// The block that it repeats.
    pub family: Family,
    /// How it looks at the image itself.
    pub stem: Stem,
    /// Filters of the first stage; each further stage has twice as many.
    pub width: usize,
    /// How many blocks each stage has.
    pub blocks: Vec<usize>,
    /// Channels of an image: 1 for grey, 3 for colour.
    pub channels: usize,
    /// Classes to tell apart.
    pub classes: usize,
}

impl Design {
    /// The networks of He et al. 2016, section 4.2, for small images: three stages of equally many blocks.
    ///
    /// # Errors
    /// If the family has no network of this depth.
    pub fn small(architecture: Architecture) -> Result<Design, DepthError> {
        let Architecture { family, depth, channels, classes } = architecture;
        let blocks = vec![family.blocks_per_stage(depth)?; STAGES];
        Ok(Design { family, stem: Stem::Small, width: WIDTH, blocks, channels, classes })
    }

    /// The networks of table 1 for ImageNet, with torchvision's stride in the 3x3 convolution, and ResNet-200 (He et al.
    /// 2016b, "Identity mappings in deep residual networks").
    ///
    /// # Errors
    /// If the family has no network of this depth.
    pub fn imagenet(family: Family, depth: usize, classes: usize) -> Result<Design, DepthError> {
        let networks: &[(usize, [usize; 4])] = match family {
            Family::Plain | Family::Basic => &[(18, [2, 2, 2, 2]), (34, [3, 4, 6, 3])],
            Family::Bottleneck => {
                &[(50, [3, 4, 6, 3]), (101, [3, 4, 23, 3]), (152, [3, 8, 36, 3]), (200, [3, 24, 36, 3])]
            }
        };
        let Some((_, blocks)) = networks.iter().find(|(d, _)| *d == depth) else {
            return Err(DepthError::not_listed(family, depth, networks.iter().map(|(d, _)| *d)));
        };
        let (stem, width, blocks) = (Stem::ImageNet, IMAGENET_WIDTH, blocks.to_vec());
        Ok(Design { family, stem, width, blocks, channels: 3, classes })
    }

    /// For each stage: how many blocks it has, the features that come in, its width, and the stride of its first block.
    pub(super) fn stages(&self) -> impl Iterator<Item = (usize, usize, usize, usize)> {
        self.blocks.iter().enumerate().map(|(s, &blocks)| match s {
            0 => (blocks, self.width, self.width, 1),
            _ => (blocks, (self.width << (s - 1)) * self.family.expansion(), self.width << s, 2),
        })
    }

    /// How many features an image is described by in the end.
    pub(super) fn features(&self) -> usize {
        match self.blocks.len() {
            0 => self.width,
            stages => (self.width << (stages - 1)) * self.family.expansion(),
        }
    }
}
