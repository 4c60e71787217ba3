//! The text of this book, for a model that reads about models.

const CHAPTERS: [&str; 7] = [
    include_str!("../../book/src/introduction.md"),
    include_str!("../../book/src/micrograd/derivatives.md"),
    include_str!("../../book/src/micrograd/value.md"),
    include_str!("../../book/src/micrograd/neurons.md"),
    include_str!("../../book/src/minitensor/tensors.md"),
    include_str!("../../book/src/minitensor/autograd.md"),
    include_str!("../../book/src/convnet/resnet.md"),
];

/// The prose of the book: its chapters without listings, formulas on lines of their own, pictures and tags.
///
/// ```
/// let book = gpt::book::book();
/// assert!(book.len() > 40_000);
/// assert!(!book.contains("```") && !book.contains("{{#include"));
/// ```
pub fn book() -> String {
    CHAPTERS.iter().map(|chapter| prose(chapter)).collect::<Vec<_>>().join("\n\n")
}

fn prose(chapter: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let mut within = None;
    for line in chapter.lines() {
        match within {
            Some(fence) if line.trim_start().starts_with(fence) => within = None,
            Some(_) => {}
            None => within = ["```", "$$"].into_iter().find(|fence| line.trim_start().starts_with(fence)),
        }
        let is_prose = within.is_none()
            && !["```", "$$", "<", "![", "{{"].iter().any(|no| line.trim_start().starts_with(no));
        let is_second_gap = line.trim().is_empty() && lines.last().is_none_or(|last| last.is_empty());
        if is_prose && !is_second_gap {
            lines.push(line.trim_end());
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_what_stands_between_the_listings() {
        let chapter =
            "# One\n\n```rust\nlet x = 1;\n```\n\nTwo $x$.\n$$\nx\n$$\n<div>\n\nThree\n![four](a.svg)\n";
        assert_eq!(prose(chapter), "# One\n\nTwo $x$.\n\nThree");
    }
}
