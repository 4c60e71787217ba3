//! A training from its first step to its last, the same for every practical: epochs with a progress bar and a row each,
//! an end on Ctrl-C with a checkpoint, and going on from it as if the run had never stopped.
//!
//! This is the one place of the lab that knows what a tensor is. A practical brings a [`Learner`]: a model with its
//! optimiser and its data, and what one step does with a batch. A [`Training`] does the rest:
//!
//! ```no_run
//! # use minitensor::lab::{self, Machine, Options, Outcome, Plan, Run};
//! # use minitensor::lab::train::{Config, Learner, Training};
//! # fn practical<L: Learner>(new: impl Fn() -> L, settings: &impl Config, options: &Options) -> Outcome {
//! let run = Run::open("convnet", "resnet", options)?;
//! let machine = options.machine()?;
//! let mut training = Training::open(&run, new(), settings, &machine)?;
//! training.plan(Plan::new("Training ResNet-20").on("digits"), new()).print();
//! if let Some(evaluation) = training.go()? {
//!     // draw pictures, print what came out
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`Position`] says where a run stands, [`Tally`] what came out of some steps, and [`save`] and [`load`] are the run in a
//! file.

mod learner;
mod position;
mod state;
mod training;

pub use learner::{Config, Learner, Row};
pub use position::{Position, Tally};
pub use state::{MODEL, ResumeError, STATE, load, save};
pub use training::Training;
