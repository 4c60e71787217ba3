//! How a solutions file is written, and what is read from it.
//!
//! ```text
//! //! Chapter 1: Derivatives and the chain rule
//!
//! // === Exercise 1.1 ===
//!
//! /// What it computes.
//! pub fn twice(x: f64) -> f64 {
//!     // TASK: add `x` to itself
//!     // HINT: A nudge.
//!     // HINT: Nearly the answer,
//!     //       on two lines.
//!     x + x
//!     // END
//! }
//! ```
//!
//! The draft that the reader gets has `todo!("add `x` to itself")` in place of the lines from TASK to END.

use std::fmt;
use std::str::FromStr;

/// The place of an exercise in the course: `3.2` is the second of chapter 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number {
    /// The chapter of the book.
    pub chapter: u32,
    /// Which exercise of that chapter, from 1.
    pub place: u32,
}

/// A chapter: what stands above its first exercise, and its exercises.
#[derive(Clone, Debug)]
pub struct Source {
    /// The number of the chapter.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// The file's name without `.rs`: `ch01_derivatives`.
    pub file: String,
    /// The text above the first exercise.
    pub preamble: String,
    /// The exercises, in order.
    pub exercises: Vec<Exercise>,
}

/// An exercise, as its solution tells it.
#[derive(Clone, Debug)]
pub struct Exercise {
    /// Its number.
    pub number: Number,
    /// The function to write.
    pub name: String,
    /// What to do, in a sentence without capital and full stop.
    pub task: String,
    /// From a nudge to nearly the answer.
    pub hints: Vec<String>,
    /// Its text with `todo!` for an answer, from the line with its number on.
    pub draft: String,
    /// Its text with the answer, and without TASK, HINT and END.
    pub solution: String,
}

/// A solutions file that does not follow the format above.
#[derive(Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}

impl Source {
    /// Reads the text of `solutions/{file}.rs`.
    pub fn parse(file: &str, text: &str) -> Result<Self, Malformed> {
        let malformed = |line, what: String| Malformed { file: format!("solutions/{file}.rs"), line, what };
        let first = text.lines().next().unwrap_or_default();
        let (number, title) = first
            .strip_prefix("//! Chapter ")
            .and_then(|rest| rest.split_once(": "))
            .and_then(|(number, title)| Some((number.parse().ok()?, title.to_owned())))
            .ok_or_else(|| malformed(1, format!("expected `//! Chapter 1: Title`, found `{first}`")))?;
        let (preamble, regions) = regions(text);
        let mut exercises = Vec::new();
        for (place, region) in (1..).zip(regions) {
            if region.number != (Number { chapter: number, place }) {
                let what = format!("expected exercise {number}.{place} here, found {}", region.number);
                return Err(malformed(region.line, what));
            }
            let exercise = Exercise::parse(&region);
            exercises.push(exercise.map_err(|(line, what)| malformed(region.line + line, what))?);
        }
        Ok(Self { number, title, file: file.to_owned(), preamble, exercises })
    }

    /// The reader's copy of the file.
    pub fn draft(&self) -> String {
        self.preamble.chars().chain(self.exercises.iter().flat_map(|e| e.draft.chars())).collect()
    }
}

/// The part of a file that belongs to one exercise: from its `// === Exercise 1.1 ===` to the next.
#[derive(Debug)]
pub struct Region {
    /// The exercise.
    pub number: Number,
    /// The line of its head, from 1.
    pub line: usize,
    /// The text, with its head.
    pub text: String,
}

/// Splits a file, a solution or a reader's own, at the heads of its exercises.
pub fn regions(text: &str) -> (String, Vec<Region>) {
    let (mut preamble, mut regions) = (String::new(), Vec::<Region>::new());
    for (line, content) in (1..).zip(text.lines()) {
        let number =
            content.trim().strip_prefix("// === Exercise ").and_then(|rest| rest.strip_suffix(" ==="));
        if let Some(number) = number.and_then(|number| number.parse().ok()) {
            regions.push(Region { number, line, text: String::new() });
        }
        let text = regions.last_mut().map_or(&mut preamble, |region| &mut region.text);
        text.push_str(content);
        text.push('\n');
    }
    (preamble, regions)
}

