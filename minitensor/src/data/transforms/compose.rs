//! Several transforms in a row.

use std::sync::Arc;

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use crate::data::Image;

type Step = Arc<dyn Fn(&Image, &mut ChaCha8Rng) -> Image + Send + Sync>;

/// Transforms one after the other, put together while the program runs. Where it is known which they are, a closure that
/// calls them says the same.
///
/// ```
/// use minitensor::data::{self, Compose, DataLoader, Dataset, random_crop, random_rotation};
///
/// let augment = Compose::new()
///     .then(|image, rng| random_crop(image, 1, rng))
///     .sometimes(0.5, |image, rng| random_rotation(image, 15.0, 0, rng));
/// let set = data::load("digits", None, 0)?;
/// let normalize = set.normalize.clone();
/// let train = set.train.map(move |(image, label), rng| {
///     (normalize.apply(&augment.apply(&image, rng)), label)
/// });
/// let loader = DataLoader::new(train, 64).shuffle(42).workers(2);
/// # assert_eq!(loader.epoch(0).next().unwrap().0.dims(), [64, 1, 8, 8]);
/// # Ok::<(), minitensor::data::DataError>(())
/// ```
#[derive(Clone, Default)]
pub struct Compose {
    steps: Vec<Step>,
}

impl Compose {
    /// Leaves an image as it is.
    pub fn new() -> Compose {
        Compose::default()
    }

    /// And then `transform`.
    pub fn then(
        mut self,
        transform: impl Fn(&Image, &mut ChaCha8Rng) -> Image + Send + Sync + 'static,
    ) -> Compose {
        self.steps.push(Arc::new(transform));
        self
    }

    /// And then, with this probability, `transform`: torchvision's `RandomApply`.
    ///
    /// # Panics
    /// If `probability` is not in 0..=1.
    #[track_caller]
    pub fn sometimes(
        self,
        probability: f64,
        transform: impl Fn(&Image, &mut ChaCha8Rng) -> Image + Send + Sync + 'static,
    ) -> Compose {
        assert!((0.0..=1.0).contains(&probability), "Compose: {probability} is no probability");
        self.then(
            move |image, rng| {
                if rng.random_bool(probability) { transform(image, rng) } else { image.clone() }
            },
        )
    }

    /// The image after all of them.
    pub fn apply(&self, image: &Image, rng: &mut ChaCha8Rng) -> Image {
        self.steps.iter().fold(image.clone(), |image, step| step(&image, rng))
    }
}
