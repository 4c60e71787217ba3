//! Checks of the pages as they are written: every listing, picture, link and command they name exists.
//!
//! mdBook passes a missing file or anchor in silence: the page then shows an empty listing, or the whole file. These
//! checks need neither mdBook nor a compiler, and take a moment.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use regex::Regex;

use crate::error::{files_under, read};
use crate::outputs::Manifest;
use crate::{Book, Result};

/// What may stand after the three backticks. A Rust block always compiles, so there is no `rust,ignore`.
const LANGUAGES: &str = "rust rust,should_panic rust,compile_fail c text console toml python diff dot";

/// Everything that is wrong with the pages, one sentence each, beginning with `file:line`.
///
/// # Errors
/// When a page or the manifest cannot be read at all.
pub fn check(book: &Book) -> Result<Vec<String>> {
    let manifest = Manifest::read(book)?;
    let mut found = Findings::new(book, &manifest);
    for page in files_under(&book.pages(), "md")? {
        found.page(&page, &read(&page)?);
    }
    found.unused(&manifest)?;
    found.outside_the_summary()?;
    Ok(found.problems)
}

struct Findings<'a> {
    book: &'a Book,
    commands: BTreeSet<&'a str>,
    shown: BTreeSet<PathBuf>,
    problems: Vec<String>,
    directive: Regex,
    link: Regex,
}

impl<'a> Findings<'a> {
    fn new(book: &'a Book, manifest: &'a Manifest) -> Self {
        #[allow(clippy::unwrap_used, reason = "both patterns are constants that compile")]
        let pattern = |text: &str| Regex::new(text).unwrap();
        Findings {
            book,
            commands: manifest.commands().collect(),
            shown: BTreeSet::new(),
            problems: Vec::new(),
            directive: pattern(r"\{\{\s*#(\w+)\s+([^}]+?)\s*\}\}"),
            link: pattern(r"\]\(([^)\s]*)[^)]*\)"),
        }
    }

    fn page(&mut self, page: &Path, text: &str) {
        let mut fence: Option<Fence> = None;
        let mut before = "";
        for (index, line) in text.lines().enumerate() {
            let place = format!("{}:{}", self.book.shown(page), index + 1);
            if let Some(language) = line.trim_start().strip_prefix("```") {
                if let Some(fence) = fence.take() {
                    self.close(&fence);
                } else {
                    fence = Some(self.open(language.trim(), place));
                }
                continue;
            }
            self.directives(page, line, &place);
            match &mut fence {
                Some(fence) => fence.line(line, &mut self.problems, &self.commands, &place),
                None => {
                    self.links(page, line, &place);
                    // Markdown takes a line of a paragraph that happens to begin so for the start of a list
                    if line.starts_with("1. ") && !before.trim().is_empty() {
                        self.problems.push(format!("{place}: `1.` at the start of a line begins a list"));
                    }
                }
            }
            before = line;
        }
        if let Some(fence) = fence {
            self.problems.push(format!("{}: this code block is never closed", fence.place));
        }
    }

    fn open(&mut self, language: &str, place: String) -> Fence {
        if !LANGUAGES.split(' ').any(|known| known == language) {
            self.problems.push(format!(
                "{place}: a code block is one of `{}`, not `{language}`",
                LANGUAGES.replace(' ', "`, `")
            ));
        }
        Fence { language: language.to_string(), place, included: 0, written: 0 }
    }

    fn close(&mut self, fence: &Fence) {
        if fence.language.starts_with("rust") && fence.included > 0 && fence.written > 0 {
            self.problems.push(format!(
                "{}: a Rust block is either included or written here; mixed, nothing would compile it",
                fence.place
            ));
        }
    }

    fn directives(&mut self, page: &Path, line: &str, place: &str) {
        let found: Vec<(String, String)> =
            self.directive.captures_iter(line).map(|c| (c[1].to_string(), c[2].to_string())).collect();
        for (name, argument) in found {
            if name != "include" {
                self.problems
                    .push(format!("{place}: only {{{{#include …}}}} is used in this book, not #{name}"));
                continue;
            }
            let (file, part) = argument.split_once(':').unwrap_or((&argument, ""));
            let path = normal(&page.parent().unwrap_or(Path::new("")).join(file));
            self.shown.insert(path.clone());
            match std::fs::read_to_string(&path) {
                Err(e) => self.problems.push(format!("{place}: {}: {e}", self.book.shown(&path))),
                Ok(text) => {
                    if let Some(problem) = part_problem(&text, part) {
                        self.problems.push(format!("{place}: {}: {problem}", self.book.shown(&path)));
                    }
                }
            }
        }
    }

    fn links(&mut self, page: &Path, line: &str, place: &str) {
        let summary = page.file_name().is_some_and(|n| n == "SUMMARY.md");
        let targets: Vec<String> =
            self.link.captures_iter(&without_code(line)).map(|c| c[1].to_string()).collect();
        for target in targets {
            let outside = ["https://", "http://", "mailto:", "#"].iter().any(|p| target.starts_with(p));
            // an empty link in the summary is a chapter still to be written
            if outside || (summary && target.is_empty()) {
                continue;
            }
            let file = target.split('#').next().unwrap_or_default();
            let path = normal(&page.parent().unwrap_or(Path::new("")).join(file));
            if !path.is_file() {
                self.problems.push(format!("{place}: there is no {}", self.book.shown(&path)));
            } else if summary || !file.ends_with(".md") {
                self.shown.insert(path);
            }
        }
    }

