//! `cargo exercise`: the board, the checks, hints and solutions of the exercises.

mod board;
mod compile;
mod course;
mod hints;
mod mine;
mod paint;
mod run;
mod status;
mod trouble;
mod watch;

use clap::{Parser, Subcommand};
use course::{Course, Target};
use std::path::Path;
use std::process::ExitCode;
use trouble::Trouble;

/// The exercises of the book: fill in a `todo!`, run this, read what it says.
///
/// Without anything behind it, shows what is done, what comes next and what is left. `cargo exercise 3` checks your
/// answers of chapter 3, and `cargo exercise 3.2` one of them.
#[derive(Parser)]
#[command(
    name = "exercise",
    bin_name = "cargo exercise",
    args_conflicts_with_subcommands = true,
    max_term_width = 100
)]
struct Options {
    /// What to check: a chapter such as 3, or an exercise such as 3.2
    targets: Vec<Target>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Write your copy of a chapter's exercises to tests/mine/
    Start {
        /// The chapter, such as 3
        chapter: Target,
    },
    /// Check again whenever you save
    Watch {
        /// What to check: all that you started, unless given
        targets: Vec<Target>,
    },
    /// Show the next hint
    Hint {
        /// The exercise, such as 3.2
        exercise: Target,
        /// Show all of them
        #[arg(long)]
        all: bool,
    },
    /// Show an answer
    Solution {
        /// The exercise, such as 3.2
        exercise: Target,
    },
    /// Put an exercise, or a chapter, back to how it was; your text is kept beside it
    Reset {
        /// A chapter such as 3, or an exercise such as 3.2
        target: Target,
    },
}

fn main() -> ExitCode {
    let options = Options::parse();
    match carry_out(options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(trouble) => {
            anstream::eprintln!("{} {trouble}", paint::red("error:"));
            ExitCode::from(2)
        }
    }
}

/// Whether everything asked for is done.
fn carry_out(options: Options) -> Result<bool, Trouble> {
    let course = Course::load(Path::new(env!("CARGO_MANIFEST_DIR")))?;
    match options.command {
        None if options.targets.is_empty() => board::show(&course).map(|()| true),
        None => board::check(&course, &options.targets),
        Some(Command::Watch { targets }) => watch::watch(&course, &targets).map(|()| true),
        Some(Command::Start { chapter }) => said(mine::start(&course, course.chapter(chapter.chapter())?)?),
        Some(Command::Reset { target }) => said(mine::reset(&course, target)?),
        Some(Command::Hint { exercise, all }) => said(hints::hint(&course, exercise.number()?, all)?),
        Some(Command::Solution { exercise }) => said(hints::solution(&course, exercise.number()?)?),
    }
}

fn said(text: String) -> Result<bool, Trouble> {
    anstream::println!("{text}");
    Ok(true)
}
