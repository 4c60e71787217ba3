use std::any::Any;
use std::error::Error as StdError;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use super::{Error, progress};

/// What a practical returns: any error converts into it with `?`.
pub type Outcome<T = ()> = std::result::Result<T, Box<dyn StdError + Send + Sync>>;

/// Runs a practical and turns whatever happens into an exit code and at most one line on stderr.
///
/// | what happened | exit code |
/// |---|---|
/// | `Ok(())` | 0 |
/// | an error, printed with its causes on one line | 1 |
/// | [`Error::Usage`] or a clap error | 2 |
/// | a panic that carries an error (a device that failed, a loss that is not finite), printed like an error | 1 |
/// | any other panic, which is a bug: printed by Rust as usual | 101 |
///
/// ```
/// use minitensor::lab;
///
/// let code = lab::run(|| {
///     let steps: usize = "12".parse()?;
///     println!("{steps} steps");
///     Ok(())
/// });
/// assert_eq!(code, std::process::ExitCode::SUCCESS);
/// ```
pub fn run(practical: impl FnOnce() -> Outcome) -> ExitCode {
    silence_panics_that_carry_an_error();
    match panic::catch_unwind(AssertUnwindSafe(practical)) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) => report(&*error),
        Err(payload) => match carried_error(&*payload) {
            Some(error) => report(error),
            None => ExitCode::from(101),
        },
    }
}

/// Prints the error, and returns the exit code that goes with it.
fn report(error: &(dyn StdError + 'static)) -> ExitCode {
    if let Some(clap) = error.downcast_ref::<clap::Error>() {
        // clap prints `--help` to stdout and a usage error to stderr; a closed pipe is no news to anybody.
        let _ = clap.print();
        return ExitCode::from(u8::try_from(clap.exit_code()).unwrap_or(2));
    }
    let usage = matches!(error.downcast_ref::<Error>(), Some(Error::Usage(_)));
    let hint = if usage { "\n\nFor more information, try '--help'." } else { "" };
    progress::say(&format!("error: {}{hint}", chain(error)));
    ExitCode::from(if usage { 2 } else { 1 })
}

/// The error and its causes on one line; a cause that its parent already tells is not told twice.
pub(crate) fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let line = error.to_string();
        if !text.contains(&line) {
            text = format!("{text}: {line}");
        }
        cause = error.source();
    }
    text
}

/// The error in a panic's payload, where there is one.
fn carried_error(payload: &(dyn Any + Send)) -> Option<&(dyn StdError + 'static)> {
    if let Some(error) = payload.downcast_ref::<Box<dyn StdError + Send + Sync>>() {
        return Some(&**error);
    }
    let device = payload.downcast_ref::<crate::Error>().map(|error| error as _);
    let anomaly = || payload.downcast_ref::<crate::Anomaly>().map(|error| error as _);
    device.or_else(anomaly).or_else(|| payload.downcast_ref::<Error>().map(|error| error as _))
}

/// Rust's own hook prints every panic; one that carries an error is printed by [`run`], once.
fn silence_panics_that_carry_an_error() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if reader_went_away(info.payload()) {
            std::process::exit(0); // `cargo run | head`: nobody reads on, and that is no error
        }
        if carried_error(info.payload()).is_none() {
            usual(info);
        }
    }));
}

/// `println!` panics when its pipe has been closed.
fn reader_went_away(payload: &(dyn Any + Send)) -> bool {
    payload.downcast_ref::<String>().is_some_and(|text| text.starts_with("failed printing to std"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_end_has_its_exit_code() {
        assert_eq!(run(|| Ok(())), ExitCode::SUCCESS);
        assert_eq!(run(|| Err("no".into())), ExitCode::from(1));
        assert_eq!(
            run(|| Err(Error::Usage("--epochs and --steps exclude each other".into()).into())),
            ExitCode::from(2)
        );
        let device = || crate::Error::Device { device: "opencl:0".into(), message: "it is gone".into() };
        assert_eq!(run(|| panic::panic_any(device())), ExitCode::from(1));
        assert_eq!(run(|| panic::panic_any(crate::Anomaly { op: "ln", pass: "result" })), ExitCode::from(1));
        let boxed = || -> Box<dyn StdError + Send + Sync> { Box::new(device()) };
        assert_eq!(run(|| panic::panic_any(boxed())), ExitCode::from(1));
        assert_eq!(run(|| panic!("a bug")), ExitCode::from(101));
    }

    #[test]
    fn the_chain_is_one_line_without_repetition() {
        let full = std::io::Error::other("the platter fell off");
        let error = Error::file("write", "runs/x/metrics.csv", full);
        assert_eq!(chain(&error), "cannot write runs/x/metrics.csv: the platter fell off");

        #[derive(Debug, thiserror::Error)]
        #[error("cannot go on: {0}")]
        struct Told(#[source] Error);
        let told = Told(Error::Usage("zero batch".into()));
        assert_eq!(chain(&told), "cannot go on: zero batch");
    }
}