impl Exercise {
    /// Reads one exercise; an error says in which line after the head, and what.
    fn parse(region: &Region) -> Result<Self, (usize, String)> {
        let (mut name, mut task, mut hints) = (None, None, Vec::<String>::new());
        let (mut draft, mut solution) = (String::new(), String::new());
        let mut in_answer = false;
        for (line, content) in region.text.lines().enumerate() {
            let (indent, code) = content.split_at(content.len() - content.trim_start().len());
            if let Some(found) = code.strip_prefix("// TASK: ") {
                if task.replace(found.to_owned()).is_some() {
                    return Err((line, "an exercise has one TASK".to_owned()));
                }
                if found.contains(['"', '\\', '{', '}']) {
                    return Err((line, "a TASK has no quotes, backslashes or braces".to_owned()));
                }
                draft.push_str(&format!("{indent}todo!(\"{found}\")\n"));
                in_answer = true;
            } else if let Some(hint) = code.strip_prefix("// HINT: ").filter(|_| in_answer) {
                hints.push(hint.to_owned());
            } else if let Some((hint, more)) = hints.last_mut().zip(code.strip_prefix("//       ")) {
                hint.push(' ');
                hint.push_str(more);
            } else if code == "// END" && in_answer {
                in_answer = false;
            } else {
                if let Some(function) = code.strip_prefix("pub fn ").filter(|_| task.is_none()) {
                    name = function.split(['(', '<']).next().map(str::to_owned);
                }
                for text in
                    [Some(&mut solution), Some(&mut draft).filter(|_| !in_answer)].into_iter().flatten()
                {
                    text.push_str(content);
                    text.push('\n');
                }
            }
        }
        let missing = |what: &str| (0, format!("exercise {} has no {what}", region.number));
        if in_answer {
            return Err(missing("`// END` after its answer"));
        }
        Ok(Self {
            number: region.number,
            name: name.ok_or_else(|| missing("`pub fn` above its TASK"))?,
            task: task.ok_or_else(|| missing("`// TASK: ...`"))?,
            hints,
            draft,
            solution,
        })
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.chapter, self.place)
    }
}

impl FromStr for Number {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (chapter, place) = text.split_once('.').unwrap_or((text, ""));
        Ok(Self { chapter: chapter.parse()?, place: place.parse()? })
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}: {}", self.file, self.line, self.what)
    }
}

impl std::error::Error for Malformed {}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "//! Chapter 4: Sums\n\nuse std::fmt;\n\n// === Exercise 4.1 ===\n\n/// Twice.\npub fn twice<T>(x: f64) -> f64 {\n    // TASK: add x to itself\n    // HINT: A nudge,\n    //       on two lines.\n    // HINT: Nearly.\n    // By the way.\n    x + x\n    // END\n}\n";

    fn what(text: &str) -> String {
        Source::parse("ch04_sums", text).unwrap_err().to_string()
    }

    #[test]
    fn an_exercise_is_read_from_its_solution() {
        let source = Source::parse("ch04_sums", TEXT).unwrap();
        let exercise = &source.exercises[0];
        assert_eq!((source.number, source.title.as_str(), exercise.name.as_str()), (4, "Sums", "twice"));
        assert_eq!(exercise.hints, ["A nudge, on two lines.", "Nearly."]);
        assert!(
            exercise.solution.ends_with("{\n    // By the way.\n    x + x\n}\n"),
            "{}",
            exercise.solution
        );
        let draft = source.draft();
        assert!(draft.starts_with("//! Chapter 4: Sums\n\nuse std::fmt;\n"), "{draft}");
        assert!(draft.ends_with("-> f64 {\n    todo!(\"add x to itself\")\n}\n"), "{draft}");
    }

    #[test]
    fn a_malformed_file_is_told_by_line() {
        let said = |from: &str, to: &str| what(&TEXT.replace(from, to));
        assert_eq!(
            said("Exercise 4.1", "Exercise 4.2"),
            "solutions/ch04_sums.rs, line 5: expected exercise 4.1 here, found 4.2"
        );
        assert_eq!(
            said("to itself", "\"to\""),
            "solutions/ch04_sums.rs, line 9: a TASK has no quotes, backslashes or braces"
        );
        assert_eq!(
            said("    // END\n", ""),
            "solutions/ch04_sums.rs, line 5: exercise 4.1 has no `// END` after its answer"
        );
        assert_eq!(
            said("// TASK: ", "// "),
            "solutions/ch04_sums.rs, line 5: exercise 4.1 has no `// TASK: ...`"
        );
        assert_eq!(
            said("//! Chapter 4", "//! Section 4"),
            "solutions/ch04_sums.rs, line 1: expected `//! Chapter 1: Title`, found `//! Section 4: Sums`"
        );
    }
}
