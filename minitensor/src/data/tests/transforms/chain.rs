//! Transforms in a row, on the threads of a loader.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::super::counting_image;
use crate::data::{
    Compose, DataLoader, Dataset, Images, Normalize, RandomErasing, gaussian_noise, horizontal_flip,
    random_brightness, random_contrast, random_crop, random_horizontal_flip, random_rotation,
    random_translate, resize, vertical_flip,
};
use crate::{DType, Tensor};

#[test]
fn steps_are_taken_in_order() {
    let mut rng = ChaCha8Rng::seed_from_u64(14);
    let image = counting_image([1, 2, 3]);
    assert_eq!(Compose::new().apply(&image, &mut rng), image);
    let chain = Compose::new().then(|image, _| resize(image, [2, 1])).then(|image, _| vertical_flip(image));
    assert_eq!(chain.apply(&image, &mut rng).pixels, [5, 2]);
}

#[test]
fn sometimes_is_as_often_as_asked_for() {
    let mut rng = ChaCha8Rng::seed_from_u64(15);
    let image = counting_image([1, 2, 3]);
    let chain = Compose::new().sometimes(0.2, |image, _| horizontal_flip(image));
    let changed = (0..1000).filter(|_| chain.apply(&image, &mut rng) != image).count();
    assert!((150..=250).contains(&changed), "{changed} of 1000"); // 200 ± 50, four deviations
}

fn augmented(seed: u64, workers: usize, epoch: u64) -> Vec<(Vec<f32>, Vec<f32>)> {
    let erasing = RandomErasing::default();
    let augment = Compose::new()
        .then(|image, rng| random_crop(image, 1, rng))
        .then(random_horizontal_flip)
        .then(|image, rng| random_rotation(image, 20.0, 0, rng))
        .then(|image, rng| random_translate(image, 0.1, 0, rng))
        .sometimes(0.5, |image, rng| random_brightness(image, 0.3, 255, rng))
        .then(|image, rng| random_contrast(image, 0.3, 255, rng))
        .then(|image, rng| gaussian_noise(image, 0.05, 255, rng))
        .then(move |image, rng| erasing.apply(image, rng));
    let pixels = (0..40 * 2 * 6 * 6).map(|i| (i * 37 % 256) as u8).collect();
    let images = Images::new([40, 2, 6, 6], pixels, (0..40).map(|i| i % 3).collect());
    let normalize = Normalize::new(255, &[0.5, 0.5], &[0.25, 0.25]);
    let set = images
        .map(move |(image, label), rng| (normalize.apply(&augment.apply(&image, rng)), label))
        .map_target(|label| Tensor::scalar(label).one_hot(3).to_dtype(DType::F32));
    let loader = DataLoader::new(set, 7).shuffle(seed).workers(workers);
    loader.epoch(epoch).map(|(images, labels)| (images.to_vec(), labels.to_vec())).collect()
}

#[test]
fn workers_change_nothing_about_what_is_drawn() {
    for epoch in 0..2 {
        let alone = augmented(1, 0, epoch);
        assert_eq!(alone.len(), 6);
        for workers in [1, 2, 3, 5, 16] {
            assert!(augmented(1, workers, epoch) == alone, "{workers} workers, epoch {epoch}");
        }
    }
}

#[test]
fn seed_and_epoch_decide_what_is_drawn() {
    assert!(augmented(1, 2, 0) == augmented(1, 2, 0));
    assert!(augmented(1, 2, 0) != augmented(2, 2, 0));
    assert!(augmented(1, 2, 0) != augmented(1, 2, 1));
}

#[test]
fn targets_are_mapped_and_inputs_are_not() {
    let images = Images::new([3, 1, 1, 1], vec![7, 8, 9], vec![2, 0, 1]);
    let set = images.map_target(|label| Tensor::scalar(label).one_hot(3).to_dtype(DType::F32));
    let (images, targets) = DataLoader::new(set, 3).epoch(0).next().unwrap();
    assert_eq!(images.to_vec::<u8>(), [7, 8, 9]);
    assert_eq!(targets.dims(), [3, 3]);
    assert_eq!(targets.to_vec::<f32>(), [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
}
