//! What the networks are known to be: their sizes, their names, their shapes.

use minitensor::Tensor;
use minitensor::nn::Module;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::{Architecture, Family, ResNet};

fn network(family: Family, depth: usize, channels: usize) -> ResNet {
    let architecture = Architecture { family, depth, channels, classes: 10 };
    ResNet::new(architecture, &mut ChaCha8Rng::seed_from_u64(0)).unwrap()
}

/// Counted by PyTorch, from the same layers.
#[test]
fn each_network_has_the_parameters_that_it_should_have() {
    let counts = [
        (Family::Basic, 20, 3, 272_474),
        (Family::Basic, 20, 1, 272_186),
        (Family::Plain, 20, 3, 269_722),
        (Family::Basic, 8, 1, 77_754),
        (Family::Basic, 56, 3, 855_770),
        (Family::Bottleneck, 20, 1, 220_090),
        (Family::Bottleneck, 11, 3, 127_642),
    ];
    for (family, depth, channels, count) in counts {
        assert_eq!(network(family, depth, channels).num_parameters(), count, "{family:?} {depth} {channels}");
    }
}

#[test]
fn the_names_are_those_of_torchvision() {
    let state = network(Family::Basic, 20, 3).state_dict();
    let bottleneck = network(Family::Bottleneck, 11, 3).state_dict();
    for (state, name, shape) in [
        (&state, "conv1.weight", &[16, 3, 3, 3][..]),
        (&state, "bn1.running_mean", &[16]),
        (&state, "layer1.0.conv1.weight", &[16, 16, 3, 3]),
        (&state, "layer2.0.conv1.weight", &[32, 16, 3, 3]),
        (&state, "layer2.0.downsample.0.weight", &[32, 16, 1, 1]),
        (&state, "layer2.0.downsample.1.running_var", &[32]),
        (&state, "layer3.2.bn2.num_batches_tracked", &[]),
        (&state, "fc.weight", &[10, 64]),
        (&state, "fc.bias", &[10]),
        (&bottleneck, "layer1.0.downsample.0.weight", &[64, 16, 1, 1]),
        (&bottleneck, "layer2.0.conv1.weight", &[32, 64, 1, 1]),
        (&bottleneck, "layer2.0.conv2.weight", &[32, 32, 3, 3]),
        (&bottleneck, "layer2.0.conv3.weight", &[128, 32, 1, 1]),
        (&bottleneck, "fc.weight", &[10, 256]),
    ] {
        assert_eq!(state.get(name).map(|tensor| &tensor.shape()[..]), Some(shape), "{name}");
    }
    assert!(!state.contains_key("layer1.0.downsample.0.weight"), "the first stage keeps the shape");
    let plain = network(Family::Plain, 20, 3).state_dict();
    assert!(!plain.keys().any(|name| name.contains("downsample")));
}

#[test]
fn any_image_size_gives_one_logit_a_class() {
    for family in [Family::Plain, Family::Basic, Family::Bottleneck] {
        let depth = if family == Family::Bottleneck { 11 } else { 8 };
        let net = network(family, depth, 1);
        for (height, width) in [(8, 8), (7, 5), (1, 1), (28, 28)] {
            assert_eq!(net.forward(&Tensor::zeros([2, 1, height, width])).shape()[..], [2, 10]);
        }
    }
}

/// A block whose convolutions give 0 passes on what its shortcut carries: that is what makes it residual.
#[test]
fn a_block_without_weights_is_its_shortcut() {
    let x = Tensor::rand([2, 16, 4, 4], &mut ChaCha8Rng::seed_from_u64(1));
    for (family, expected) in [(Family::Basic, x.clone()), (Family::Plain, x.zeros_like())] {
        let block = super::Block::new(family, 16, 16, 1, &mut ChaCha8Rng::seed_from_u64(2));
        for (name, weight) in block.named_parameters() {
            if name.starts_with("conv") {
                minitensor::no_grad(|| weight.copy_(&weight.zeros_like()));
            }
        }
        assert!(block.forward(&x).allclose(&expected, 0.0, 0.0), "{family:?}");
    }
}
