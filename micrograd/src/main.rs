//! The practicals of Part I.

fn main() {}
