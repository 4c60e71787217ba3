use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal::wrapped_for_stderr;
use super::{loss, rate};

/// How often a run without a terminal says that it is alive.
const PLAIN_INTERVAL: Duration = Duration::from_secs(30);

/// A progress bar for one epoch, with the mean loss so far, the pace, and the time left.
///
/// It is drawn on stderr where that is a terminal. In a pipe or a file it is one plain line every half minute,
/// so nothing at all for an epoch shorter than that, and never an escape code.
///
/// ```
/// use minitensor::lab::Progress;
///
/// let mut progress = Progress::new("epoch 1/30", 3, "images");
/// for batch in [64, 64, 12] {
///     let loss = 2.3; // of this batch
///     progress.step(batch, loss);
/// }
/// assert_eq!(progress.items(), 140);
/// progress.finish();
/// ```
#[derive(Debug)]
pub struct Progress {
    bar: Bar,
    label: String,
    unit: &'static str,
    steps: usize,
    skipped: usize,
    done: usize,
    items: usize,
    loss_sum: f64,
    began: Instant,
    spoke: Instant,
}

impl Progress {
    /// A bar for so many steps; `unit` is what the steps consume: "images", "names", "points".
    pub fn new(label: impl Into<String>, steps: usize, unit: &'static str) -> Progress {
        let label = label.into();
        let bar = Bar::new(steps as u64, &label, "{prefix}  {bar:16} {pos}/{len}  {wide_msg}");
        let now = Instant::now();
        Progress {
            bar,
            label,
            unit,
            steps,
            skipped: 0,
            done: 0,
            items: 0,
            loss_sum: 0.0,
            began: now,
            spoke: now,
        }
    }

    /// Steps that an earlier, stopped run has already made: the bar starts behind them, the pace ignores them.
    pub fn skip(&mut self, steps: usize) {
        self.skipped += steps;
        self.bar.at((self.skipped + self.done) as u64, None);
    }

    /// One step is made: it consumed `items` and had this mean loss.
    pub fn step(&mut self, items: usize, loss: f64) {
        self.done += 1;
        self.items += items;
        self.loss_sum += loss * items as f64;
        if self.bar.is_drawn() {
            self.bar.at((self.skipped + self.done) as u64, Some(self.message()));
        } else if self.spoke.elapsed() >= PLAIN_INTERVAL {
            self.spoke = Instant::now();
            say(&self.plain_line());
        }
    }

    /// What has been consumed since the bar began: images, names.
    pub fn items(&self) -> usize {
        self.items
    }

    /// How long the bar has been running.
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// Items a second since the bar began.
    pub fn per_second(&self) -> f64 {
        self.items as f64 / self.elapsed().as_secs_f64()
    }

    /// Takes the bar off the screen and returns how long it took. Dropping it takes it off as well.
    pub fn finish(self) -> Duration {
        self.elapsed()
    }

    fn message(&self) -> String {
        let mean = self.loss_sum / self.items as f64;
        let left = self.steps.saturating_sub(self.skipped + self.done) as f64;
        let seconds = self.elapsed().as_secs_f64() / self.done.max(1) as f64 * left;
        format!("loss {}  {}  {} left", loss(mean), rate(self.per_second(), self.unit), clock(seconds))
    }

    fn plain_line(&self) -> String {
        let at = self.skipped + self.done;
        format!("{}: step {at} of {}, {}", self.label, self.steps, self.message().replace("  ", ", "))
    }
}

/// A time as on a clock, so that the line keeps its length: `0:42`, `1:05:00`.
fn clock(seconds: f64) -> String {
    let whole = seconds.round() as u64; // what is not a number becomes 0
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// Prints a line on stderr, above the bar where there is one.
pub(crate) fn note(line: &str) {
    above_the_bar(|| say(line));
}

/// Prints a line on stderr. That nobody listens there is no reason to fail.
pub(crate) fn say(line: &str) {
    let line = wrapped_for_stderr(line);
    if cfg!(test) {
        eprintln!("{line}"); // which the test harness keeps to itself
    } else {
        let _ = writeln!(io::stderr(), "{line}");
    }
}

/// Takes the bar off the screen while something else prints.
pub(crate) fn above_the_bar(print: impl FnOnce()) {
    match on_screen().as_ref() {
        Some(bar) => bar.suspend(print),
        None => print(),
    }
}

/// A bar on the terminal, or nothing where there is none. At most one is on the screen.
#[derive(Debug)]
pub(crate) struct Bar(Option<ProgressBar>);

/// The bar on the screen, so that a note or a row of a table can be printed above it.
static ON_SCREEN: Mutex<Option<ProgressBar>> = Mutex::new(None);

impl Bar {
    pub(crate) fn new(length: u64, label: &str, template: &str) -> Bar {
        if !terminal() {
            return Bar(None);
        }
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr_with_hz(10))
            .with_style(style.progress_chars("━╸─"))
            .with_prefix(label.to_string());
        *on_screen() = Some(bar.clone());
        Bar(Some(bar))
    }

    pub(crate) fn is_drawn(&self) -> bool {
        self.0.is_some()
    }

    pub(crate) fn at(&self, position: u64, message: Option<String>) {
        if let Some(bar) = &self.0 {
            if let Some(message) = message {
                bar.set_message(message);
            }
            bar.set_position(position);
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
            *on_screen() = None;
        }
    }
}

fn on_screen() -> MutexGuard<'static, Option<ProgressBar>> {
    ON_SCREEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Escape codes belong on a terminal that understands them, and nowhere else.
fn terminal() -> bool {
    io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_has_mean_loss_and_pace() {
        let mut progress = Progress::new("epoch 2/5", 4, "images");
        progress.skip(2);
        progress.step(30, 1.0);
        progress.step(10, 3.0);
        assert!(progress.message().starts_with("loss 1.5000  "), "{}", progress.message());
        assert!(progress.message().ends_with(" images/s  0:00 left"), "{}", progress.message());
        let line = progress.plain_line();
        assert!(line.starts_with("epoch 2/5: step 4 of 4, loss 1.5000, "), "{line}");
        assert!(!line.contains('\u{1b}'), "{line:?}");
    }

    #[test]
    fn times_are_written_as_on_a_clock() {
        let cases =
            [(0.4, "0:00"), (41.6, "0:42"), (3599.0, "59:59"), (3900.0, "1:05:00"), (f64::NAN, "0:00")];
        for (seconds, text) in cases {
            assert_eq!(clock(seconds), text);
        }
    }

    #[test]
    fn nothing_done_yet_is_no_division_by_zero() {
        let progress = Progress::new("epoch 1/1", 0, "images");
        assert!(progress.message().starts_with("loss nan"), "{}", progress.message());
    }
}
