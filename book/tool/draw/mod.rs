//! The diagrams of the book, drawn by code: what shows an idea rather than a result.
//!
//! Each chapter has a file here with one function a diagram. A page puts them in as
//! `![words](diagrams/NAME.svg)`; they take their colours from the page they stand in.

use crate::error::{read, write};
use crate::{Book, Result};

mod canvas;
mod introduction;

pub use canvas::{Canvas, Colour};

/// A diagram: its file below `diagrams/`, and the function that draws it.
type Diagram = (&'static str, fn() -> Canvas);

/// Every diagram of the book.
const DIAGRAMS: &[Diagram] =
    &[("hand-made-or-learned", introduction::hand_made_or_learned), ("layers", introduction::layers)];

/// Draws every diagram into `book/src/diagrams/`.
pub fn all(book: &Book) -> Result<()> {
    for (name, draw) in DIAGRAMS {
        write(&path(book, name), &draw().to_svg())?;
    }
    Ok(())
}

/// The diagrams in the book that the code would now draw differently.
pub fn stale(book: &Book) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for (name, draw) in DIAGRAMS {
        let path = path(book, name);
        let shown = if path.is_file() { read(&path)? } else { String::new() };
        // git may have given the file the line ends of the system
        if shown.replace('\r', "") != draw().to_svg() {
            problems
                .push(format!("{}: drawn by an earlier version (`cargo book refresh`)", book.shown(&path)));
        }
    }
    Ok(problems)
}

fn path(book: &Book, name: &str) -> std::path::PathBuf {
    book.pages().join("diagrams").join(name).with_extension("svg")
}
