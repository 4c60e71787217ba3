use super::{Arm, one};
use minitensor::ops::{CrossEntropyOptions, Reduction};

pub(crate) const ARMS: &[Arm] = &[
    ("softmax", |x, args| one(x[0].softmax(args.isize("dim")))),
    ("log_softmax", |x, args| one(x[0].log_softmax(args.isize("dim")))),
    ("cross_entropy", |x, args| {
        let options = CrossEntropyOptions {
            weight: x.get(2).cloned(),
            ignore_index: args.f64_or("ignore_index", -100.0) as i64,
            label_smoothing: args.f64_or("label_smoothing", 0.0),
            reduction: match args.has("reduction").then(|| args.str("reduction")) {
                None | Some("mean") => Reduction::Mean,
                Some("sum") => Reduction::Sum,
                Some("none") => Reduction::None,
                Some(other) => panic!("no reduction is called {other}"),
            },
        };
        one(x[0].cross_entropy_with(&x[1], &options))
    }),
    ("nll_loss", |x, _| one(x[0].nll_loss(&x[1]))),
    ("mse_loss", |x, _| one(x[0].mse_loss(&x[1]))),
    ("l1_loss", |x, _| one(x[0].l1_loss(&x[1]))),
    ("bce_with_logits", |x, _| one(x[0].binary_cross_entropy_with_logits(&x[1]))),
];
