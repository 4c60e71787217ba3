use super::{Arm, one};
use crate::fixture::Args;
use minitensor::ops::BatchNormOptions;

pub(crate) const ARMS: &[Arm] = &[
    ("weight_norm", |x, args| one(x[0].weight_norm(&x[1], args.isize("dim")))),
    ("batch_norm", |x, args| {
        // Training moves these in place; whoever holds the inputs keeps theirs.
        let (mean, variance) = (x[1].detach(), x[2].detach());
        let y = x[0].batch_norm(Some([&mean, &variance]), x.get(3), x.get(4), options(args));
        vec![y, mean, variance]
    }),
    ("batch_norm_untracked", |x, args| one(x[0].batch_norm(None, x.get(1), x.get(2), options(args)))),
    ("instance_norm", |x, args| {
        let (mean, variance) = (x[1].detach(), x[2].detach());
        let y = x[0].instance_norm(Some([&mean, &variance]), x.get(3), x.get(4), options(args));
        vec![y, mean, variance]
    }),
    ("instance_norm_untracked", |x, args| {
        let options = BatchNormOptions { eps: args.f64("eps"), ..BatchNormOptions::default() };
        one(x[0].instance_norm(None, x.get(1), x.get(2), options))
    }),
];

fn options(args: &Args) -> BatchNormOptions {
    BatchNormOptions {
        training: args.bool("training"),
        momentum: args.f64_or("momentum", 0.1),
        eps: args.f64("eps"),
    }
}
