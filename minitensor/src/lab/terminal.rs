use std::io;

use terminal_size::{Height, Width, terminal_size_of};
use textwrap::{Options, WordSplitter};

/// A text in lines that end between words, none wider than the terminal that stdout is; in a pipe, the text as it is.
///
/// ```
/// println!("{}", minitensor::lab::wrapped("A sentence that is longer than some terminals are wide is broken between words."));
/// ```
pub fn wrapped(text: &str) -> String {
    in_lines(text, terminal_size_of(io::stdout()))
}

/// The same for stderr.
pub(crate) fn wrapped_for_stderr(text: &str) -> String {
    in_lines(text, terminal_size_of(io::stderr()))
}

fn in_lines(text: &str, terminal: Option<(Width, Height)>) -> String {
    terminal.map_or_else(|| text.to_owned(), |(Width(columns), _)| fill(text, columns.into()))
}

/// Paths, and lines that are indented as commands are, stay whole, so that they can be copied.
fn fill(text: &str, width: usize) -> String {
    let options = Options::new(width.max(20)).break_words(false).word_splitter(WordSplitter::NoHyphenation);
    let line =
        |line: &str| if line.starts_with("    ") { line.to_owned() } else { textwrap::fill(line, &options) };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_between_words_and_commands_stay_whole() {
        let text = "Stopped after step 20 of 23. To go on:\n\n    cargo run -p convnet -- resnet --resume\n";
        let expected =
            "Stopped after step 20 of\n23. To go on:\n\n    cargo run -p convnet -- resnet --resume\n";
        assert_eq!(fill(text, 24), expected);
        assert_eq!(fill("/a/path/that/is/longer/than/twenty", 20), "/a/path/that/is/longer/than/twenty");
    }
}
