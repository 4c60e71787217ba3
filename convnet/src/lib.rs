//! Part III: convolutional networks, from one filter to ResNets.
//!
//! | module | what is there |
//! |---|---|
//! | [`model`] | plain networks, ResNets and bottleneck ResNets, from one builder |
//! | [`train`] | a step of training, an epoch, and where a run stands |
//! | [`evaluate`](mod@evaluate) | what a model makes of images it has not learned from |
//! | [`images`] | images on their way into a batch: shifted, mirrored, normalised |
//! | [`settings`] | what a practical can be told, and what it chooses itself |
//! | [`state`] | a run in a file, so that it can go on as if it had never stopped |
//! | [`practical`] | the practicals themselves, and [`report`] what they show |

pub mod evaluate;
pub mod images;
pub mod model;
mod plan;
pub mod practical;
pub mod report;
pub mod settings;
pub mod state;
pub mod train;
