//! The outputs and pictures that the book shows, and the commands that make them.
//!
//! `book/outputs.toml` lists them. `cargo book refresh` runs the commands and keeps what they print and draw;
//! `cargo book check` runs them again and compares: words exactly, numbers within a tolerance (processors differ), and
//! times not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::error::{at, read, write};
use crate::{Book, Error, Result, compare, draw};

/// What `outputs.toml` says.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Manifest {
    /// The commands whose output or pictures a page shows.
    #[serde(default)]
    output: Vec<Output>,
    /// Commands that pages name but that show nothing here, each tried by hand.
    #[serde(default)]
    by_hand: Vec<String>,
}

/// One command, and what is kept of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Output {
    /// `output/NAME.txt` holds what it printed.
    name: String,
    /// The command exactly as a reader would type it.
    command: String,
    /// From a file below `runs/` to a file below `pictures/`.
    #[serde(default)]
    pictures: BTreeMap<String, String>,
    /// Whether what it prints is shown at all.
    #[serde(default = "yes")]
    text: bool,
    /// Cuts what it printed into `output/NAME-PART.txt`: the name of each part, and the line that heads it.
    #[serde(default)]
    parts: Vec<(String, String)>,
    /// How far any number may be off, relative to the larger of the two. Without it, numbers with decimals may be off by
    /// 2 %, and whole ones not at all.
    tolerance: Option<f64>,
    /// Patterns whose matches count as equal.
    #[serde(default)]
    mask: Vec<String>,
    /// Patterns whose lines are not compared at all.
    #[serde(default)]
    skip: Vec<String>,
    /// What its error says on a machine where it cannot run, which is then left out.
    #[serde(default)]
    absent: Vec<String>,
}

fn yes() -> bool {
    true
}

impl Manifest {
    /// Reads `book/outputs.toml`.
    pub fn read(book: &Book) -> Result<Manifest> {
        let path = book.root.join("outputs.toml");
        toml::from_str(&read(&path)?).map_err(|e| Error::Manifest { path, message: e.to_string() })
    }

    /// Every command that the book may show.
    pub fn commands(&self) -> impl Iterator<Item = &str> {
        let listed = self.output.iter().map(|o| o.command.as_str());
        listed.chain(self.by_hand.iter().map(String::as_str))
    }

    /// Every file that a refresh makes.
    pub fn files(&self, book: &Book) -> BTreeSet<PathBuf> {
        let texts = self.output.iter().flat_map(|o| o.text_files(book));
        let pictures = self.output.iter().flat_map(|o| o.pictures.values());
        texts.chain(pictures.map(|p| book.pages().join("pictures").join(p))).collect()
    }

    fn chosen<'a>(&'a self, names: &'a [String]) -> Result<Vec<&'a Output>> {
        if let Some(unknown) = names.iter().find(|n| !self.output.iter().any(|o| o.name == **n)) {
            let known: Vec<&str> = self.output.iter().map(|o| o.name.as_str()).collect();
            let message = format!("no output is called `{unknown}`; there are: {}", known.join(", "));
            return Err(Error::Manifest { path: PathBuf::from("outputs.toml"), message });
        }
        Ok(self.output.iter().filter(|o| names.is_empty() || names.contains(&o.name)).collect())
    }
}

impl Output {
    /// The files that hold what it printed.
    fn text_files(&self, book: &Book) -> Vec<PathBuf> {
        let file = |name: &str| book.pages().join("output").join(name).with_extension("txt");
        match (self.text, self.parts.is_empty()) {
            (false, _) => Vec::new(),
            (true, true) => vec![file(&self.name)],
            (true, false) => {
                self.parts.iter().map(|(part, _)| file(&format!("{}-{part}", self.name))).collect()
            }
        }
    }

    /// What each of those files should hold.
    fn texts(&self, printed: &str) -> std::result::Result<Vec<String>, String> {
        if !self.text || self.parts.is_empty() {
            return Ok(vec![tidy(printed); usize::from(self.text)]);
        }
        let starts = self.parts.iter().map(|(_, head)| {
            let start = printed.lines().position(|l| l.trim() == head);
            start.ok_or_else(|| format!("`{}` prints no line `{head}`", self.command))
        });
        let starts = starts.collect::<std::result::Result<Vec<usize>, String>>()?;
        let lines: Vec<&str> = printed.lines().collect();
        let ends = starts.iter().skip(1).copied().chain([lines.len()]);
        Ok(starts
            .iter()
            .zip(ends)
            .map(|(&start, end)| tidy(&lines[start + 1..end.max(start + 1)].join("\n")))
            .collect())
    }
}

/// Without spaces at the ends of lines and empty lines at both ends.
fn tidy(printed: &str) -> String {
    let lines: Vec<&str> = printed.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_string() + "\n"
}

