//! Exercises: one source each, from which the reader's draft, the hints and the solution are read.
//!
//! `solutions/chNN_*.rs` holds the exercises of a chapter ([`source`] reads it), and `checks/chNN_*/` how each is
//! judged: a [`Sheet`] of results beside what they should be, and the usual mistakes, each with the sentence that
//! explains it. `cargo test` proves the checks on the solutions ([`prove`]), and `cargo exercise` applies them to the
//! reader's answers ([`judge`]).

mod attempt;
mod features;
mod judge;
mod numbers;
pub mod prove;
mod sheet;
pub mod source;

pub use attempt::{Attempt, MISSING};
pub use features::features;
pub use judge::{PRINTED, REPORT, Verdict, judge};
pub use numbers::Numbers;
pub use sheet::Sheet;

/// The allocator of a check.
pub type Memory = cap::Cap<std::alloc::System>;

/// Two gigabytes, thousands of times what any solution takes.
pub const fn memory() -> Memory {
    Memory::new(std::alloc::System, 2 << 30)
}

/// A mistake that readers make: a lower-case sentence that says what it is and what it gives, and the mistake itself.
pub type Wrong<Answer> = (&'static str, Answer);

/// The exercises of a chapter, by the names of their functions, judged on the reader's answers in `path`.
///
/// `checks/chNN_*/mod.rs` calls `crate::chapter!`. Under `cargo exercise` that file is the root of a test harness, and
/// `crate::chapter` is this macro; under `cargo test` it is a module of `checks/main.rs`, where `crate::chapter` is
/// [`solved_chapter!`](crate::solved_chapter).
#[macro_export]
macro_rules! my_chapter {
    (#[path = $mine:literal] $chapter:ident: $($name:ident),+ $(,)?) => {
        #[path = $mine]
        #[allow(warnings, clippy::all, reason = "the reader is in the middle of it")]
        mod answers;

        // A list that grows without end aborts the check, before it takes the memory of the whole machine.
        #[global_allocator]
        static MEMORY: $crate::exercise::Memory = $crate::exercise::memory();

        $(
            #[test]
            fn $name() {
                let answer: $name::Answer = answers::$name;
                $crate::exercise::judge(stringify!($chapter), stringify!($name), answer, $name::check, $name::WRONG);
            }
        )+
    };
}

/// The same exercises with their solutions and drafts, for [`prove::main`](crate::exercise::prove::main).
#[macro_export]
#[allow(clippy::crate_in_macro_def, reason = "the solutions are in the crate that calls it")]
macro_rules! solved_chapter {
    (#[path = $mine:literal] $chapter:ident: $($name:ident),+ $(,)?) => {
        pub(crate) fn chapter() -> $crate::exercise::prove::Chapter {
            use crate::{drafts::$chapter as drafts, solutions::$chapter as solutions};
            let mut chapter = $crate::exercise::prove::Chapter::new(stringify!($chapter));
            $(
                let (solution, draft): ($name::Answer, $name::Answer) = (solutions::$name, drafts::$name);
                chapter.exercise(stringify!($name), solution, draft, $name::check, $name::WRONG);
            )+
            chapter
        }
    };
}
