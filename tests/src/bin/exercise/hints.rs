//! Hints, one more each time, and solutions.

use crate::course::Course;
use crate::paint::{bold, dim};
use crate::trouble::Trouble;
use ::tests::exercise::source::Number;
use std::collections::BTreeMap;
use std::fs;

/// The next hint of an exercise, or all of them.
pub(crate) fn hint(course: &Course, number: Number, all: bool) -> Result<String, Trouble> {
    let exercise = course.exercise(number)?;
    let folder = course.root.join("mine");
    let file = folder.join(".hints.json");
    // How many the reader has seen. It is a convenience: a file that cannot be read counts as none.
    let seen = fs::read_to_string(&file).ok().and_then(|text| serde_json::from_str(&text).ok());
    let mut seen: BTreeMap<String, usize> = seen.unwrap_or_default();
    let count = exercise.hints.len();
    let next = if all { count } else { (seen.get(&number.to_string()).unwrap_or(&0) + 1).min(count) };
    seen.insert(number.to_string(), next);
    let json = serde_json::to_string(&seen).unwrap_or_default();
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&file, json))
        .map_err(Trouble::file("write", &file))?;

    let mut text = format!("{} {}\n\n", bold(&format!("{number} {}:", exercise.name)), exercise.task);
    let shown = exercise.hints.iter().enumerate().take(next).skip(if all { 0 } else { next - 1 });
    for (i, hint) in shown {
        let hint =
            textwrap::fill(hint, textwrap::Options::new(96).initial_indent("    ").subsequent_indent("    "));
        text.push_str(&format!("{}\n{hint}\n\n", dim(&format!("hint {} of {count}", i + 1))));
    }
    text.push_str(&if next < count {
        format!("One more: cargo exercise hint {number}")
    } else {
        format!("That is the last one. The answer: cargo exercise solution {number}")
    });
    Ok(text)
}

/// The answer.
pub(crate) fn solution(course: &Course, number: Number) -> Result<String, Trouble> {
    let exercise = course.exercise(number)?;
    let chapter = course.chapter(number.chapter)?;
    let body = exercise.solution.lines().skip(1).collect::<Vec<_>>().join("\n");
    Ok(format!("{}\n\n{}", dim(&format!("tests/solutions/{}.rs", chapter.file)), body.trim()))
}
