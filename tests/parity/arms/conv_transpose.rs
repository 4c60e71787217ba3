use super::{Arm, one};
use crate::fixture::Args;
use minitensor::ops::ConvTransposeOptions;

pub(crate) const ARMS: &[Arm] = &[
    ("conv_transpose1d", |x, args| one(x[0].conv_transpose1d(&x[1], x.get(2), options(args)))),
    ("conv_transpose2d", |x, args| one(x[0].conv_transpose2d(&x[1], x.get(2), options(args)))),
];

pub(super) fn options<const N: usize>(args: &Args) -> ConvTransposeOptions<N> {
    ConvTransposeOptions {
        stride: args.axes("stride"),
        padding: args.axes("padding"),
        output_padding: args.axes("output_padding"),
        dilation: args.axes("dilation"),
        groups: args.usize("groups"),
    }
}
