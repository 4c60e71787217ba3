//! Mathematics: `$…$` in a line and `$$…$$` on lines of its own, set by KaTeX while the book is built.
//!
//! A page therefore needs no script and no network to show a formula. KaTeX also writes MathML beside the picture of
//! the formula, which screen readers speak and search engines read.

use pulldown_cmark::{Event, Options, Parser};

/// Replaces every formula in `markdown` by HTML.
///
/// # Errors
/// The formula that KaTeX does not understand, and what it says about it.
pub fn render(markdown: &str) -> std::result::Result<String, String> {
    let mut html = String::with_capacity(markdown.len());
    let mut done = 0;
    for (event, range) in Parser::new_ext(markdown, options()).into_offset_iter() {
        let (tex, display) = match event {
            Event::InlineMath(tex) => (tex, false),
            Event::DisplayMath(tex) => (tex, true),
            _ => continue,
        };
        html.push_str(&markdown[done..range.start]);
        html.push_str(&formula(&tex, display)?);
        done = range.end;
    }
    html.push_str(&markdown[done..]);
    Ok(html)
}

/// The extensions mdBook parses with, so that both see the same code blocks and tables, and mathematics.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_MATH
}

fn formula(tex: &str, display: bool) -> std::result::Result<String, String> {
    let opts = katex::Opts::builder()
        .display_mode(display)
        .output_type(katex::OutputType::HtmlAndMathml)
        .build()
        .map_err(|e| e.to_string())?;
    let html = katex::render_with_opts(tex, &opts).map_err(|e| format!("${tex}$: {e}"))?;
    Ok(hide_from_markdown(&html))
}

/// Writes what Markdown would take for markup, between the tags, as character references.
fn hide_from_markdown(html: &str) -> String {
    let mut safe = String::with_capacity(html.len());
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ => {}
        }
        match c {
            // a path of KaTeX's root sign runs over several lines, and a blank line would end an HTML block
            '\n' => safe.push(' '),
            '*' | '_' | '\\' | '`' | '[' | ']' | '|' | '~' | '#' | '!' | '"' | '\'' | '-' | '.'
                if !in_tag =>
            {
                safe.push_str(&format!("&#{};", c as u32));
            }
            _ => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_html_and_code_stays_code() {
        let html = render("Let $x_1 * x_2$ be.\n\n```sh\n$ cargo run $HOME\n```\n\nIt costs \\$5, `$x$`.\n")
            .unwrap();
        assert!(html.contains("<span class=\"katex\">"));
        assert!(
            html.contains("x&#95;1 &#42; x&#95;2"),
            "the TeX source is kept for readers of MathML: {html}"
        );
        assert!(html.contains("```sh\n$ cargo run $HOME\n```"));
        assert!(html.contains("`$x$`"));
        assert!(!html.contains("$x_1"));
    }

    #[test]
    fn a_displayed_formula_is_one_line_of_html() {
        let html = render("$$\n\\sqrt{\\frac{a}{b}}\n$$\n").unwrap();
        assert!(html.contains("katex-display"));
        assert_eq!(html.trim_end().lines().count(), 1);
    }

    #[test]
    fn a_formula_that_katex_does_not_know_is_an_error_that_shows_it() {
        let message = render("$\\nonsense{x}$").unwrap_err();
        assert!(message.contains("\\nonsense"), "{message}");
    }
}