    /// Outputs and pictures that no page shows, or that no command makes.
    fn unused(&mut self, manifest: &Manifest) -> Result<()> {
        let mut made = manifest.files(self.book);
        made.extend(crate::draw::files(self.book));
        for folder in ["output", "pictures"] {
            let folder = self.book.pages().join(folder);
            for extension in ["txt", "svg", "png"] {
                for file in if folder.is_dir() { files_under(&folder, extension)? } else { Vec::new() } {
                    let name = self.book.shown(&file);
                    if !self.shown.contains(&file) {
                        self.problems.push(format!("{name}: no page shows this file"));
                    }
                    if !made.contains(&file) {
                        self.problems.push(format!("{name}: no entry of outputs.toml makes this file"));
                    }
                }
            }
        }
        Ok(())
    }

    fn outside_the_summary(&mut self) -> Result<()> {
        for page in files_under(&self.book.pages(), "md")? {
            let summary = page.file_name().is_some_and(|n| n == "SUMMARY.md");
            if !summary && !self.shown.contains(&page) {
                self.problems.push(format!("{}: SUMMARY.md does not list this page", self.book.shown(&page)));
            }
        }
        Ok(())
    }
}

/// A code block while it is read.
struct Fence {
    language: String,
    place: String,
    included: usize,
    written: usize,
}

impl Fence {
    fn line(&mut self, line: &str, problems: &mut Vec<String>, commands: &BTreeSet<&str>, place: &str) {
        if line.contains("{{#include") {
            self.included += 1;
        } else if !line.trim().is_empty() {
            self.written += 1;
        }
        let command = line.trim().strip_prefix("$ ").map(|c| c.split(" #").next().unwrap_or(c).trim());
        if let (true, Some(command)) = (self.language == "console", command)
            && command.starts_with("cargo")
            && !commands.contains(command)
        {
            problems.push(format!("{place}: outputs.toml does not know `{command}`, so nobody has run it"));
        }
    }
}

/// What is wrong with the part of a file that an include asks for: an anchor, `from:to`, or nothing.
fn part_problem(text: &str, part: &str) -> Option<String> {
    if part.is_empty() {
        return None;
    }
    if part.chars().all(|c| c.is_ascii_digit() || c == ':') {
        let last = part.split(':').filter_map(|n| n.parse::<usize>().ok()).max().unwrap_or(0);
        let lines = text.lines().count();
        return (last > lines).then(|| format!("the page shows lines {part}, but the file has {lines}"));
    }
    let has = |marker: &str| {
        text.lines().any(|l| {
            l.split_once(marker).is_some_and(|(_, rest)| rest.trim().split(' ').next() == Some(part))
        })
    };
    match (has("ANCHOR:"), has("ANCHOR_END:")) {
        (true, true) => None,
        (false, _) => Some(format!("there is no `ANCHOR: {part}`")),
        (true, false) => Some(format!("`ANCHOR: {part}` has no `ANCHOR_END: {part}`")),
    }
}

/// The line without its `code`, where brackets mean something else.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("")
}

/// `a/b/../c` as `a/c`, without asking the file system, so that a missing file is still named clearly.
pub(crate) fn normal(path: &Path) -> PathBuf {
    let mut parts = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                parts.pop();
            }
            std::path::Component::CurDir => {}
            other => parts.push(other),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::write;

    fn problems_of(page: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let book = Book { workspace: folder.path().to_path_buf(), root: folder.path().join("book") };
        write(
            &folder.path().join("code.rs"),
            "// ANCHOR: add\nfn add() {}\n// ANCHOR_END: add\n// ANCHOR: open\n",
        )
        .unwrap();
        write(&book.root.join("outputs.toml"), "by-hand = [\"cargo test\"]\n").unwrap();
        write(&book.pages().join("SUMMARY.md"), "- [Page](page.md)\n- [Draft]()\n").unwrap();
        write(&book.pages().join("page.md"), page).unwrap();
        check(&book).unwrap()
    }

    #[test]
    fn a_good_page_has_no_problem() {
        let page = "[Self](page.md)\n\n```rust\n{{#include ../../code.rs:add}}\n```\n\n```console\n$ cargo test\n```\n";
        assert_eq!(problems_of(page), Vec::<String>::new());
    }

    #[test]
    fn each_fault_is_found_and_placed() {
        for (page, expected) in [
            ("```rust\n{{#include ../../none.rs}}\n```\n", "book/src/page.md:2: none.rs:"),
            ("```rust\n{{#include ../../code.rs:sub}}\n```\n", "there is no `ANCHOR: sub`"),
            ("```rust\n{{#include ../../code.rs:open}}\n```\n", "has no `ANCHOR_END: open`"),
            ("```text\n{{#include ../../code.rs:1:9}}\n```\n", "shows lines 1:9, but the file has 4"),
            ("```rust\n{{#include ../../code.rs:add}}\nlet x = 1;\n```\n", "either included or written"),
            ("```rust,ignore\n```\n", "not `rust,ignore`"),
            ("![a](pictures/a.svg)\n", "there is no book/src/pictures/a.svg"),
            ("[b](b.md#part)\n", "there is no book/src/b.md"),
            ("```console\n$ cargo run -p x\n```\n", "does not know `cargo run -p x`"),
            ("```text\nopen\n", "never closed"),
            ("{{#playground ../../code.rs}}\n", "not #playground"),
            ("The sum is\n1. The rest is not.\n", "begins a list"),
        ] {
            let problems = problems_of(page);
            assert!(problems.len() == 1 && problems[0].contains(expected), "{page}: {problems:?}");
        }
    }
}
