use super::{Arm, one};
use crate::fixture::Args;

pub(crate) const ARMS: &[Arm] = &[
    ("layer_norm", |x, args| one(x[0].layer_norm(shape(args), x.get(1), x.get(2), args.f64("eps")))),
    ("layer_norm_no_weight", |x, args| one(x[0].layer_norm(shape(args), None, Some(&x[1]), args.f64("eps")))),
    ("rms_norm", |x, args| {
        let eps = args.has("eps").then(|| args.f64("eps"));
        one(x[0].rms_norm(shape(args), x.get(1), eps))
    }),
    ("group_norm", |x, args| one(x[0].group_norm(args.usize("groups"), x.get(1), x.get(2), args.f64("eps")))),
];

fn shape(args: &Args) -> Vec<usize> {
    args.dims("shape").into_iter().map(|size| size as usize).collect()
}
