//! Figures: a line that is a picture, and below it the lines of its caption.
//!
//! ```text
//! ![what the picture shows, for those who cannot see it](pictures/fit.svg)
//! The caption, in *Markdown*, until the next empty line.
//! ```
//!
//! becomes an HTML `<figure>` with a numbered caption. Pictures under `diagrams/`, which this tool draws, are put into
//! the page itself, so that they take the colours of the reader's theme.

use std::path::Path;

/// Replaces every figure of a page. `chapter` is the number before the dot of "Figure 3.1", `folder` is where the page
/// lies, and `content` its Markdown.
///
/// # Errors
/// The diagram that cannot be read.
pub fn number(content: &str, chapter: Option<u32>, folder: &Path) -> std::result::Result<String, String> {
    let mut page = String::with_capacity(content.len());
    let mut lines = content.lines();
    let mut fenced = false;
    let mut count = 0;
    while let Some(line) = lines.next() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        let Some((alt, source)) = picture(line).filter(|_| !fenced) else {
            page.push_str(line);
            page.push('\n');
            continue;
        };
        count += 1;
        let caption: Vec<&str> = lines.by_ref().take_while(|l| !l.trim().is_empty()).collect();
        let label = match chapter {
            Some(n) => format!("Figure {n}.{count}"),
            None => format!("Figure {count}"),
        };
        page.push_str(&figure(&shown(alt, source, folder)?, &label, &caption.join("\n")));
    }
    Ok(page)
}

/// The parts of a line that is nothing but `![alt](source)`.
pub(crate) fn picture(line: &str) -> Option<(&str, &str)> {
    let (alt, source) = line.trim().strip_prefix("![")?.strip_suffix(')')?.split_once("](")?;
    (!source.contains(')')).then_some((alt, source))
}

fn figure(picture: &str, label: &str, caption: &str) -> String {
    let id = label.to_lowercase().replace([' ', '.'], "-");
    // the empty lines let Markdown into the caption
    format!(
        "<figure id=\"{id}\">\n{picture}\n<figcaption>\n\n**{label}.** {caption}\n\n</figcaption>\n</figure>\n\n"
    )
}

fn shown(alt: &str, source: &str, folder: &Path) -> std::result::Result<String, String> {
    let alt = alt.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    if !source.contains("diagrams/") {
        return Ok(format!("<img src=\"{source}\" alt=\"{alt}\" loading=\"lazy\">"));
    }
    let path = folder.join(source);
    let svg = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(svg.trim().replacen("<svg ", &format!("<svg role=\"img\" aria-label=\"{alt}\" "), 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_numbered_and_captioned() {
        let page =
            "Text.\n\n![a fit](pictures/a.svg)\nThe *fit*\nover two lines.\n\n![b](pictures/b.svg)\n\nEnd.\n";
        let html = number(page, Some(3), Path::new(".")).unwrap();
        assert!(html.contains("<figure id=\"figure-3-1\">"));
        assert!(html.contains("**Figure 3.1.** The *fit*\nover two lines."));
        assert!(html.contains("**Figure 3.2.**"));
        assert!(html.ends_with("End.\n"));
    }

    #[test]
    fn a_picture_inside_a_code_block_is_code() {
        let page = "```text\n![a](b.svg)\n```\n";
        assert_eq!(number(page, None, Path::new(".")).unwrap(), page);
    }

    #[test]
    fn a_missing_diagram_is_named() {
        let message = number("![a](diagrams/none.svg)\n", None, Path::new("nowhere")).unwrap_err();
        assert!(message.contains("none.svg"), "{message}");
    }
}
