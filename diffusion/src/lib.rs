//! Part V: models that make pictures, from the autoencoder to diffusion.
