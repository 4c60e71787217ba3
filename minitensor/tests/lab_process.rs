//! Practicals as a reader meets them: a process with pipes, exit codes and Ctrl-C.
//!
//! A test starts this very program again and lets it run one of the practicals below.
#![cfg(feature = "lab")]
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitCode, Output, Stdio};
use std::time::Duration;

use minitensor::lab::{self, Error, LiveTable, Options, Outcome, Plan, Progress, Stop, Table};
use minitensor::{Anomaly, Tensor};

const WHICH: &str = "LAB_TEST_PRACTICAL";

/// The practicals, by name.
fn practical(name: &str) -> Outcome {
    match name {
        "trains" => trains(),
        "usage" => Err(Error::Usage("--depth 7: a ResNet has 6 n + 2 layers".into()).into()),
        "missing" => Err(Error::file("read", "data/train.csv", std::io::ErrorKind::NotFound.into()).into()),
        "anomaly" => {
            minitensor::detect_anomaly(|| Tensor::from([-1.0f32]).requires_grad_().ln());
            Ok(())
        }
        "bug" => panic!("index 7 is out of range"),
        "stoppable" => {
            let stop = Stop::arm();
            println!("ready");
            wait_until(|| stop.requested());
            println!("checkpoint written");
            Ok(())
        }
        "stubborn" => {
            let _stop = Stop::arm();
            println!("ready");
            wait_until(|| false);
            Ok(())
        }
        "unarmed" => {
            drop(Stop::arm());
            println!("ready");
            wait_until(|| false);
            Ok(())
        }
        "talkative" => loop {
            println!("another line");
        },
        name => Err(format!("no practical {name}").into()),
    }
}

fn trains() -> Outcome {
    let machine = Options { threads: Some(2), ..Options::default() }.machine()?;
    println!("{}", Plan::new("Training nothing").parameters(0).device(machine.device, machine.threads));
    let mut table = LiveTable::new(["epoch", "loss"]);
    for epoch in 1..=3 {
        let mut progress = Progress::new(format!("epoch {epoch}/3"), 50, "images");
        for step in 0..50 {
            std::thread::sleep(Duration::from_millis(2));
            progress.step(64, 1.0 / f64::from(step + epoch));
        }
        progress.finish();
        table.row([epoch.to_string(), lab::loss(1.0 / f64::from(epoch))]);
    }
    print!("\n{}", Table::summary().row(["accuracy", &lab::percent(0.987)]));
    Ok(())
}

/// Ten seconds at most, so that a failing test leaves no process behind.
fn wait_until(done: impl Fn() -> bool) {
    for _ in 0..1000 {
        if done() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    std::process::exit(99);
}

/// Not a test of its own: what a test starts.
#[test]
fn child() {
    let Ok(name) = std::env::var(WHICH) else { return };
    let code = lab::run(|| practical(&name));
    // An `ExitCode` can only be compared.
    let code = (0..=u8::MAX).find(|n| ExitCode::from(*n) == code);
    std::process::exit(code.map_or(-1, i32::from));
}

fn start(name: &str) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "child", "--nocapture", "--quiet"])
        .env(WHICH, name)
        .env_remove("RUST_BACKTRACE");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn output(name: &str) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = start(name).wait_with_output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn a_pipe_gets_the_plan_the_table_and_no_escape_codes() {
    let (code, stdout, stderr) = output("trains");
    assert_eq!(code, Some(0), "{stderr}");
    assert!(!stdout.contains('\u{1b}') && !stderr.contains('\u{1b}'), "{stdout:?} {stderr:?}");
    assert_eq!(stderr, "", "a short run in a pipe has nothing to say on stderr");
    let told = stdout.split_once("Training").unwrap().1;
    assert_eq!(
        told.trim_end(),
        " nothing: 0 parameters, cpu with 2 threads.\n\
         epoch     loss\n    1   1.0000\n    2   0.5000\n    3   0.3333\n\n\
         accuracy  98.7 %"
    );
}

#[test]
fn an_error_is_one_line_with_its_cause_and_exit_code_1() {
    let (code, _, stderr) = output("missing");
    assert_eq!((code, stderr.lines().count()), (Some(1), 1), "{stderr}");
    assert!(stderr.starts_with("error: cannot read data/train.csv: "), "{stderr}");
}

#[test]
fn a_usage_error_exits_with_2() {
    let (code, _, stderr) = output("usage");
    assert_eq!(code, Some(2));
    assert!(stderr.starts_with("error: --depth 7: a ResNet has 6 n + 2 layers\n"), "{stderr}");
}

#[test]
fn a_panic_that_carries_an_error_is_told_like_one() {
    let (code, _, stderr) = output("anomaly");
    let anomaly = Anomaly { op: "ln", pass: "result" };
    assert_eq!((code, stderr), (Some(1), format!("error: {anomaly}\n")));
}

#[test]
fn a_bug_stays_a_panic() {
    let (code, _, stderr) = output("bug");
    assert_eq!(code, Some(101));
    assert!(stderr.contains("index 7 is out of range") && stderr.contains("lab_process.rs"), "{stderr}");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = start("talkative");
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert!(child.wait().unwrap().success(), "{stderr}");
    assert_eq!(stderr, "");
}

#[cfg(unix)]
mod ctrl_c {
    use super::*;

    /// Starts a practical and waits until it says that it is ready.
    fn ready(name: &str) -> (Child, BufReader<std::process::ChildStdout>) {
        let mut child = start(name);
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("ready") {
            line.clear();
            assert!(stdout.read_line(&mut line).unwrap() > 0, "the practical ended before it was ready");
        }
        (child, stdout)
    }

    fn press(child: &Child) {
        let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    #[test]
    fn the_first_one_lets_the_practical_write_its_checkpoint() {
        let (child, mut stdout) = ready("stoppable");
        press(&child);
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(rest.contains("checkpoint written"), "{rest}");
        assert_eq!(output.status.code(), Some(0));
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.starts_with("Finishing this step and writing what there is."), "{stderr}");
    }

    #[test]
    fn the_second_one_ends_it_at_once() {
        let (mut child, _stdout) = ready("stubborn");
        press(&child);
        // The second must not come before the first has been noticed: two signals at once count as one.
        let mut first = [0; 1];
        child.stderr.as_mut().unwrap().read_exact(&mut first).unwrap();
        press(&child);
        assert_eq!(child.wait().unwrap().code(), Some(130));
    }

    #[test]
    fn without_a_training_it_ends_the_program() {
        let (mut child, _stdout) = ready("unarmed");
        press(&child);
        assert_eq!(child.wait().unwrap().code(), Some(130));
    }
}
