//! A U-Net (Ronneberger et al., 2015) that is told the time, as in Ho et al. (2020, appendix B), but small.

use minitensor::nn::{Conv2d, Linear, Module, Sequential, Silu, Visitor};
use minitensor::ops::InterpolateMode;
use minitensor::{Device, Tensor};
use rand::Rng;

use super::block::TimeBlock;
use super::time::time_features;

/// What decides the shape of a U-Net.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Architecture {
    /// Channels of a picture: 1 for grey.
    pub channels: usize,
    /// Features at full size; each level below has twice as many and half the height and width.
    pub width: usize,
    /// How many levels there are above the lowest.
    pub levels: usize,
    /// Features of the time; even.
    pub time_width: usize,
}

impl Default for Architecture {
    fn default() -> Architecture {
        Architecture { channels: 1, width: 32, levels: 2, time_width: 128 }
    }
}

// ANCHOR: unet
/// Predicts the noise in a picture: down to a coarse view of the whole, and up again to the pixels, with a shortcut at
/// every size.
///
/// # Shapes
/// x (B, channels, H, W), steps (B) in `I64` → (B, channels, H, W), for any H and W
pub struct UNet {
    time_width: usize,
    time: Sequential,
    conv_in: Conv2d,
    down: Vec<Down>,
    middle: TimeBlock,
    up: Vec<TimeBlock>,
    conv_out: Conv2d,
}

/// A level on the way down: its features are kept for the way up, then halved in size.
struct Down {
    block: TimeBlock,
    shrink: Conv2d,
}

impl UNet {
    // ANCHOR: forward
    /// The noise that the network sees in each picture, `steps` steps after it was clean.
    #[track_caller]
    pub fn denoise(&self, x: &Tensor, steps: &Tensor) -> Tensor {
        self.denoise_at(x, &time_features(steps, self.time_width))
    }

    /// The same for times that are features already, (B, time_width).
    pub fn denoise_at(&self, x: &Tensor, time_features: &Tensor) -> Tensor {
        let time = self.time.forward(time_features); // (B, time_width)
        let mut x = self.conv_in.forward(x); // (B, width, H, W)
        let mut kept = Vec::new();
        for level in &self.down {
            x = level.block.forward(&x, &time);
            kept.push(x.clone());
            x = level.shrink.forward(&x); // half the height and width
        }
        x = self.middle.forward(&x, &time);
        for (block, kept) in self.up.iter().zip(kept.iter().rev()) {
            let [_, _, height, width] = kept.dims();
            let grown = x.interpolate(&[height, width], InterpolateMode::Nearest);
            x = block.forward(&Tensor::cat(&[&grown, kept], 1), &time);
        }
        self.conv_out.forward(&x)
    }
    // ANCHOR_END: forward
}
// ANCHOR_END: unet

impl UNet {
    /// Where its weights are.
    pub fn device(&self) -> Device {
        self.conv_in.weight.device()
    }

    /// A network with fresh weights.
    pub fn new(architecture: Architecture, rng: &mut impl Rng) -> UNet {
        let Architecture { channels, width, levels, time_width } = architecture;
        let features = |level: usize| width << level;
        // Down, level `l` turns the features of the level above into its own; up, it turns its own twice over (what came
        // from below and what was kept) into those of the level above.
        let above = |level: usize| features(level.saturating_sub(1));
        let lowest = above(levels);
        let time = Sequential::new()
            .with(Linear::new(time_width, time_width, rng))
            .with(Silu)
            .with(Linear::new(time_width, time_width, rng));
        let conv_in = Conv2d::with(channels, width, 3).padding(1).build(rng);
        let down = (0..levels).map(|l| Down {
            block: TimeBlock::new(above(l), features(l), time_width, rng),
            shrink: Conv2d::with(features(l), features(l), 3).stride(2).padding(1).build(rng),
        });
        let down = down.collect();
        let middle = TimeBlock::new(lowest, lowest, time_width, rng);
        let up =
            (0..levels).rev().map(|l| TimeBlock::new(2 * features(l), above(l), time_width, rng)).collect();
        let conv_out = Conv2d::with(width, channels, 3).padding(1).build(rng);
        UNet { time_width, time, conv_in, down, middle, up, conv_out }
    }
}

impl Module for UNet {
    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.module("time", &self.time);
        visitor.module("conv_in", &self.conv_in);
        for (i, level) in self.down.iter().enumerate() {
            visitor.module(&format!("down.{i}"), level);
        }
        visitor.module("middle", &self.middle);
        for (i, block) in self.up.iter().enumerate() {
            visitor.module(&format!("up.{i}"), block);
        }
        visitor.module("conv_out", &self.conv_out);
    }
}

impl Module for Down {
    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.module("block", &self.block);
        visitor.module("shrink", &self.shrink);
    }
}
