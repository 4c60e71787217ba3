use minitensor::Tensor;
use minitensor::nn::{Conv, ConvBuilder, Module};
use minitensor::ops::PadMode;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::{Arm, one};
use crate::fixture::Args;

pub(crate) const ARMS: &[Arm] = &[("conv_layer", |x, args| match x[0].rank() {
    3 => one(put(built::<1>(x, args), x).forward(&x[0])),
    4 => one(put(built::<2>(x, args), x).forward(&x[0])),
    _ => one(put(built::<3>(x, args), x).forward(&x[0])),
})];

/// A layer as the case asks for.
fn built<const N: usize>(x: &[Tensor], args: &Args) -> Conv<N> {
    let groups = if args.has("groups") { args.usize("groups") } else { 1 };
    let with: ConvBuilder<N> = Conv::with(x[1].size(1) * groups, x[1].size(0), args.axes("kernel"));
    let with = match args.str("mode") {
        "zeros" => with,
        "reflect" => with.padding_mode(PadMode::Reflect),
        "replicate" => with.padding_mode(PadMode::Replicate),
        "circular" => with.padding_mode(PadMode::Circular),
        other => panic!("no mode is called {other}"),
    };
    let with =
        if args.is("padding", "same") { with.padding_same() } else { with.padding(args.axes("padding")) };
    let with = if args.has("stride") { with.stride(args.axes("stride")) } else { with };
    let with = if args.has("dilation") { with.dilation(args.axes("dilation")) } else { with };
    with.groups(groups).bias(x.len() == 3).build(&mut ChaCha8Rng::seed_from_u64(0))
}

/// The layer with the weights of the case in place of its own.
fn put<const N: usize>(mut layer: Conv<N>, x: &[Tensor]) -> Conv<N> {
    assert_eq!(layer.weight.shape(), x[1].shape(), "the weight has another shape in PyTorch");
    layer.weight = x[1].clone();
    layer.bias = layer.bias.and(x.get(2).cloned());
    layer
}
