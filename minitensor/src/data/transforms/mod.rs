//! What is done to an image on its way into a batch. As in torchvision: augment the bytes, then normalise.

mod affine;
mod compose;
mod crop;
mod erase;
mod flip;
mod intensity;
mod mix;
mod normalize;
mod resize;

pub use affine::{Affine, random_rotation, random_translate, rotate, translate};
pub use compose::Compose;
pub use crop::{center_crop, random_crop};
pub use erase::{Fill, RandomErasing};
pub use flip::{horizontal_flip, random_horizontal_flip, random_vertical_flip, vertical_flip};
pub use intensity::{adjust_brightness, adjust_contrast, gaussian_noise, random_brightness, random_contrast};
pub use mix::{cutmix, mixup};
pub use normalize::Normalize;
pub use resize::resize;
