//! A practical, run as a reader runs it: what the whole-program tests of each crate share.
//!
//! Each crate's `tests/common/mod.rs` includes this file, and says which program it is and what its quickest run is.

#![allow(dead_code, reason = "each test program uses a part of this")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use minitensor::checkpoint::Checkpoint;

use super::PROGRAM;

/// The program with these arguments, writing to `out`.
pub(crate) fn command(out: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(args).arg("--out").arg(out).env_remove("RUST_BACKTRACE");
    command
}

/// Runs it to its end.
pub(crate) fn run(out: &Path, args: &[&str]) -> Output {
    command(out, args).output().unwrap()
}

/// Runs it, expects it to succeed, and returns what it printed.
#[track_caller]
pub(crate) fn succeed(out: &Path, args: &[&str]) -> String {
    let output = run(out, args);
    assert!(output.status.success(), "{args:?} failed: {}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// What it said on stderr.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// One error message, with these parts, and this exit code.
#[track_caller]
pub(crate) fn assert_refused(output: &Output, code: i32, parts: &[&str]) {
    let message = stderr(output);
    assert_eq!(output.status.code(), Some(code), "{message}");
    assert!(!message.contains("panicked"), "{message}");
    assert_eq!(message.lines().filter(|line| line.starts_with("error:")).count(), 1, "{message}");
    for part in parts {
        assert!(message.contains(part), "{part:?} is not in: {message}");
    }
}

/// The names of the files in a folder, in order.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// Every tensor of a file as text that differs where a bit differs, and what else must be the same.
pub(crate) fn content(folder: &Path, file: &str) -> BTreeMap<String, String> {
    let checkpoint = Checkpoint::load(folder.join(file)).unwrap();
    let bits = |name: &str| {
        let tensor = &checkpoint.tensors[name];
        let numbers = tensor.to_dtype(minitensor::DType::F64).to_vec::<f64>();
        let bits: Vec<u64> = numbers.into_iter().map(f64::to_bits).collect();
        format!("{:?} {:?} {bits:?}", tensor.dtype(), tensor.shape())
    };
    let names = checkpoint.tensors.keys().filter(|name| *name != "position.seconds");
    names.map(|name| (name.clone(), bits(name))).collect()
}

/// `metrics.csv` without its last column, the time.
pub(crate) fn table(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("metrics.csv")).unwrap();
    text.lines().map(|line| line.rsplit_once(',').unwrap().0.to_string()).collect()
}

/// The same rows and the same tensors, bit by bit.
#[track_caller]
pub(crate) fn assert_same_run(never_stopped: &Path, resumed: &Path, how: &str) {
    assert_eq!(table(never_stopped), table(resumed), "the tables differ: {how}");
    for file in ["model.safetensors", "state.safetensors"] {
        let (a, b) = (content(never_stopped, file), content(resumed, file));
        assert!(a.keys().eq(b.keys()), "{file} holds other tensors: {how}");
        let different: Vec<&String> = a.keys().filter(|name| a[*name] != b[*name]).collect();
        assert!(different.is_empty(), "{file} differs in {different:?}: {how}");
    }
}

/// Presses Ctrl-C when the first row of the table has been printed, and returns what is printed from there on.
#[cfg(unix)]
pub(crate) fn interrupted_after_an_epoch(out: &Path, args: &[&str]) -> String {
    use std::io::{BufRead, BufReader, Read};
    use std::process::Stdio;

    let mut child = command(out, args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut printed = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.trim_start().starts_with("1 ") {
        line.clear();
        assert!(printed.read_line(&mut line).unwrap() > 0, "it ended before its first epoch");
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let mut rest = String::new();
    printed.read_to_string(&mut rest).unwrap();
    assert!(child.wait().unwrap().success());
    rest
}

/// Runs it where no file may grow beyond so many blocks of 512 bytes, which stands in for a disk that is full.
#[cfg(unix)]
pub(crate) fn run_on_a_full_disk(out: &Path, args: &[&str], blocks: usize) -> Output {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &script, PROGRAM]).args(args).arg("--out").arg(out).output().unwrap()
}

/// Runs it where it may have two gigabytes of memory and no more, if that can be said.
pub(crate) fn run_with_little_memory(out: &Path, args: &[&str]) -> Output {
    if cfg!(not(unix)) {
        return run(out, args);
    }
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -v 2000000; exec \"$0\" \"$@\"", PROGRAM]).args(args).arg("--out").arg(out);
    command.env_remove("RUST_BACKTRACE").output().unwrap()
}

