//! What can go wrong around an exercise, and what to do about it.

use ::tests::exercise::source::{Malformed, Number};
use std::io;
use std::path::PathBuf;

/// Each message says what is wrong, and what to try.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error("there are no exercises for chapter {given}: chapters {chapters} have some")]
    NoChapter { given: u32, chapters: String },
    #[error("there is no exercise {given}: chapter {} has {}.1 to {}.{last}", .given.chapter, .given.chapter, .given.chapter)]
    NoExercise { given: Number, last: usize },
    #[error("say which exercise of chapter {0}: `{0}.1`, for example")]
    OnlyAChapter(u32),
    #[error("chapter {0} is not started: `cargo exercise start {0}` writes your copy of it to tests/mine/")]
    NotStarted(u32),
    #[error("nothing is started yet: begin with `cargo exercise start 1`")]
    NothingStarted,
    #[error(
        "you have started chapter {chapter}: your answers are in {file}\n\
         `cargo exercise {chapter}` checks them, and `cargo exercise reset {chapter}` begins afresh"
    )]
    Started { chapter: u32, file: String },
    #[error(
        "{file} has the line `// === Exercise {number} ===` {found} times, and needs it once: it says where the exercise begins\n\
         put it back above the exercise, or begin the chapter afresh with `cargo exercise reset {}` (your file is kept)",
        .number.chapter
    )]
    Heads { file: String, number: Number, found: usize },
    #[error("{0}")]
    Source(#[from] Malformed),
    #[error("cannot {what} {path}: {error}", path = .path.display())]
    File { what: &'static str, path: PathBuf, error: io::Error },
    #[error("cannot run {program}: {error}")]
    Run { program: String, error: io::Error },
    #[error("cargo could not build the checks:\n{0}")]
    Cargo(String),
    #[error("cannot watch tests/mine: {0}")]
    Watch(#[from] notify::Error),
}

impl Trouble {
    /// For `map_err`.
    pub(crate) fn file(what: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |error| Self::File { what, path, error }
    }
}
