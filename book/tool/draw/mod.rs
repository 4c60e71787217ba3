//! The diagrams of the book, drawn by code: what shows an idea rather than a result.
//!
//! Each chapter has a file here with one function a diagram. A page puts them in as
//! `![words](diagrams/NAME.svg)`; they take their colours from the page they stand in.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::compare::Rules;
use crate::error::{read, write};
use crate::{Book, Result};

mod canvas;
mod derivatives;
mod gpu;
mod graphs;
mod introduction;
mod matmul;
mod neurons;
mod resnet;
mod tensors;

use canvas::Canvas;

/// A diagram: its file below `diagrams/`, and the function that draws it.
type Diagram = (&'static str, fn() -> Canvas);

/// Every diagram of the book.
const DIAGRAMS: &[Diagram] = &[
    ("hand-made-or-learned", introduction::hand_made_or_learned),
    ("layers", introduction::layers),
    ("slope", derivatives::slope),
    ("chain", derivatives::chain),
    ("descent", derivatives::descent),
    ("step-size", derivatives::step_size),
    ("neuron", neurons::neuron),
    ("network", neurons::network),
    ("activations", neurons::activations),
    ("losses", neurons::losses),
    ("ever-more-units", neurons::ever_more_units),
    ("convolution", resnet::convolution),
    ("residual-block", resnet::residual_block),
    ("resnet", resnet::network),
    ("ranks", tensors::ranks),
    ("strides", tensors::strides),
    ("broadcasting", tensors::broadcasting),
    ("layer", tensors::layer),
    ("gradients-of-a-product", tensors::gradients_of_a_product),
    ("sum-of-repeats", tensors::sum_of_repeats),
    ("walks", matmul::walks),
    ("block-of-sums", matmul::block),
    ("packing", matmul::packing),
    ("levels-of-memory", matmul::levels),
    ("gpu", gpu::device),
    ("coalesced", gpu::coalesced),
    ("gpu-ladder", gpu::ladder),
];

/// A picture that comes as SVG already.
type Graph = (&'static str, fn() -> String);

/// Graphs drawn by micrograd: their file below `pictures/`, and the code that makes them.
const GRAPHS: &[Graph] = &[("graph-expression", graphs::expression), ("graph-doubled", graphs::doubled)];

/// Draws every diagram into `book/src/diagrams/`, and every graph into `book/src/pictures/`.
pub fn all(book: &Book) -> Result<()> {
    for (path, svg) in drawings(book) {
        write(&path, &svg)?;
    }
    Ok(())
}

/// The files that are drawn here rather than by a practical.
pub fn files(book: &Book) -> BTreeSet<PathBuf> {
    drawings(book).into_iter().map(|(path, _)| path).collect()
}

fn drawings(book: &Book) -> Vec<(PathBuf, String)> {
    let path = |folder: &str, name: &str| book.pages().join(folder).join(name).with_extension("svg");
    let diagrams = DIAGRAMS.iter().map(|(name, draw)| (path("diagrams", name), draw().to_svg()));
    let graphs = GRAPHS.iter().map(|(name, draw)| (path("pictures", name), draw()));
    diagrams.chain(graphs).collect()
}

/// The diagrams in the book that the code would now draw differently.
pub fn stale(book: &Book) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    // the last decimal of a coordinate may differ between processors
    let rules = Rules::new(1e-3, 1e-3);
    for (path, svg) in drawings(book) {
        let shown = if path.is_file() { read(&path)? } else { String::new() };
        if rules.difference(&shown, &svg).is_some() {
            problems
                .push(format!("{}: drawn by an earlier version (`cargo book refresh`)", book.shown(&path)));
        }
    }
    Ok(problems)
}
