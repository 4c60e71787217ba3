//! Part III: convolutional networks, from one filter to ResNets.
//!
//! | module | what is there |
//! |---|---|
//! | [`model`] | plain networks, ResNets and bottleneck ResNets, from one builder |
//! | [`train`] | a step of training, and what is kept of an epoch |
//! | [`evaluate`](mod@evaluate) | what a model makes of images it has not learned from |
//! | [`images`] | images on their way into a batch: shifted, mirrored, normalised |
//! | [`settings`] | what a practical can be told, and what it chooses itself |
//! | [`practical`] | the practicals themselves, and [`report`] what they show |
//!
//! Epochs, checkpoints, and going on after Ctrl-C are the same for every part of the course:
//! [`minitensor::lab::train`].

pub mod evaluate;
pub mod images;
pub mod model;
pub mod practical;
pub mod report;
pub mod settings;
pub mod train;
