//! The practicals of this crate, one a file.

pub mod ddpm;
