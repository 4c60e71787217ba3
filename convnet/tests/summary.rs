//! What the networks cost, against the literature.

use convnet::model::{Architecture, Design, Family, ResNet};
use minitensor::nn::{Module, Summary, summary};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

fn of(design: &Design, input: [usize; 4]) -> (ResNet, Summary) {
    let net = ResNet::build(design, &mut ChaCha8Rng::seed_from_u64(0));
    let summary = summary(&net, input);
    assert_eq!(summary.parameters(), net.num_parameters());
    assert!(summary.layers.iter().all(|layer| layer.output.is_some()));
    (net, summary)
}

/// 0.27 million parameters in table 6 of He et al. 2016; 40.8 million multiply-adds with 1x1 convolutions as shortcuts.
#[test]
fn resnet_20_for_small_images() {
    let architecture = Architecture { family: Family::Basic, depth: 20, channels: 3, classes: 10 };
    let (_, summary) = of(&Design::small(architecture).unwrap(), [1, 3, 32, 32]);
    let conv =
        |inputs: u64, outputs: u64, kernel: u64, size: u64| inputs * outputs * kernel * kernel * size * size;
    let stage = |width: u64, size: u64| {
        conv(width / 2, width, 3, size) + 5 * conv(width, width, 3, size) + conv(width / 2, width, 1, size)
    };
    let by_hand = conv(3, 16, 3, 32) + 6 * conv(16, 16, 3, 32) + stage(32, 16) + stage(64, 8) + 64 * 10;
    assert_eq!(by_hand, 40_813_184);
    assert_eq!((summary.parameters(), summary.multiply_adds()), (272_474, by_hand));

    let first = summary.layers.iter().map(|layer| &layer.name[..]).take(4).collect::<Vec<_>>();
    assert_eq!(first, ["conv1", "bn1", "layer1.0.conv1", "layer1.0.bn1"]);
    assert!(summary.to_string().lines().all(|line| line.chars().count() <= 100));
}

/// The `_ops` that torchvision publishes with its weights, in thousand millions: 1.814 and 4.089.
#[test]
fn resnets_for_imagenet() {
    for (family, depth, millions) in [(Family::Basic, 18, 1814), (Family::Bottleneck, 50, 4089)] {
        let (_, summary) = of(&Design::imagenet(family, depth, 1000).unwrap(), [1, 3, 224, 224]);
        assert_eq!((summary.multiply_adds() as f64 / 1e6).round(), f64::from(millions), "ResNet-{depth}");
        assert!(summary.to_string().lines().all(|line| line.chars().count() <= 100));
    }
}
