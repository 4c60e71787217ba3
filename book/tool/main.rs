//! `cargo book`: build, read, refresh and check the book.

use std::process::ExitCode;

use book::{Book, Result, listings, outputs, pages, render, serve, sources};
use clap::{Parser, Subcommand};

/// Builds the book into book/build, and keeps it true.
#[derive(Parser)]
#[command(name = "cargo book", bin_name = "cargo book")]
struct Options {
    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Subcommand)]
enum Task {
    /// Build the book into book/build (what happens without a subcommand)
    Build,
    /// Build the book and open it in your browser
    Open,
    /// Serve the book on this machine and build it again when a page changes
    Serve {
        /// The port to listen on
        #[arg(long, default_value_t = 3000)]
        port: u16,
    },
    /// Run the commands the book shows and keep what they print and draw
    Refresh {
        /// Which entries of outputs.toml; all if none is named
        names: Vec<String>,
    },
    /// Check listings, links, pictures, outputs and the built pages
    Check {
        /// Only what needs no run of a practical: listings, links, pictures, pages
        #[arg(long, conflicts_with = "names")]
        fast: bool,
        /// Which entries of outputs.toml to run again; all if none is named
        names: Vec<String>,
    },
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(code) => code,
        Err(e) => {
            eprintln!("error: {e}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<ExitCode> {
    let book = Book::here();
    let index = book.build_dir().join("index.html");
    match options.task.as_ref().unwrap_or(&Task::Build) {
        Task::Build => {
            render::build(&book)?;
            println!("The book is built: open {}", book.shown(&index));
        }
        Task::Open => {
            render::build(&book)?;
            if let Err(e) = opener::open(&index) {
                println!("No browser opened ({e}); open {} yourself.", index.display());
            }
        }
        Task::Serve { port } => serve::serve(&book, *port)?,
        Task::Refresh { names } => outputs::refresh(&book, names)?,
        Task::Check { fast, names } => return check(&book, *fast, names),
    }
    Ok(ExitCode::SUCCESS)
}

/// Each kind of check in turn, the quick ones first; all of them run, so that one report shows everything.
fn check(book: &Book, fast: bool, names: &[String]) -> Result<ExitCode> {
    let mut problems = sources::check(book)?;
    problems.extend(listings::check(book)?);
    // a page with a missing listing would build, and look whole
    render::build(book)?;
    problems.extend(pages::check(book)?);
    problems.extend(if fast { book::draw::stale(book)? } else { outputs::check(book, names)? });
    for problem in &problems {
        println!("{problem}");
    }
    match problems.len() {
        0 => println!("The book is sound."),
        n => println!("{n} to put right."),
    }
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
