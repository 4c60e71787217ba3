//! The network that learns to see noise in a picture: a U-Net that is told how noisy the picture is.

mod block;
mod time;
mod unet;

pub use block::TimeBlock;
pub use time::time_features;
pub use unet::{Architecture, UNet};