/// A run of two epochs that is stopped after one step, in the middle of an epoch, at its end, or in the next one, goes on to
/// the numbers of a run never stopped; and to the same content of these `texts`. `practical` is how a reader calls it.
#[track_caller]
pub(crate) fn assert_goes_on_wherever_it_stopped(
    args: &[&str],
    steps: usize,
    practical: &str,
    texts: &[&str],
) {
    let dir = tempfile::tempdir().unwrap();
    let whole = dir.path().join("whole");
    succeed(&whole, args);
    assert_eq!(table(&whole).len(), 3, "a header and two epochs");
    for made in [1, 2, steps, steps + 3] {
        let stopped = dir.path().join(format!("stopped-{made}"));
        let printed = succeed(&stopped, &[args, &["--stop-after", &made.to_string()]].concat());
        let (epoch, step) = ((made - 1) / steps + 1, (made - 1) % steps + 1);
        let expected = format!("Stopped after step {step} of {steps} in epoch {epoch}; ");
        assert!(printed.contains(&expected), "{printed}");
        assert!(printed.contains(&format!("cargo run -p {practical} --resume --out ")), "{printed}");
        succeed(&stopped, &["--resume"]);
        let how = format!("stopped after {made} steps");
        assert_same_run(&whole, &stopped, &how);
        for text in texts {
            let [a, b] = [&whole, &stopped].map(|folder| fs::read_to_string(folder.join(text)).unwrap());
            assert_eq!(a, b, "{text}, {how}");
        }
    }
}

/// Ctrl-C lets a long run finish its step, and it goes on to the numbers of a run never stopped.
#[cfg(unix)]
#[track_caller]
pub(crate) fn assert_goes_on_after_ctrl_c(args: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    let (whole, stopped) = (dir.path().join("whole"), dir.path().join("stopped"));
    succeed(&whole, args);
    let rest = interrupted_after_an_epoch(&stopped, args);
    assert!(rest.contains("Stopped after step "), "{rest}");
    succeed(&stopped, &["--resume"]);
    assert_same_run(&whole, &stopped, "stopped by Ctrl-C");
}

/// A run of two epochs learns; the same seed is the same run on any number of threads, and another seed another run.
#[track_caller]
pub(crate) fn assert_same_on_any_number_of_threads(args: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    let rows = |name: &str, options: &[&str]| {
        let out = dir.path().join(name);
        succeed(&out, &[args, options].concat());
        table(&out)
    };
    let first = rows("a", &["--seed", "5", "--threads", "2"]);
    assert_eq!(first, rows("b", &["--seed", "5", "--threads", "1"]));
    assert_ne!(first, rows("c", &["--seed", "6", "--threads", "2"]));
    let train_loss = |row: usize| first[row].split(',').nth(1).unwrap().parse::<f64>().unwrap();
    assert!(train_loss(2) < train_loss(1), "{first:?}");
}

/// These files and no others, each named in what was printed; pictures are small enough for a page.
#[track_caller]
pub(crate) fn assert_writes(out: &Path, printed: &str, expected: &[&str]) {
    assert_eq!(files(out), expected);
    assert!(expected.iter().all(|file| printed.contains(file)), "{printed}");
    for file in expected.iter().filter(|file| file.ends_with(".svg")) {
        let svg = fs::read_to_string(out.join(file)).unwrap();
        assert!(svg.starts_with("<svg") && svg.len() < 200_000, "{file}: {} bytes", svg.len());
    }
}

/// What went into a pipe has these parts, and no escape codes.
#[track_caller]
pub(crate) fn assert_prints(output: &Output, parts: &[&str]) {
    let printed = String::from_utf8_lossy(&output.stdout);
    for part in parts {
        assert!(printed.contains(part), "{part:?} is not in:\n{printed}");
    }
    assert!(!printed.contains('\u{1b}') && !output.stderr.contains(&0x1b), "escape codes in a pipe");
}