/// Draws the diagrams again and runs the commands (those named, or all), and keeps what they print and draw.
pub fn refresh(book: &Book, names: &[String]) -> Result<()> {
    draw::all(book)?;
    for output in Manifest::read(book)?.chosen(names)? {
        println!("$ {}", output.command);
        let Some(made) = made(book, output)? else { continue };
        for (file, text) in made {
            write(&file, &text)?;
        }
        for (run, picture) in &output.pictures {
            let (from, to) = (runs(book).join("runs").join(run), book.pages().join("pictures").join(picture));
            write(&to, &read(&from)?)?;
        }
    }
    Ok(())
}

/// Runs the commands again and says which of the outputs and pictures in the book are out of date.
pub fn check(book: &Book, names: &[String]) -> Result<Vec<String>> {
    let mut problems = draw::stale(book)?;
    for output in Manifest::read(book)?.chosen(names)? {
        println!("$ {}", output.command);
        let Some(fresh) = made(book, output)? else { continue };
        let rules = compare::Rules::new(output.tolerance.unwrap_or(0.02), output.tolerance.unwrap_or(0.0))
            .without(&output.mask, &output.skip)
            .map_err(|message| Error::Manifest { path: book.root.join("outputs.toml"), message })?;
        let mut differs = |path: &Path, fresh: &str, words: fn(&str) -> String| -> Result<()> {
            let shown = if path.is_file() { read(path)? } else { String::new() };
            if let Some(difference) = rules.difference(&words(&shown), &words(fresh)) {
                problems.push(format!(
                    "{}: {difference}\n  (`cargo book refresh {}`)",
                    book.shown(path),
                    output.name
                ));
            }
            Ok(())
        };
        for (file, text) in &fresh {
            differs(file, text, str::to_string)?;
        }
        for (run, picture) in &output.pictures {
            let fresh = read(&runs(book).join("runs").join(run))?;
            differs(&book.pages().join("pictures").join(picture), &fresh, compare::words_of_picture)?;
        }
    }
    Ok(problems)
}

/// A folder of its own inside the workspace, so that cargo finds the workspace and the reader's `runs/` stays as it is.
fn runs(book: &Book) -> PathBuf {
    book.workspace.join("target/book-runs")
}

/// What the command makes; none on a machine where it cannot run, which is said.
fn made(book: &Book, output: &Output) -> Result<Option<Vec<(PathBuf, String)>>> {
    match make(book, output) {
        Err(Error::Command { stderr, .. }) if output.absent.iter().any(|said| stderr.contains(said)) => {
            println!("  left out: {}", stderr.lines().last().unwrap_or_default());
            Ok(None)
        }
        made => made.map(Some),
    }
}

/// Runs the command and returns the files that hold what it printed, with their text.
fn make(book: &Book, output: &Output) -> Result<Vec<(PathBuf, String)>> {
    let folder = runs(book);
    if folder.is_dir() {
        std::fs::remove_dir_all(&folder).map_err(at(&folder))?;
    }
    std::fs::create_dir_all(&folder).map_err(at(&folder))?;
    let mut words = output.command.split_whitespace();
    let program = words.next().unwrap_or_default();
    let printed = run(program, &words.collect::<Vec<_>>(), &folder)?;
    let texts = output.texts(&printed);
    let texts = texts.map_err(|message| Error::Manifest { path: book.root.join("outputs.toml"), message })?;
    Ok(output.text_files(book).into_iter().zip(texts).collect())
}

/// Runs a program and returns what it printed.
pub(crate) fn run(program: &str, arguments: &[&str], folder: &Path) -> Result<String> {
    let ran =
        Command::new(program).args(arguments).current_dir(folder).output().map_err(at(Path::new(program)))?;
    if ran.status.success() {
        return Ok(String::from_utf8_lossy(&ran.stdout).into_owned());
    }
    let stderr = String::from_utf8_lossy(&ran.stderr);
    let last: Vec<&str> = stderr.lines().rev().take(20).collect();
    Err(Error::Command {
        command: format!("{program} {}", arguments.join(" ")),
        status: ran.status.to_string(),
        stderr: last.into_iter().rev().collect::<Vec<_>>().join("\n"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_command_prints_is_cut_at_its_titles() {
        let output: Output = toml::from_str(
            "name = \"x\"\ncommand = \"x\"\nparts = [[\"a\", \"First\"], [\"b\", \"Second\"]]",
        )
        .unwrap();
        let texts = output.texts("plan\n\nFirst\n\n1 \n2\n\nSecond\n\n3\n").unwrap();
        assert_eq!(texts, ["1\n2\n", "3\n"]);
        assert!(output.texts("First\n").unwrap_err().contains("no line `Second`"));
    }
}
