//! Colours; `anstream` takes them out again where the output is not a terminal.

pub(crate) fn red(text: &str) -> String {
    format!("\x1b[31m{text}\x1b[0m")
}

pub(crate) fn green(text: &str) -> String {
    format!("\x1b[32m{text}\x1b[0m")
}

pub(crate) fn yellow(text: &str) -> String {
    format!("\x1b[33m{text}\x1b[0m")
}

pub(crate) fn bold(text: &str) -> String {
    format!("\x1b[1m{text}\x1b[0m")
}

pub(crate) fn dim(text: &str) -> String {
    format!("\x1b[2m{text}\x1b[0m")
}

/// Every line that is not empty, further in.
pub(crate) fn indent(text: &str, by: usize) -> String {
    text.lines()
        .map(|line| if line.is_empty() { "\n".into() } else { format!("{:by$}{line}\n", "") })
        .collect()
}
