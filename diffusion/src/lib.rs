//! Part V: models that make pictures, from the autoencoder to diffusion.
//!
//! | module | what is there |
//! |---|---|
//! | [`NoiseSchedule`] | how a picture turns into noise step by step, and how a step is taken back |
//! | [`model`] | the U-Net that sees noise |
//! | [`train`], [`pictures`] | a step of its training, and what it learns from |
//! | [`sample`](mod@sample) | from noise to pictures |
//! | [`judge`](mod@judge) | what a convnet takes these pictures for |
//! | [`settings`] | what a practical can be told, and what it chooses itself |
//! | [`practicals`] | the practicals themselves, and [`report`] what they show |
//!
//! The autoencoder and its variational form (Kingma and Welling, 2014), diffusion in one dimension, faster sampling and
//! guidance towards a class are to come.

pub mod judge;
pub mod model;
pub mod pictures;
pub mod practicals;
pub mod report;
pub mod sample;
mod schedule;
pub mod settings;
pub mod train;

pub use schedule::NoiseSchedule;
