//! The numbers that the course states in its text and that need no training: each is computed here by the engine.
//!
//! One file a part of the course. A number that a reader can check by hand is written out, never read off our output.

mod convolution;
mod sequences;
