//! Plain networks, ResNets and bottleneck ResNets, all from one builder.
//!
//! [`Family`] says which block is repeated and which depths there are, [`Block`] is that block, and [`ResNet`] stacks
//! blocks into a network: any [`Design`], of which those for small images and for ImageNet have names.
//! [`PreActivationResNet`] is the variant that leaves its shortcuts free.

mod block;
mod depth;
mod design;
mod pre_activation;
mod resnet;
#[cfg(test)]
mod tests;

pub use block::Block;
pub use depth::{DepthError, Family, STAGES};
pub use design::{Design, Stem};
pub use pre_activation::{PreActivationBlock, PreActivationResNet};
pub use resnet::{Architecture, ResNet};

use minitensor::nn::Conv2d;
use minitensor::nn::init::{self, Fan, Nonlinearity};
use rand::Rng;

// ANCHOR: conv
/// A convolution that keeps the size of the image, but for its stride, and whose weights keep gradients at one size on
/// their way back through many layers (He et al. 2015, "Delving deep into rectifiers"). The batch norm after it has the
/// bias.
fn conv(inputs: usize, outputs: usize, kernel: usize, stride: usize, rng: &mut impl Rng) -> Conv2d {
    let mut conv =
        Conv2d::with(inputs, outputs, kernel).stride(stride).padding(kernel / 2).bias(false).build(rng);
    // (outputs, inputs, kernel, kernel), measured by the outputs that an input takes part in
    conv.weight =
        init::kaiming_normal(conv.weight.shape(), Fan::Out, Nonlinearity::Relu, rng).requires_grad_();
    conv
}
// ANCHOR_END: conv
