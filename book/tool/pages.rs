//! Checks of the built HTML: it asks nothing of the network, and its links lead somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use regex::Regex;

use crate::error::{files_under, read};
use crate::{Book, Result};

/// Everything that is wrong with the pages as a browser would load them.
///
/// # Errors
/// When the built book cannot be read.
pub fn check(book: &Book) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    let mut pages = BTreeMap::new();
    for path in files_under(&book.build_dir(), "html")? {
        pages.insert(path.clone(), Page::parse(&read(&path)?));
    }
    for (path, page) in &pages {
        let name = book.shown(path);
        problems.extend(page.requests.iter().map(|r| format!("{name}: asks the network for {r}")));
        // the page for missing addresses is served at any depth, so its links hang on the site's root
        if !path.ends_with("404.html") {
            problems.extend(
                page.links.iter().filter_map(|l| broken(path, l, &pages)).map(|p| format!("{name}: {p}")),
            );
        }
    }
    let pattern = Pattern::new();
    for path in files_under(&book.build_dir(), "css")? {
        let (css, name) = (read(&path)?, book.shown(&path));
        problems.extend(
            pattern.css_requests(&css).into_iter().map(|r| format!("{name}: asks the network for {r}")),
        );
        let files = pattern.css_files(&css);
        problems
            .extend(files.iter().filter_map(|f| broken(&path, f, &pages)).map(|p| format!("{name}: {p}")));
    }
    Ok(problems)
}

struct Page {
    requests: Vec<String>,
    links: BTreeSet<String>,
    ids: BTreeSet<String>,
}

impl Page {
    fn parse(html: &str) -> Page {
        let pattern = Pattern::new();
        let mut page =
            Page { requests: pattern.css_requests(html), links: BTreeSet::new(), ids: BTreeSet::new() };
        for tag in pattern.tag.captures_iter(html) {
            for attribute in pattern.attribute.captures_iter(&tag[2]) {
                let value = attribute[2].replace("&amp;", "&");
                match (&tag[1], &attribute[1]) {
                    (_, "id") | ("a", "name") => {
                        page.ids.insert(value);
                    }
                    ("a", "href") if !outside(&value) => {
                        page.links.insert(value);
                    }
                    ("a", "href") => {}
                    (_, "src" | "href" | "srcset" | "poster" | "data") if outside(&value) => {
                        page.requests.push(value)
                    }
                    (_, "src" | "href") => {
                        page.links.insert(value);
                    }
                    _ => {}
                }
            }
        }
        page
    }
}

/// Whether an address leaves the book.
fn outside(address: &str) -> bool {
    ["http://", "https://", "//", "mailto:", "data:"].iter().any(|p| address.starts_with(p))
}

fn broken(page: &Path, link: &str, pages: &BTreeMap<PathBuf, Page>) -> Option<String> {
    let (file, id) = link.split_once('#').unwrap_or((link, ""));
    let file = file.split('?').next().unwrap_or_default();
    let target = match file {
        "" => page.to_path_buf(),
        _ => crate::sources::normal(&page.parent().unwrap_or(Path::new("")).join(file)),
    };
    if !target.exists() {
        return Some(format!("`{link}` leads nowhere"));
    }
    let known = pages.get(&target).is_none_or(|p| id.is_empty() || p.ids.contains(id));
    (!known).then(|| format!("`{link}`: the page has no such section"))
}

struct Pattern {
    tag: Regex,
    attribute: Regex,
    css: Regex,
    css_file: Regex,
}

impl Pattern {
    fn new() -> Pattern {
        #[allow(clippy::unwrap_used, reason = "the patterns are constants that compile")]
        let pattern = |text: &str| Regex::new(text).unwrap();
        Pattern {
            tag: pattern(
                r#"<([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[^\s"'<>=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))?)*)\s*/?>"#,
            ),
            attribute: pattern(r#"([a-zA-Z:-]+)\s*=\s*["']([^"']*)["']"#),
            css: pattern(r#"(?:@import\s+|url\()\s*["']?((?:https?:)?//[^"')\s]+)"#),
            css_file: pattern(r#"url\(\s*["']?([^"')\s]+)"#),
        }
    }

    /// The fonts and pictures of this book that a stylesheet asks for.
    fn css_files(&self, text: &str) -> Vec<String> {
        let files = self.css_file.captures_iter(text).map(|c| c[1].to_string());
        files.filter(|f| !outside(f) && !f.starts_with('#')).collect()
    }

    fn css_requests(&self, text: &str) -> Vec<String> {
        self.css.captures_iter(text).map(|c| c[1].to_string()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_links_are_told_apart() {
        let page = Page::parse(
            "<a href=\"https://arxiv.org/abs/1\">paper</a><a href='b.html#x'>b</a><h2 id=\"top\">t</h2>\
             <script src=\"https://cdn.example/x.js\"></script><link rel=stylesheet href=\"css/a.css\">\
             <img src=\"//images.example/a.png\" loading=lazy><style>@import \"https://f.example/f.css\";</style>",
        );
        assert_eq!(page.requests.len(), 3, "{:?}", page.requests);
        assert!(page.links.contains("b.html#x") && page.links.contains("css/a.css"));
        assert!(page.ids.contains("top"));
    }
}
