//! Ctrl-C, so that a training ends with its checkpoint written.
//!
//! While a [`Stop`] is armed, the first Ctrl-C asks the training to end after its current step, and the second
//! ends the program at once with exit code 130. While none is armed, Ctrl-C ends the program, as everywhere.
//!
//! ```
//! use minitensor::lab::stop::{self, Stop};
//!
//! let stop = Stop::arm();
//! for _step in 0..3 {
//!     // one training step
//!     if stop.requested() {
//!         // write the checkpoint
//!         break;
//!     }
//! }
//! # assert!(!stop::requested());
//! ```

use std::process;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::progress;

static ARMED: AtomicUsize = AtomicUsize::new(0);
static REQUESTED: AtomicBool = AtomicBool::new(false);

/// While it lives, Ctrl-C is a polite request. Ask [`Stop::requested`] after every step.
#[derive(Debug)]
pub struct Stop(());

impl Stop {
    /// From here on, the first Ctrl-C only sets a flag.
    pub fn arm() -> Stop {
        static HANDLER: Once = Once::new();
        // Another handler may have been set by the program around us: then Ctrl-C is its business.
        HANDLER.call_once(|| drop(ctrlc::set_handler(pressed)));
        ARMED.fetch_add(1, Ordering::SeqCst);
        Stop(())
    }

    /// Has Ctrl-C been pressed (or [`request`] been called) since the program started?
    pub fn requested(&self) -> bool {
        requested()
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        ARMED.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Has Ctrl-C been pressed while a [`Stop`] was armed?
pub fn requested() -> bool {
    REQUESTED.load(Ordering::SeqCst)
}

/// Asks for the end just as Ctrl-C would. For tests, and for a budget of time that has been spent.
pub fn request() {
    REQUESTED.store(true, Ordering::SeqCst);
}

/// Runs in a thread of its own (not in a signal handler), so it may lock and print.
fn pressed() {
    if ARMED.load(Ordering::SeqCst) == 0 || requested() {
        process::exit(130);
    }
    request();
    progress::note("Finishing this step and writing what there is. Press Ctrl-C again to quit at once.");
}
