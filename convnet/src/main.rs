//! The practicals of Part III.

fn main() {}
