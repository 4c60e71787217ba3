//! `cargo test`: that the checks tell right answers from wrong ones.

use super::source::{Exercise, Source};
use super::{Attempt, Sheet, Wrong, features};
use libtest_mimic::{Arguments, Failed, Trial};
use std::fs;

/// The folder of this package.
const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Where the snapshots are.
pub(super) const SNAPSHOTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/checks/snapshots");

/// The exercises of a chapter that have a check, by the names of their functions.
pub struct Chapter {
    file: &'static str,
    checked: Vec<&'static str>,
    trials: Vec<Trial>,
}

impl Chapter {
    /// The chapter of `solutions/{file}.rs`.
    pub fn new(file: &'static str) -> Self {
        Self { file, checked: Vec::new(), trials: Vec::new() }
    }

    /// Adds what `cargo test` proves of an exercise.
    pub fn exercise<A: Copy + Send + 'static>(
        &mut self,
        name: &'static str,
        solution: A,
        draft: A,
        check: fn(A, &mut Sheet),
        wrong: &'static [Wrong<A>],
    ) where
        Wrong<A>: Sync,
    {
        let file = self.file;
        let title = |what: &str| format!("{file}::{name}: {what}");
        self.checked.push(name);
        self.trials.extend([
            Trial::test(title("the solution is right"), move || {
                solved(file, name, &Attempt::new(solution, check))
            }),
            Trial::test(title("the draft is still to do"), move || match Attempt::new(draft, check).todo() {
                Some(_) => Ok(()),
                None => Err("the check does not call the answer before all else".into()),
            }),
            Trial::test(title("a wrong answer is told by its mistake"), move || mistaken(check, wrong)),
        ]);
    }
}

/// Runs every proof.
pub fn main(chapters: Vec<Chapter>) {
    let arguments = Arguments::from_args();
    let files = chapters.iter().map(|chapter| chapter.file).collect::<Vec<_>>();
    let mut trials =
        vec![Trial::test("every solutions file has its chapter", move || every_file_is_listed(&files))];
    for chapter in chapters {
        let (file, checked) = (chapter.file, chapter.checked);
        trials.push(Trial::test(format!("{file}: complete"), move || complete(file, &checked)));
        trials.extend(chapter.trials);
    }
    libtest_mimic::run(&arguments, trials).exit()
}

/// The solution passes, and what it should give is the snapshot.
fn solved(file: &str, name: &str, attempt: &Attempt) -> Result<(), Failed> {
    if !attempt.right() {
        let panic =
            attempt.panic.as_ref().map_or(String::new(), |(message, place)| format!("{place}: {message}"));
        let (expected, got) = (attempt.sheet.expected(), attempt.sheet.got());
        return Err(format!("expected\n{expected}\ngot\n{got}\n{panic}").into());
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(SNAPSHOTS);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("{file}__{name}"), attempt.sheet.expected()));
    Ok(())
}

/// Each wrong answer fails, and is recognised as itself and not as another.
fn mistaken<A: Copy>(check: fn(A, &mut Sheet), wrong: &[Wrong<A>]) -> Result<(), Failed> {
    if wrong.len() < 3 {
        return Err(format!("record at least three wrong answers; there are {}", wrong.len()).into());
    }
    for (mistake, answer) in wrong {
        let attempt = Attempt::new(*answer, check);
        if attempt.right() {
            return Err(format!("this wrong answer passes: {mistake}").into());
        }
        let told = attempt.mistake(check, wrong);
        if told != Some((*mistake, true)) {
            return Err(format!(
                "this wrong answer:\n{mistake}\nis taken for {told:?}\n{}",
                attempt.sheet.got()
            )
            .into());
        }
        if !mistake.ends_with(['.', '?']) || mistake.starts_with(char::is_uppercase) {
            return Err(format!(
                "begin in lower case, for `The usual mistake is ...`, and end in a full stop: {mistake}"
            )
            .into());
        }
    }
    Ok(())
}

/// The source can be read, each of its exercises has a check and hints, and the chapter a target of its own.
fn complete(file: &str, checked: &[&str]) -> Result<(), Failed> {
    let source = Source::parse(file, &fs::read_to_string(format!("{ROOT}/solutions/{file}.rs"))?)?;
    let names = source.exercises.iter().map(|exercise| exercise.name.as_str()).collect::<Vec<_>>();
    if names != checked {
        return Err(
            format!("solutions/{file}.rs has {names:?}, but checks/{file}/mod.rs lists {checked:?}").into()
        );
    }
    for Exercise { number, hints, .. } in &source.exercises {
        if hints.len() < 2 {
            return Err(format!(
                "exercise {number} needs two hints or more, from a nudge to nearly the answer"
            )
            .into());
        }
    }
    let target = format!(
        "[[test]]\nname = \"ch{:02}\"\npath = \"checks/{file}/mod.rs\"\ntest = false\n",
        source.number
    );
    if !fs::read_to_string(format!("{ROOT}/Cargo.toml"))?.replace("\r\n", "\n").contains(&target) {
        return Err(format!("Cargo.toml lacks\n{target}").into());
    }
    Ok(())
}

/// `checks/main.rs` knows of each file in `solutions/`, but for those whose features this build lacks.
fn every_file_is_listed(listed: &[&str]) -> Result<(), Failed> {
    let manifest = fs::read_to_string(format!("{ROOT}/Cargo.toml"))?.replace("\r\n", "\n");
    for entry in fs::read_dir(format!("{ROOT}/solutions"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(file) =
            name.strip_suffix(".rs").filter(|file| file.starts_with("ch") && !listed.contains(file))
        {
            let number =
                Source::parse(file, &fs::read_to_string(format!("{ROOT}/solutions/{file}.rs"))?)?.number;
            if !cfg!(feature = "opencl") && features(&manifest, number).iter().any(|name| name == "opencl") {
                continue;
            }
            return Err(format!("add {file} to checks/main.rs and solutions/mod.rs").into());
        }
    }
    Ok(())
}
