//! Builds the pages with mdBook, and our own figures and mathematics.

use mdbook_driver::MDBook;
use mdbook_driver::book::{Book as Chapters, Chapter};
use mdbook_driver::errors::Error as MdError;
use std::path::Path;

use crate::error::{files_under, read, write};
use crate::{Book, Error, Result, figures, math};

/// Builds the whole book into `book/build`.
pub fn build(book: &Book) -> Result<()> {
    let md = load(book)?;
    md.build().map_err(mdbook)?;
    for page in files_under(&book.build_dir(), "html")? {
        let html = read(&page)?;
        write(&page, &two_themes(&html))?;
    }
    Ok(())
}

fn load(book: &Book) -> Result<MDBook> {
    let mut md = MDBook::load(&book.root).map_err(mdbook)?;
    md.with_preprocessor(Pages);
    Ok(md)
}

fn mdbook(error: MdError) -> Error {
    Error::MdBook(format!("{error:#}"))
}

/// What happens to each page after mdBook has put the listings in: figures first, since captions may hold formulas.
struct Pages;

impl mdbook_preprocessor::Preprocessor for Pages {
    fn name(&self) -> &str {
        "pages"
    }

    fn run(
        &self,
        context: &mdbook_preprocessor::PreprocessorContext,
        mut chapters: Chapters,
    ) -> std::result::Result<Chapters, MdError> {
        let pages = context.root.join(&context.config.book.src);
        let mut problem = None;
        chapters.for_each_chapter_mut(|chapter| {
            if problem.is_none() {
                problem = page(chapter, &pages).err();
            }
        });
        match problem {
            Some(message) => Err(MdError::msg(message)),
            None => Ok(chapters),
        }
    }
}

fn page(chapter: &mut Chapter, pages: &Path) -> std::result::Result<(), String> {
    let Some(source) = &chapter.source_path else { return Ok(()) };
    let number = chapter.number.as_ref().and_then(|n| n.first().copied());
    let folder = pages.join(source.parent().unwrap_or(Path::new("")));
    let named = |message: String| format!("{}: {message}", source.display());
    let with_figures = figures::number(&chapter.content, number, &folder).map_err(named)?;
    chapter.content = math::render(&runs(&outdented(&with_figures))).map_err(named)?;
    Ok(())
}

/// The page with every code block moved to the left edge: a method is indented in its file, not on the page.
fn outdented(page: &str) -> String {
    let mut moved = String::with_capacity(page.len());
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        moved.push_str(line);
        moved.push('\n');
        if !line.starts_with("```") {
            continue;
        }
        let block: Vec<&str> = lines.by_ref().take_while(|l| *l != "```").collect();
        let filled = block.iter().filter(|l| !l.trim().is_empty());
        let indent = filled.map(|l| l.len() - l.trim_start().len()).min().unwrap_or(0);
        for line in block {
            moved.push_str(line.get(indent..).unwrap_or_default());
            moved.push('\n');
        }
        moved.push_str("```\n");
    }
    moved
}

/// The page with a command and what it printed, where one follows the other, in one box.
fn runs(page: &str) -> String {
    let mut boxed = String::with_capacity(page.len());
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        if line != "```console" {
            boxed.push_str(line);
            boxed.push('\n');
            continue;
        }
        let mut block = format!("{line}\n{}", rest_of_block(&mut lines));
        while lines.next_if(|l| l.is_empty()).is_some() {}
        if let Some(line) = lines.next_if(|l| *l == "```text") {
            // the empty lines let Markdown into the box
            block =
                format!("<div class=\"run\">\n\n{block}\n{line}\n{}\n</div>\n", rest_of_block(&mut lines));
        }
        boxed.push_str(&block);
        boxed.push('\n');
    }
    boxed
}

/// The lines of a code block after the first, and its end.
fn rest_of_block<'a>(lines: &mut impl Iterator<Item = &'a str>) -> String {
    let mut block: String = lines.take_while(|l| *l != "```").map(|l| l.to_string() + "\n").collect();
    block.push_str("```\n");
    block
}

/// mdBook offers five themes; the book has two of its own, made of the names `light` and `navy`.
fn two_themes(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    for line in html.lines() {
        if ["rust", "coal", "ayu"].iter().any(|name| line.contains(&format!("id=\"mdbook-theme-{name}\""))) {
            continue;
        }
        kept.push_str(&line.replace(">Navy</button>", ">Dark</button>"));
        kept.push('\n');
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_begins_at_the_left_edge() {
        let page = "a\n\n```rust\n    fn f() {\n\n        g()\n    }\n```\n  b\n";
        assert_eq!(outdented(page), "a\n\n```rust\nfn f() {\n\n    g()\n}\n```\n  b\n");
    }

    #[test]
    fn a_command_and_its_output_share_a_box() {
        let page = "a\n\n```console\n$ ls\n```\n\n```text\nb\n```\n\nc\n\n```console\n$ cd\n```\n\nd\n";
        let expected = "a\n\n<div class=\"run\">\n\n```console\n$ ls\n```\n\n```text\nb\n```\n\n</div>\n\n\nc\n\n\
                        ```console\n$ cd\n```\n\nd\n";
        assert_eq!(runs(page), expected);
    }

    #[test]
    fn two_themes_remain() {
        let html = "<li><button id=\"mdbook-theme-light\">Light</button></li>\n\
                    <li><button id=\"mdbook-theme-coal\">Coal</button></li>\n\
                    <li><button id=\"mdbook-theme-navy\">Navy</button></li>\n";
        let html = two_themes(html);
        assert!(html.contains("Light") && html.contains(">Dark<") && !html.contains("coal"));
    }
}
