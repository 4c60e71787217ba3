use super::{Arm, one};

pub(crate) const ARMS: &[Arm] = &[
    ("index_select", |x, args| one(x[0].index_select(args.isize("dim"), &x[1]))),
    ("gather", |x, args| one(x[0].gather(args.isize("dim"), &x[1]))),
    ("embedding", |x, _| one(x[0].embedding(&x[1]))),
    ("masked_fill", |x, args| one(x[0].masked_fill(&x[1], args.f64("value")))),
    ("where", |x, _| one(x[0].where_(&x[1], &x[2]))),
    ("scatter_add", |x, args| one(x[0].scatter_add(args.isize("dim"), &x[1], &x[2]))),
];
