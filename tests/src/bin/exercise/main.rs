//! The exercise runner.
fn main() {}
