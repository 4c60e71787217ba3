use super::{Arm, both, one};

pub(crate) const ARMS: &[Arm] = &[
    ("sort", |x, args| both(x[0].sort(args.isize("dim"), args.bool("descending")))),
    ("argsort", |x, args| one(x[0].argsort(args.isize("dim"), args.bool("descending")))),
    ("topk", |x, args| both(x[0].topk(args.usize("k"), args.isize("dim"), args.bool("largest")))),
    ("kthvalue", |x, args| both(x[0].kthvalue(args.usize("k"), args.isize("dim"), args.bool("keepdim")))),
    ("median", |x, args| match args.has("dim") {
        true => both(x[0].median_dim(args.isize("dim"), args.bool("keepdim"))),
        false => one(x[0].median()),
    }),
    ("quantile", |x, args| match args.has("dim") {
        true => one(x[0].quantile_dim(args.f64("q"), args.isize("dim"), args.bool("keepdim"))),
        false => one(x[0].quantile(args.f64("q"))),
    }),
    ("searchsorted", |x, args| one(x[0].searchsorted(&x[1], args.bool("right")))),
    ("bucketize", |x, args| one(x[0].bucketize(&x[1], args.bool("right")))),
    ("cumsum", |x, args| one(x[0].cumsum(args.isize("dim")))),
    ("cumprod", |x, args| one(x[0].cumprod(args.isize("dim")))),
    ("prod", |x, args| match args.has("dim") {
        true => one(x[0].prod_dim(args.isize("dim"), args.bool("keepdim"))),
        false => one(x[0].prod()),
    }),
];
