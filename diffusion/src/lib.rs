//! Part V: models that make pictures, from the autoencoder to diffusion.
//!
//! This crate will hold, each with its chapter and its practical:
//!
//! - the autoencoder and its variational form (Kingma and Welling, 2014);
//! - diffusion in one dimension, where the learned score can be drawn beside the true one;
//! - denoising diffusion (Ho et al., 2020) of handwritten digits with a U-Net, and faster sampling;
//! - guidance towards a class.
//!
//! What is here today is the noise schedule that all of them share.

mod schedule;

pub use schedule::NoiseSchedule;
