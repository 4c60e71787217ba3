use super::{Arm, both, one};
use crate::fixture::Args;

pub(crate) const ARMS: &[Arm] = &[
    ("sum", |x, args| match args.has("dim") {
        true => one(x[0].sum_dim(&args.dims("dim")[..], args.bool("keepdim"))),
        false => one(x[0].sum()),
    }),
    ("mean", |x, args| match args.has("dim") {
        true => one(x[0].mean_dim(&args.dims("dim")[..], args.bool("keepdim"))),
        false => one(x[0].mean()),
    }),
    ("var", |x, args| match args.has("dim") {
        true => one(x[0].var_dim(&args.dims("dim")[..], correction(args), args.bool("keepdim"))),
        false => one(x[0].var(correction(args))),
    }),
    ("std", |x, args| match args.has("dim") {
        true => one(x[0].std_dim(&args.dims("dim")[..], correction(args), args.bool("keepdim"))),
        false => one(x[0].std(correction(args))),
    }),
    ("max", |x, args| match args.has("dim") {
        true => both(x[0].max_dim(args.isize("dim"), args.bool("keepdim"))),
        false => one(x[0].max()),
    }),
    ("min", |x, args| match args.has("dim") {
        true => both(x[0].min_dim(args.isize("dim"), args.bool("keepdim"))),
        false => one(x[0].min()),
    }),
    ("argmax", |x, args| match args.has("dim") {
        true => one(x[0].argmax(args.isize("dim"), args.bool("keepdim"))),
        false => one(x[0].flatten(0, -1).argmax(0, false)),
    }),
    ("argmin", |x, args| match args.has("dim") {
        true => one(x[0].argmin(args.isize("dim"), args.bool("keepdim"))),
        false => one(x[0].flatten(0, -1).argmin(0, false)),
    }),
    ("amax", |x, args| one(x[0].amax(&args.dims("dim")[..], args.bool("keepdim")))),
    ("amin", |x, args| one(x[0].amin(&args.dims("dim")[..], args.bool("keepdim")))),
    ("logsumexp", |x, args| one(x[0].logsumexp(&args.dims("dim")[..], args.bool("keepdim")))),
];

fn correction(args: &Args) -> usize {
    usize::from(args.bool("unbiased"))
}
