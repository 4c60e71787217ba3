//! Compiles and runs the Rust blocks that are written in the pages.
//!
//! A block that includes a listing compiles already, since the listing is part of a crate. The others are given to
//! `rustdoc --test`, page by page, with the crates of the workspace at hand.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{at, files_under, read, write};
use crate::{Book, Error, Result};

/// The crates that a block may `use`.
const CRATES: [&str; 4] = ["micrograd", "minitensor", "convnet", "rand"];

/// Every block that does not compile or panics, as `rustdoc` reports it.
///
/// # Errors
/// When the crates do not build, or a page cannot be read.
pub fn check(book: &Book) -> Result<Vec<String>> {
    let mut blocks = Vec::new();
    for page in files_under(&book.pages(), "md")? {
        let text = read(&page)?;
        if let Some(written) = written_blocks(&text) {
            blocks.push((page, written));
        }
    }
    if blocks.is_empty() {
        return Ok(Vec::new());
    }
    let libraries = libraries(book)?;
    let mut problems = Vec::new();
    for (page, text) in blocks {
        if let Some(report) = test(book, &page, &text, &libraries)? {
            problems.push(format!("{}: a Rust block fails\n{report}", book.shown(&page)));
        }
    }
    Ok(problems)
}

/// The page with only its written Rust blocks left, on the lines where they stand; `None` if it has none.
fn written_blocks(page: &str) -> Option<String> {
    let mut kept = String::new();
    let mut lines = page.lines();
    let mut any = false;
    while let Some(line) = lines.next() {
        if !line.trim_start().starts_with("```") {
            kept.push('\n');
            continue;
        }
        let body: Vec<&str> = lines.by_ref().take_while(|l| !l.trim_start().starts_with("```")).collect();
        if line.trim().starts_with("```rust") && !body.iter().any(|l| l.contains("{{#include")) {
            any = true;
            kept.push_str(&format!("{line}\n{}\n```\n", body.join("\n")));
        } else {
            kept.push_str(&"\n".repeat(body.len() + 2));
        }
    }
    any.then_some(kept)
}

/// A compiled crate: its name and the file to link.
struct Library {
    name: String,
    file: PathBuf,
}

/// Builds the workspace's libraries and asks cargo where it put them.
fn libraries(book: &Book) -> Result<Vec<Library>> {
    let arguments =
        ["build", "--quiet", "-p", "micrograd", "-p", "minitensor", "-p", "convnet", "--message-format=json"];
    let stdout = crate::outputs::run("cargo", &arguments, &book.workspace)?;
    let mut found: Vec<Library> = Vec::new();
    for line in stdout.lines() {
        let Ok(message) = serde_json::from_str::<serde_json::Value>(line) else { continue };
        let name = message["target"]["name"].as_str().unwrap_or_default();
        let file = message["filenames"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|f| f.as_str())
            .find(|f| f.ends_with(".rlib"));
        if let (true, Some(file)) = (CRATES.contains(&name), file) {
            found.retain(|l| l.name != name);
            found.push(Library { name: name.to_string(), file: PathBuf::from(file) });
        }
    }
    Ok(found)
}

fn test(book: &Book, page: &Path, text: &str, libraries: &[Library]) -> Result<Option<String>> {
    let name = page.strip_prefix(book.pages()).unwrap_or(page);
    let copy = book.workspace.join("target/book-listings").join(name);
    write(&copy, text)?;
    let mut rustdoc = Command::new("rustdoc");
    rustdoc.args(["--test", "--edition", "2024"]).arg(&copy);
    for library in libraries {
        rustdoc.arg("--extern").arg(format!("{}={}", library.name, library.file.display()));
        if let Some(folder) = library.file.parent() {
            rustdoc.arg("-L").arg(format!("dependency={}", folder.join("deps").display()));
            rustdoc.arg("-L").arg(format!("dependency={}", folder.display()));
        }
    }
    let output = rustdoc.output().map_err(at(Path::new("rustdoc")))?;
    if output.status.success() {
        return Ok(None);
    }
    let report =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    if report.trim().is_empty() {
        return Err(Error::Command {
            command: "rustdoc --test".into(),
            status: output.status.to_string(),
            stderr: String::new(),
        });
    }
    Ok(Some(report))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_blocks_keep_their_lines_and_included_ones_go() {
        let page = "a\n\n```rust\n{{#include x.rs:a}}\n```\n\n```rust\nlet x = 1;\n```\n```text\nb\n```\n";
        let kept = written_blocks(page).unwrap();
        assert_eq!(kept.lines().nth(6), Some("```rust"));
        assert_eq!(kept.lines().nth(7), Some("let x = 1;"));
        assert!(!kept.contains("include") && !kept.contains('b'));
        assert!(written_blocks("```rust\n{{#include x.rs}}\n```\n").is_none());
    }
}
