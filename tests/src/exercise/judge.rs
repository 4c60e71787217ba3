//! The judgement of a reader's answer, as text for the runner to show.

use super::{Attempt, MISSING, Sheet, Wrong};
use similar::{ChangeTag, DiffTag, InlineChange, TextDiff};
use std::path::Path;
use std::{env, fs};

/// The environment variable with the file to write the judgement to: a verdict on the first line, then what to show.
pub const REPORT: &str = "EXERCISE_REPORT";

/// Stands before and after what the answer itself printed.
pub const PRINTED: &str = "\u{1}exercise\u{1}";

/// What became of an exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Right in every case.
    Done,
    /// Its `todo!` is still there.
    Todo,
    /// It gives other numbers, or panics.
    Wrong,
}

impl Verdict {
    const ALL: [(Self, &str); 3] = [(Self::Done, "done"), (Self::Todo, "todo"), (Self::Wrong, "wrong")];

    /// Reads the first line of a report.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, name)| *name == word).map(|(verdict, _)| *verdict)
    }

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(verdict, _)| *verdict == self).map_or("", |(_, name)| name)
    }
}

/// Judges the reader's answer and reports to the runner, or, under a plain `cargo test --test ch01`, panics.
pub fn judge<A: Copy>(chapter: &str, name: &str, answer: A, check: fn(A, &mut Sheet), wrong: &[Wrong<A>]) {
    println!("\n{PRINTED}");
    let attempt = Attempt::new(answer, check);
    println!("\n{PRINTED}");
    let verdict = match &attempt {
        attempt if attempt.right() => Verdict::Done,
        attempt if attempt.todo().is_some() => Verdict::Todo,
        _ => Verdict::Wrong,
    };
    let text = match verdict {
        _ if attempt.missing().is_some() => {
            wrapped(&format!("{MISSING}{}", attempt.missing().unwrap_or_default()))
        }
        Verdict::Done => String::new(),
        Verdict::Todo => format!("{name}: the `todo!` is still there\n"),
        Verdict::Wrong => explain(&attempt, &snapshot(chapter, name), attempt.mistake(check, wrong)),
    };
    match env::var_os(REPORT) {
        Some(file) => {
            fs::write(file, format!("{}\n{text}", verdict.word())).expect("the report can be written")
        }
        None => assert!(verdict == Verdict::Done, "\n\n{}\n", anstream::adapter::strip_str(&text)),
    }
}

/// The snapshot that the solution made, which `cargo test` keeps true; none while the exercise is being written.
fn snapshot(chapter: &str, name: &str) -> Option<String> {
    let file = Path::new(super::prove::SNAPSHOTS).join(format!("{chapter}__{name}.snap"));
    let text = fs::read_to_string(file).ok()?.replace("\r\n", "\n");
    text.splitn(3, "---\n").nth(2).map(str::to_owned)
}

fn explain(attempt: &Attempt, snapshot: &Option<String>, mistake: Option<(&str, bool)>) -> String {
    let expected = snapshot.clone().unwrap_or_else(|| attempt.sheet.expected());
    let mut text =
        format!("{RED}- expected{END}   {GREEN}+ yours{END}\n\n{}", diff(&expected, &attempt.sheet.got()));
    if let Some((message, place)) = &attempt.panic {
        text.push_str(&format!("\n{RED}Here it panicked{END}, at {place}:\n{message}\n"));
    }
    match mistake {
        Some((mistake, true)) => text.push_str(&wrapped(&format!("The mistake is {mistake}"))),
        Some((mistake, false)) => text.push_str(&wrapped(&format!("The usual mistake is {mistake}"))),
        None => {}
    }
    text
}

/// A paragraph, after an empty line.
fn wrapped(text: &str) -> String {
    format!("\n{}\n", textwrap::fill(text, 92))
}

const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const BOLD: &str = "\x1b[1m";
const PLAIN: &str = "\x1b[22m";
const END: &str = "\x1b[0m";

/// Lines that differ, what differs in them in bold, among those that do not.
fn diff(expected: &str, got: &str) -> String {
    let diff = TextDiff::from_lines(expected, got);
    let mut text = String::new();
    for op in diff.ops() {
        let changes = diff.iter_inline_changes(op).collect::<Vec<_>>();
        let (old, new) = changes.split_at(op.old_range().len().min(changes.len()));
        // As many lines on either side are the same cases: each stands by its counterpart.
        if op.tag() == DiffTag::Replace && old.len() == new.len() {
            old.iter().zip(new).for_each(|(old, new)| text.extend([line(old), line(new)]));
        } else {
            text.extend(changes.iter().map(line));
        }
    }
    text
}

fn line(change: &InlineChange<'_, str>) -> String {
    let (sign, colour) = match change.tag() {
        ChangeTag::Equal => (' ', ""),
        ChangeTag::Delete => ('-', RED),
        ChangeTag::Insert => ('+', GREEN),
    };
    let mut text = format!("{colour}{sign} ");
    for (emphasised, part) in change.values() {
        let part = part.trim_end_matches('\n');
        text.push_str(&if *emphasised { format!("{BOLD}{part}{PLAIN}") } else { part.to_owned() });
    }
    text + if colour.is_empty() { "\n" } else { "\x1b[0m\n" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_explanation_shows_both_sides_and_the_mistake() {
        let mut sheet = Sheet::default();
        sheet.near("at 1", 2.0, 2.0);
        sheet.near("at 3", 9.0, 6.0);
        sheet.near("at 4", 16.0, 8.0);
        let text = explain(&Attempt { sheet, panic: None }, &None, Some(("the square, x * x.", true)));
        insta::assert_snapshot!(anstream::adapter::strip_str(&text), @r"
        - expected   + yours

          at 1    2
        - at 3    6
        + at 3    9
        - at 4    8
        + at 4    16

        The mistake is the square, x * x.
        ");
    }

    #[test]
    fn after_a_panic_the_rest_is_still_shown_as_expected() {
        let mut sheet = Sheet::default();
        sheet.near("at 1", 2.0, 2.0);
        let attempt = Attempt { sheet, panic: Some(("index out of bounds".into(), "mine/ch01.rs:3".into())) };
        let text = explain(&attempt, &Some("at 1    2\nat 3    6\n".into()), None);
        insta::assert_snapshot!(anstream::adapter::strip_str(&text), @r"
        - expected   + yours

          at 1    2
        - at 3    6

        Here it panicked, at mine/ch01.rs:3:
        index out of bounds
        ");
    }

    #[test]
    fn verdicts_are_read_as_they_are_written() {
        for (verdict, _) in Verdict::ALL {
            assert_eq!(Verdict::parse(verdict.word()), Some(verdict));
        }
        assert_eq!(Verdict::parse("perhaps"), None);
    }
}
