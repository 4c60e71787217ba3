use minitensor::{Ellipsis, Index, NewAxis, Tensor};
use serde::Deserialize;

use super::{Arm, one};
use crate::fixture::Args;

pub(crate) const ARMS: &[Arm] = &[
    ("i", |x, args| one(x[0].i(key(args, &x[1..])))),
    ("slice_assign", |x, args| one(x[0].slice_assign(key(args, &[]), &x[1]))),
    // In place, of a buffer that is no leaf of a graph.
    ("slice_assign_", |x, args| {
        let y = x[0].contiguous();
        y.slice_assign_(key(args, &[]), &x[1]);
        one(y)
    }),
    ("index_put", |x, args| one(x[0].index_put(key(args, &x[2..]), &x[1], args.bool("accumulate")))),
    ("scatter", |x, args| one(x[0].scatter(args.isize("dim"), &x[1], &x[2]))),
    ("index_add", |x, args| one(x[0].index_add(args.isize("dim"), &x[1], &x[2]))),
    ("take_along_dim", |x, args| one(x[0].take_along_dim(&x[1], args.isize("dim")))),
    ("masked_select", |x, _| one(x[0].masked_select(&x[1]))),
    ("nonzero", |x, _| one(x[0].nonzero())),
    ("one_hot", |x, args| one(x[0].one_hot(args.usize("classes")))),
    ("tril", |x, args| one(x[0].tril(args.isize("diagonal")))),
    ("triu", |x, args| one(x[0].triu(args.isize("diagonal")))),
    ("histc", |x, args| one(x[0].histc(args.usize("bins"), args.f64("min"), args.f64("max")))),
    ("bincount", |x, args| one(x[0].bincount(args.usize("minlength")))),
];

/// An index as the fixtures write it: a number, [start, end, step], "new", "..." or "tensor".
#[derive(Deserialize)]
#[serde(untagged)]
enum Part {
    At(isize),
    Range(Option<isize>, Option<isize>, Option<usize>),
    Word(String),
}

fn key(args: &Args, tensors: &[Tensor]) -> Vec<Index> {
    let mut tensors = tensors.iter();
    let index = |part: Part| match part {
        Part::At(at) => Index::from(at),
        Part::Range(start, end, step) => Index::Range { start, end, step: step.unwrap_or(1) },
        Part::Word(word) => match word.as_str() {
            "new" => NewAxis.into(),
            "..." => Ellipsis.into(),
            "tensor" => tensors.next().expect("as many tensors as the index names").into(),
            other => panic!("no index is called {other}"),
        },
    };
    args.parsed::<Vec<Part>>("parts").into_iter().map(index).collect()
}
