//! Exercises, parity and whole-workspace tests.
