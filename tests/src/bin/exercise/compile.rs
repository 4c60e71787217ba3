//! The reader's answers, compiled with their checks.

use crate::course::{Course, shown};
use crate::trouble::Trouble;
use ::tests::exercise::features;
use ::tests::exercise::source::{Exercise, Source};
use serde_json::Value;
use std::collections::HashMap;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::{env, fs};

/// What came of compiling a chapter.
#[derive(Clone, Debug)]
pub(crate) enum Built {
    /// The program that checks it.
    Ready(PathBuf),
    /// What rustc said.
    Broken(String),
}

/// Compiles the chapters in one go; one that does not compile stops no other.
pub(crate) fn compile(course: &Course, chapters: &[&Source]) -> Result<HashMap<u32, Built>, Trouble> {
    let mut command = command(course, chapters)?;
    let cargo = command.get_program().display().to_string();
    let failed = |error| Trouble::Run { program: cargo.clone(), error };
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(failed)?;
    let progress = child.stderr.take().map(|stderr| thread::spawn(|| follow(stderr)));
    let messages = child.stdout.take().map(read_messages).unwrap_or_default();
    let succeeded = child.wait().map_err(failed)?.success();
    let said = progress.and_then(|thread| thread.join().ok()).unwrap_or_default();

    let built = chapters
        .iter()
        .map(|chapter| (chapter.number, outcome(chapter, &messages)))
        .collect::<HashMap<_, _>>();
    let explained = |built: &Built| matches!(built, Built::Broken(text) if !text.is_empty());
    if !succeeded && !built.values().any(explained) {
        return Err(Trouble::Cargo(said));
    }
    Ok(built)
}

/// What builds them, with the features that they need.
fn command(course: &Course, chapters: &[&Source]) -> Result<Command, Trouble> {
    let path = course.root.join("Cargo.toml");
    let manifest = fs::read_to_string(&path).map_err(Trouble::file("read", &path))?;
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    // All of the workspace, and not this package alone: as `cargo test` chooses the features of what both depend on, so
    // that neither compiles it again for the other.
    command.current_dir(course.root.parent().unwrap_or(&course.root)).args(["build", "--keep-going"]);
    command.arg("--message-format=json-diagnostic-rendered-ansi");
    for chapter in chapters {
        command.args(["--test", &target(chapter)]);
        for feature in features(&manifest, chapter.number) {
            command.args(["--features", &feature]);
        }
    }
    Ok(command)
}

/// The name of a chapter's target in Cargo.toml.
fn target(chapter: &Source) -> String {
    format!("ch{:02}", chapter.number)
}

/// What cargo reported of one chapter. An error in a crate that it uses counts as its own.
fn outcome(chapter: &Source, messages: &[Value]) -> Built {
    let target = target(chapter);
    let of_this = |message: &&Value| message["target"]["name"] == target.as_str();
    let executable = messages.iter().filter(of_this).find_map(|message| message["executable"].as_str());
    if let Some(path) = executable {
        return Built::Ready(path.into());
    }
    let is_other_chapter = |message: &Value| message["target"]["kind"][0] == "test" && !of_this(&message);
    let errors = messages
        .iter()
        .filter(|message| message["message"]["level"] == "error" && !is_other_chapter(message));
    // `aborting due to 2 previous errors` has no place in the code.
    let placed = errors
        .filter(|message| message["message"]["spans"].as_array().is_some_and(|spans| !spans.is_empty()));
    let mut text = String::new();
    for message in placed {
        let rendered = from_root(message["message"]["rendered"].as_str().unwrap_or_default());
        text.push_str(&rendered);
        if !rendered.contains(&shown(chapter)) && rendered.contains("tests/checks/") {
            let is_meant = |e: &&Exercise| {
                rendered.contains(&format!("answers::{}", e.name))
                    || rendered.contains(&format!("`{}`", e.name))
            };
            let number = chapter
                .exercises
                .iter()
                .find(is_meant)
                .map_or(chapter.number.to_string(), |e| e.number.to_string());
            text.push_str(&format!(
                "Here the check calls your function. Did its first line change in {}?\n\
                 `cargo exercise reset {number}` brings it back as it was.\n\n",
                shown(chapter)
            ));
        }
    }
    Built::Broken(text)
}

/// The reader's file is compiled as seen from the checks (`tests/checks/ch01/../../mine/`); this calls it by its own
/// path.
pub(crate) fn from_root(text: &str) -> String {
    let mut pieces = text.split("/../../mine/").collect::<Vec<_>>();
    let last = pieces.pop().unwrap_or_default();
    let shortened = pieces.into_iter().map(|piece| {
        let start = piece.rfind("tests/checks/").or_else(|| piece.rfind("tests\\checks\\"));
        format!("{}tests/mine/", &piece[..start.unwrap_or(piece.len())])
    });
    shortened.collect::<String>() + last
}

/// Cargo's report, a JSON object a line.
fn read_messages(stdout: impl Read) -> Vec<Value> {
    let lines = BufReader::new(stdout).lines().map_while(Result::ok);
    lines.filter_map(|line| serde_json::from_str(&line).ok()).collect()
}

/// Shows what cargo is at, in one line that goes away again, and returns all that it said.
fn follow(stderr: impl Read) -> String {
    let mut said = String::new();
    let live = io::stderr().is_terminal();
    for line in BufReader::new(stderr).lines().map_while(Result::ok) {
        if live && (line.contains("Compiling") || line.contains("Blocking") || line.contains("Download")) {
            eprint!("\r\x1b[2K{:.78}", line.trim());
        }
        said.push_str(&line);
        said.push('\n');
    }
    if live {
        eprint!("\r\x1b[2K");
    }
    said
}

#[cfg(test)]
mod tests {
    use super::from_root;

    #[test]
    fn the_readers_file_is_called_by_its_own_path() {
        let text = "error\n --> tests/checks/ch01_a/../../mine/ch01_a.rs:1:2\n --> tests\\checks\\ch01_a/../../mine/ch01_a.rs:3";
        assert_eq!(from_root(text), "error\n --> tests/mine/ch01_a.rs:1:2\n --> tests/mine/ch01_a.rs:3");
        assert_eq!(from_root("no path"), "no path");
    }
}
