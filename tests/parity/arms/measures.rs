use minitensor::Tensor;

use super::{Arm, both, one};
use crate::fixture::Args;

pub(crate) const ARMS: &[Arm] = &[
    ("norm", |x, args| match args.has("dim") {
        true => one(x[0].norm_dim(args.f64("p"), &args.dims("dim")[..], args.bool("keepdim"))),
        false => one(x[0].norm(args.f64("p"))),
    }),
    ("var_mean", |x, args| {
        both(x[0].var_mean(&args.dims("dim")[..], correction(args), args.bool("keepdim")))
    }),
    ("any", |x, args| match args.has("dim") {
        true => one(x[0].any_dim(args.isize("dim"), args.bool("keepdim"))),
        false => one(Tensor::scalar(u8::from(x[0].any()))),
    }),
    ("all", |x, args| match args.has("dim") {
        true => one(x[0].all_dim(args.isize("dim"), args.bool("keepdim"))),
        false => one(Tensor::scalar(u8::from(x[0].all()))),
    }),
    ("count_nonzero", |x, args| match args.has("dim") {
        true => one(x[0].count_nonzero_dim(&args.dims("dim")[..])),
        false => one(Tensor::scalar(x[0].count_nonzero() as i64)),
    }),
    ("flat_std", |x, args| match args.has("dim") {
        true => one(x[0].std_dim(args.isize("dim"), correction(args), args.bool("keepdim"))),
        false => one(x[0].std(correction(args))),
    }),
];

fn correction(args: &Args) -> usize {
    usize::from(args.bool("unbiased"))
}
