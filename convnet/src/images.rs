//! Images on their way into a batch.

use minitensor::data::{
    DataLoader, Dataset, Image, ImageSet, Images, Map, Normalize, random_crop, random_horizontal_flip,
};
use minitensor::lab::{self, Machine};
use minitensor::{Device, Tensor};
use rand::rngs::ChaCha8Rng;

use crate::settings::Settings;

/// Images per batch of an evaluation, which keeps nothing for a backward pass.
const TEST_BATCH: usize = 256;

/// Makes batches of images (B, C, H, W) and their classes (B).
type Loader = DataLoader<Map<Images, Transform>>;

/// What is done to each image.
type Transform = Box<dyn Fn((Image, i64), &mut ChaCha8Rng) -> (Tensor, i64) + Send + Sync>;

/// How images are changed a little each time they are seen, so that the network learns what does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Augmentation {
    /// Shifted by up to so many pixels each way.
    pub shift: usize,
    /// Mirrored, half of the time. Not for digits: a mirrored 2 is no digit.
    pub mirror: bool,
}

/// A data set, and the batches made of it.
pub struct Data {
    /// The images themselves.
    pub set: ImageSet,
    train: Loader,
    test: Loader,
    device: Device,
}

impl Data {
    /// Reads the data set that the settings name.
    ///
    /// # Errors
    /// If there is none of this name, or its files are not there, are damaged, or cannot be downloaded.
    pub fn load(settings: &Settings, machine: &Machine) -> lab::Outcome<Data> {
        let set = settings.images.load(settings.seed)?;
        let (augmentation, normalize) = (settings.augmentation(), set.normalize.clone());
        let train = set.train.clone().map(to_train(augmentation, normalize.clone()));
        let test = set.test.clone().map(to_test(normalize));
        Ok(Data {
            set,
            train: DataLoader::new(train, settings.batch_size).shuffle(settings.seed).workers(1),
            test: DataLoader::new(test, TEST_BATCH).workers(1),
            device: machine.device,
        })
    }

    /// The batches of an epoch, shuffled and augmented, without the first few: where a run goes on.
    pub fn train_batches(
        &self,
        epoch: usize,
        first: usize,
    ) -> impl Iterator<Item = (Tensor, Tensor)> + use<> {
        let device = self.device;
        self.train.epoch_from(epoch as u64, first).map(move |batch| moved(batch, device))
    }

    /// How many batches an epoch has.
    pub fn steps_per_epoch(&self) -> usize {
        self.train.len()
    }

    /// The batches to test with, in the order of the set.
    pub fn test_batches(&self) -> impl Iterator<Item = (Tensor, Tensor)> {
        let device = self.device;
        self.test.epoch(0).map(move |batch| moved(batch, device))
    }
}

// ANCHOR: augment
/// Bytes become numbers around 0, after a small random change.
fn to_train(augmentation: Augmentation, normalize: Normalize) -> Transform {
    Box::new(move |(mut image, label), rng| {
        if augmentation.shift > 0 {
            image = random_crop(&image, augmentation.shift, rng);
        }
        if augmentation.mirror {
            image = random_horizontal_flip(&image, rng);
        }
        (normalize.apply(&image), label)
    })
}

/// Nothing is left to chance in a test.
fn to_test(normalize: Normalize) -> Transform {
    Box::new(move |(image, label), _| (normalize.apply(&image), label))
}
// ANCHOR_END: augment

/// Brings a batch to where the model is.
fn moved((images, labels): (Tensor, Tensor), device: Device) -> (Tensor, Tensor) {
    (images.to(device), labels.to(device))
}
