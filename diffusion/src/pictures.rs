//! Pictures to learn from: numbers from −1 to 1.

use minitensor::Tensor;
use minitensor::data::{DataLoader, Dataset, ImageSet, Images, TensorDataset};
use minitensor::lab;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::settings::Settings;

/// Pictures per batch of a test, which keeps nothing for a backward pass.
const TEST_BATCH: usize = 256;

/// A data set as a diffusion model sees it.
pub struct Pictures {
    /// The images as they are in the set.
    pub set: ImageSet,
    /// Batches to learn from.
    pub train: DataLoader<TensorDataset>,
    /// Batches to test with.
    pub test: DataLoader<TensorDataset>,
}

impl Pictures {
    /// Reads the data set that the settings name.
    ///
    /// # Errors
    /// If there is none of this name, or its files are not there, are damaged, or cannot be downloaded.
    pub fn load(settings: &Settings) -> lab::Outcome<Pictures> {
        let set = settings.images.load(settings.seed)?;
        let dataset = |images: &Images| TensorDataset::new(signed(&set, images), images.labels_tensor());
        let train = DataLoader::new(dataset(&set.train), settings.batch_size).shuffle(settings.seed);
        let test = DataLoader::new(dataset(&set.test), TEST_BATCH);
        Ok(Pictures { set, train, test })
    }

    /// The shape of one picture: (C, H, W).
    pub fn shape(&self) -> [usize; 3] {
        let [_, channels, height, width] = self.set.train.shape();
        [channels, height, width]
    }
}

/// Images as numbers from −1 (no light, or no ink) to 1, (N, C, H, W).
fn signed(set: &ImageSet, images: &Images) -> Tensor {
    let mut rng = ChaCha8Rng::seed_from_u64(0); // nothing is drawn from it
    let numbers = (0..images.len()).flat_map(|i| {
        let (image, _) = images.get(i, &mut rng);
        set.normalize.intensities(&set.normalize.apply(&image).to_vec::<f32>())
    });
    Tensor::from_vec(numbers.map(|x| 2.0 * x - 1.0).collect(), images.shape())
}
