//! The practicals of this crate, one a file.

pub mod sample;
pub mod train;
