use super::{Arm, one};
use crate::fixture::Args;
use minitensor::Tensor;
use minitensor::ops::{BceOptions, CrossEntropyOptions, MultiMarginOptions, NllOptions, Reduction};

pub(crate) const ARMS: &[Arm] = &[
    ("softmax", |x, args| one(x[0].softmax(args.isize("dim")))),
    ("log_softmax", |x, args| one(x[0].log_softmax(args.isize("dim")))),
    ("cross_entropy", cross_entropy),
    ("soft_cross_entropy", cross_entropy),
    ("nll_loss", |x, args| {
        let options = NllOptions {
            weight: x.get(2).cloned(),
            ignore_index: args.f64_or("ignore_index", -100.0) as i64,
            reduction: reduction(args),
        };
        one(x[0].nll_loss_with(&x[1], &options))
    }),
    ("mse_loss", |x, args| one(x[0].mse_loss_with(&x[1], reduction(args)))),
    ("l1_loss", |x, args| one(x[0].l1_loss_with(&x[1], reduction(args)))),
    ("smooth_l1_loss", |x, args| one(x[0].smooth_l1_loss(&x[1], args.f64("beta"), reduction(args)))),
    ("huber_loss", |x, args| one(x[0].huber_loss(&x[1], args.f64("delta"), reduction(args)))),
    ("bce", |x, args| one(x[0].binary_cross_entropy_with(&x[1], &bce(x, args)))),
    ("bce_with_logits", |x, args| one(x[0].binary_cross_entropy_with_logits_with(&x[1], &bce(x, args)))),
    ("hinge_embedding_loss", |x, args| {
        one(x[0].hinge_embedding_loss(&x[1], args.f64("margin"), reduction(args)))
    }),
    ("multi_margin_loss", |x, args| {
        let options = MultiMarginOptions {
            p: args.f64_or("p", 1.0) as u32,
            margin: args.f64_or("margin", 1.0),
            weight: x.get(2).cloned(),
            reduction: reduction(args),
        };
        one(x[0].multi_margin_loss_with(&x[1], &options))
    }),
    ("kl_div", |x, args| one(x[0].kl_div(&x[1], args.bool("log_target"), reduction(args)))),
    ("cosine_similarity", |x, args| one(x[0].cosine_similarity(&x[1], args.isize("dim"), args.f64("eps")))),
    ("cosine_embedding_loss", |x, args| {
        one(x[0].cosine_embedding_loss(&x[1], &x[2], args.f64("margin"), reduction(args)))
    }),
    ("gaussian_kl", |x, args| one(x[0].gaussian_kl(&x[1], reduction(args)))),
];

fn cross_entropy(x: &[Tensor], args: &Args) -> Vec<Tensor> {
    let options = CrossEntropyOptions {
        weight: x.get(2).cloned(),
        ignore_index: args.f64_or("ignore_index", -100.0) as i64,
        label_smoothing: args.f64_or("label_smoothing", 0.0),
        reduction: reduction(args),
    };
    one(x[0].cross_entropy_with(&x[1], &options))
}

fn bce(x: &[Tensor], args: &Args) -> BceOptions {
    BceOptions { weight: x.get(2).cloned(), pos_weight: x.get(3).cloned(), reduction: reduction(args) }
}

fn reduction(args: &Args) -> Reduction {
    match args.has("reduction").then(|| args.str("reduction")) {
        None | Some("mean") => Reduction::Mean,
        Some("sum") => Reduction::Sum,
        Some("none") => Reduction::None,
        Some(other) => panic!("no reduction is called {other}"),
    }
}
