//! One check in a process of its own, so that an endless loop or an abort ends nothing else.

use crate::compile::from_root;
use crate::trouble::Trouble;
use ::tests::exercise::{PRINTED, REPORT, Verdict};
use std::io::Read;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// How long one check may take. The slowest solution takes well under a second.
pub(crate) const LIMIT: Duration = Duration::from_secs(10);

/// What came of a check.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) verdict: Verdict,
    /// What to show of it: the difference, or how it ended.
    pub(crate) text: String,
    /// What the answer itself printed.
    pub(crate) printed: String,
}

/// Runs the test `name` of `program`.
pub(crate) fn run(program: &Path, name: &str, limit: Duration) -> Result<Outcome, Trouble> {
    let failed = |error| Trouble::Run { program: program.display().to_string(), error };
    let report = tempfile::NamedTempFile::new().map_err(failed)?;
    let mut child = Command::new(program)
        .args([name, "--exact", "--nocapture", "--test-threads=1"])
        .env(REPORT, report.path())
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let stdout = child.stdout.take().map(|pipe| thread::spawn(|| head(pipe)));
    let stderr = child.stderr.take().map(|pipe| thread::spawn(|| head(pipe)));
    let end = Instant::now() + limit;
    let status = loop {
        match child.try_wait().map_err(failed)? {
            Some(status) => break Some(status),
            None if Instant::now() < end => thread::sleep(Duration::from_millis(2)),
            None => {
                child.kill().map_err(failed)?;
                child.wait().map_err(failed)?;
                break None;
            }
        }
    };
    let [stdout, stderr] =
        [stdout, stderr].map(|thread| thread.and_then(|t| t.join().ok()).unwrap_or_default());
    // Around what the answer printed stands what the test harness says.
    let printed = stdout.split(PRINTED).nth(1).unwrap_or_default().trim().to_owned();
    let report = fs::read_to_string(report.path()).map_err(failed)?;
    let (word, text) = report.split_once('\n').unwrap_or_default();
    Ok(match Verdict::parse(word) {
        Some(verdict) => Outcome { verdict, text: text.to_owned(), printed: joined(printed, &stderr) },
        None => Outcome { verdict: Verdict::Wrong, text: ending(status, &stderr, limit), printed },
    })
}

/// How a check ended that did not come to its end.
fn ending(status: Option<ExitStatus>, stderr: &str, limit: Duration) -> String {
    match status {
        None => format!("It was stopped after {} s. Is there a loop that never ends?\n", limit.as_secs_f32()),
        Some(_) if stderr.contains("overflowed its stack") => {
            "It overflowed the stack. Does a function call itself without end?\n".to_owned()
        }
        Some(_) if stderr.contains("memory allocation of") => {
            "It asked for more memory than a check has. Does a list grow without end?\n".to_owned()
        }
        Some(status) => format!("It ended the program ({status}) before the check was over.\n{stderr}"),
    }
}

fn joined(stdout: String, stderr: &str) -> String {
    [stdout.as_str(), stderr.trim()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The first of what a program prints. It reads the rest as well, since a program stops at a pipe that is full.
fn head(mut pipe: impl Read) -> String {
    const KEPT: usize = 1 << 14;
    let (mut kept, mut chunk) = (Vec::new(), [0; 1 << 14]);
    while let Ok(read @ 1..) = pipe.read(&mut chunk) {
        kept.extend_from_slice(&chunk[..read.min(KEPT.saturating_sub(kept.len()))]);
    }
    from_root(&String::from_utf8_lossy(&kept))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::env;

    /// Runs one of the ignored tests below as if it were a check.
    fn outcome_of(name: &str, limit: Duration) -> Outcome {
        let arguments = format!("run::tests::{name}");
        let program = env::current_exe().unwrap();
        run(&program, &arguments, limit).unwrap()
    }

    /// The tests that stand for answers do their harm only when `run` starts them.
    fn is_check() -> bool {
        env::var_os(REPORT).is_some()
    }

    #[test]
    fn endless() {
        if is_check() {
            println!("{PRINTED}\nround and round");
            loop {
                thread::sleep(Duration::from_millis(1));
            }
        }
        let outcome = outcome_of("endless", Duration::from_secs(2));
        assert_eq!(outcome.verdict, Verdict::Wrong);
        assert!(outcome.text.starts_with("It was stopped after 2 s"), "{outcome:?}");
        assert_eq!(outcome.printed, "round and round");
    }

    #[test]
    fn recursive() {
        #[allow(unconditional_recursion, reason = "it stands for a wrong answer")]
        fn deeper(depth: u64) -> u64 {
            std::hint::black_box(depth) + std::hint::black_box(deeper(depth + 1))
        }
        if is_check() {
            deeper(0);
        }
        let outcome = outcome_of("recursive", LIMIT);
        assert!(outcome.text.starts_with("It overflowed the stack"), "{outcome:?}");
    }

    #[test]
    fn quitting() {
        if is_check() {
            std::process::exit(0);
        }
        let outcome = outcome_of("quitting", LIMIT);
        assert_eq!(outcome.verdict, Verdict::Wrong);
        assert!(outcome.text.starts_with("It ended the program"), "{outcome:?}");
    }

    #[test]
    fn talkative() {
        if let Some(report) = env::var_os(REPORT) {
            println!("{PRINTED}");
            (0..100_000).for_each(|i| println!("{i}"));
            return fs::write(report, "done\n").unwrap();
        }
        let outcome = outcome_of("talkative", LIMIT);
        assert_eq!(outcome.verdict, Verdict::Done);
        assert!(outcome.printed.starts_with("0\n1\n2\n") && outcome.printed.len() < 20_000);
    }
}
