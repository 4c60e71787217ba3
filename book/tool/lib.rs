//! The tool behind `cargo book`: builds the book, refreshes what it shows, and checks that it is true.
//!
//! mdBook turns the pages of `book/src` into HTML. This crate adds what mdBook leaves out: mathematics set when the
//! book is built ([`math`]), numbered figures with captions ([`figures`]), diagrams drawn by code ([`draw`]), outputs
//! and pictures made by the practicals themselves ([`outputs`]), and the checks that keep listings, links, numbers and
//! pages honest ([`sources`], [`listings`], [`pages`]).

use std::path::{Path, PathBuf};

pub mod compare;
pub mod draw;
pub mod error;
pub mod figures;
pub mod listings;
pub mod math;
pub mod outputs;
pub mod pages;
pub mod render;
pub mod serve;
pub mod sources;

pub use error::{Error, Result};

/// Where the book and the workspace around it lie.
#[derive(Debug, Clone)]
pub struct Book {
    /// The root of the workspace, which holds the crates that the listings come from.
    pub workspace: PathBuf,
    /// The folder `book/`.
    pub root: PathBuf,
}

impl Book {
    /// The book of the workspace that this tool was compiled in.
    pub fn here() -> Book {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let workspace = root.parent().unwrap_or(&root).to_path_buf();
        Book { workspace, root }
    }

    /// The pages: `book/src`.
    pub fn pages(&self) -> PathBuf {
        self.root.join("src")
    }

    /// The built HTML: `book/build`.
    pub fn build_dir(&self) -> PathBuf {
        self.root.join("build")
    }

    /// `path` as a reader of the repository knows it: relative to the workspace, with forward slashes.
    pub fn shown(&self, path: &Path) -> String {
        let relative = path.strip_prefix(&self.workspace).unwrap_or(path);
        relative.to_string_lossy().replace('\\', "/")
    }
}
