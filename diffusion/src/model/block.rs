//! The block that a diffusion U-Net repeats.

use minitensor::Tensor;
use minitensor::nn::{Conv2d, GroupNorm, Identity, Linear, Module, Visitor};
use rand::Rng;

/// Channels are normalised in up to so many groups (Wu and He, 2018).
const GROUPS: usize = 8;

// ANCHOR: block
/// Two convolutions and a shortcut around them; between the two, every channel is shifted by what the time says.
///
/// # Shapes
/// x (B, inputs, H, W), time (B, width) → (B, outputs, H, W)
pub struct TimeBlock {
    norm1: GroupNorm,
    conv1: Conv2d,
    time: Linear,
    norm2: GroupNorm,
    conv2: Conv2d,
    shortcut: Box<dyn Module>,
}

impl TimeBlock {
    /// The block's output.
    pub fn forward(&self, x: &Tensor, time: &Tensor) -> Tensor {
        let h = self.conv1.forward(&self.norm1.forward(x).silu()); // (B, outputs, H, W)
        let shift = self.time.forward(time).unsqueeze(-1).unsqueeze(-1); // (B, outputs, 1, 1)
        let h = self.norm2.forward(&(h + shift)).silu();
        self.conv2.forward(&h) + self.shortcut.forward(x)
    }
}
// ANCHOR_END: block

impl TimeBlock {
    /// A block with fresh weights, for times of `time_width` features.
    pub fn new(inputs: usize, outputs: usize, time_width: usize, rng: &mut impl Rng) -> TimeBlock {
        TimeBlock {
            norm1: norm(inputs),
            conv1: Conv2d::with(inputs, outputs, 3).padding(1).build(rng),
            time: Linear::new(time_width, outputs, rng),
            norm2: norm(outputs),
            conv2: Conv2d::with(outputs, outputs, 3).padding(1).build(rng),
            shortcut: match inputs == outputs {
                true => Box::new(Identity),
                false => Box::new(Conv2d::new(inputs, outputs, 1, rng)),
            },
        }
    }
}

impl Module for TimeBlock {
    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.module("norm1", &self.norm1);
        visitor.module("conv1", &self.conv1);
        visitor.module("time", &self.time);
        visitor.module("norm2", &self.norm2);
        visitor.module("conv2", &self.conv2);
        visitor.module("shortcut", &*self.shortcut);
    }
}

/// Groups of at least two channels: a channel that is normalised alone forgets by how much the time has shifted it.
fn norm(channels: usize) -> GroupNorm {
    let most = GROUPS.min(channels / 2).max(1);
    let groups = (1..=most).rev().find(|&groups| channels.is_multiple_of(groups));
    GroupNorm::new(groups.unwrap_or(1), channels)
}
