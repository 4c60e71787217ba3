//! One run of a check on one answer, which may panic.

use super::{Sheet, Wrong};
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;

/// How a check panics on a machine that lacks what it needs; what and how to get it follows.
pub const MISSING: &str = "it cannot be checked here: ";

/// What came of judging an answer.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The results, up to where it panicked.
    pub sheet: Sheet,
    /// What it panicked with, and where (`file:line`).
    pub panic: Option<(String, String)>,
}

impl Attempt {
    /// Runs `check` on `answer`.
    pub fn new<A>(answer: A, check: fn(A, &mut Sheet)) -> Self {
        listen();
        PANIC.set(None);
        LISTENING.set(true);
        let mut sheet = Sheet::default();
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| check(answer, &mut sheet)));
        LISTENING.set(false);
        let panic = outcome.err().map(|_| PANIC.take().unwrap_or_default());
        Self { sheet, panic }
    }

    /// Whether the answer is right in every case.
    pub fn right(&self) -> bool {
        self.panic.is_none() && self.sheet.right()
    }

    /// The sentence of the `todo!` that is still there.
    pub fn todo(&self) -> Option<&str> {
        self.panic.as_ref()?.0.strip_prefix("not yet implemented")
    }

    /// What this machine lacks, if the check found that it cannot judge anything here.
    pub fn missing(&self) -> Option<&str> {
        self.panic.as_ref()?.0.strip_prefix(MISSING)
    }

    /// The recorded mistake that gives the same results, or else the one that shares most of the wrong ones.
    ///
    /// The second value tells whether they are the same.
    pub fn mistake<A: Copy>(
        &self,
        check: fn(A, &mut Sheet),
        wrong: &[Wrong<A>],
    ) -> Option<(&'static str, bool)> {
        let attempts = wrong.iter().map(|(mistake, answer)| (*mistake, Attempt::new(*answer, check)));
        let ranked = attempts.map(|(mistake, other)| {
            let messages =
                [&other.panic, &self.panic].map(|panic| panic.as_ref().map(|(message, _)| message));
            let same = other.sheet.alike(&self.sheet) && messages[0] == messages[1];
            (same, other.sheet.wrong_alike(&self.sheet), mistake)
        });
        // The first of equals: they are recorded with the usual one first.
        let best = ranked.reduce(|best, next| if (next.0, next.1) > (best.0, best.1) { next } else { best });
        best.filter(|(same, alike, _)| *same || *alike > 0 || self.panic.is_none())
            .map(|(same, _, m)| (m, same))
    }
}

thread_local! {
    static LISTENING: RefCell<bool> = const { RefCell::new(false) };
    static PANIC: RefCell<Option<(String, String)>> = const { RefCell::new(None) };
}

/// Keeps the message of a panic inside an attempt, instead of printing it.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let earlier = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if LISTENING.with_borrow(|listening| *listening) {
                PANIC.set(Some((message(info), place(info))));
            } else {
                earlier(info);
            }
        }));
    });
}

fn message(info: &PanicHookInfo<'_>) -> String {
    info.payload_as_str().unwrap_or("a panic without a message").to_owned()
}

fn place(info: &PanicHookInfo<'_>) -> String {
    info.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Answer = fn(f64) -> f64;

    fn check(answer: Answer, sheet: &mut Sheet) {
        sheet.near("twice 1", answer(1.0), 2.0);
        sheet.near("twice 3", answer(3.0), 6.0);
    }

    const WRONG: &[Wrong<Answer>] = &[("one more.", |x| x + 1.0), ("the square.", |x| x * x)];

    #[test]
    fn a_mistake_is_recognised_by_what_it_gives() {
        let attempt = Attempt::new(|x| x.powi(2), check);
        assert!(!attempt.right());
        assert_eq!(attempt.mistake(check, WRONG), Some(("the square.", true)));
        let unknown = Attempt::new(|_| 7.0, check);
        assert_eq!(unknown.mistake(check, WRONG), Some(("one more.", false)));
        let near = Attempt::new(|x| if x == 1.0 { 1.0 } else { 7.0 }, check);
        assert_eq!(near.mistake(check, WRONG), Some(("the square.", false)));
    }

    #[test]
    fn a_panic_ends_the_attempt_with_what_came_before() {
        let attempt = Attempt::new(|x| if x < 2.0 { 2.0 * x } else { panic!("too large: {x}") }, check);
        let (message, place) = attempt.panic.clone().unwrap();
        assert_eq!(message, "too large: 3");
        assert!(place.contains("attempt.rs:"), "{place}");
        assert_eq!(attempt.sheet.got(), "twice 1    2\n");
        assert!(!attempt.right());
    }

    #[test]
    fn a_todo_is_told_from_a_mistake() {
        assert!(Attempt::new(|_| panic!("not yet implemented: twice the number"), check).todo().is_some());
        assert!(Attempt::new(|_| panic!("no"), check).todo().is_none());
    }
}
