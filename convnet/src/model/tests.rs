//! What the networks are known to be: their sizes, their names, their shapes.

use minitensor::Tensor;
use minitensor::nn::Module;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::{Architecture, Design, Family, PreActivationBlock, PreActivationResNet, ResNet, Stem};

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

fn imagenet(family: Family, depth: usize) -> Design {
    Design::imagenet(family, depth, 1000).unwrap()
}

/// torchvision's `sum(p.numel() for p in resnet18().parameters())`, and how many tensors its `state_dict` has; the last is
/// its `ResNet(Bottleneck, [3, 24, 36, 3])`.
#[test]
fn the_networks_for_imagenet_are_torchvisions() {
    let networks = [
        (Family::Basic, 18, 11_689_512, 122),
        (Family::Basic, 34, 21_797_672, 218),
        (Family::Bottleneck, 50, 25_557_032, 320),
        (Family::Bottleneck, 101, 44_549_160, 626),
        (Family::Bottleneck, 152, 60_192_808, 932),
        (Family::Bottleneck, 200, 64_673_832, 1220),
    ];
    for (family, depth, parameters, tensors) in networks {
        let net = ResNet::build(&imagenet(family, depth), &mut ChaCha8Rng::seed_from_u64(0));
        assert_eq!((net.num_parameters(), net.state_dict().len()), (parameters, tensors), "ResNet-{depth}");
    }
    assert_eq!(
        Design::imagenet(Family::Basic, 50, 10).unwrap_err().to_string(),
        "no ResNet has 50 layers: for ImageNet there are 18 and 34"
    );
}

#[test]
fn large_images_shrink_to_a_quarter_before_the_first_block() {
    let rng = &mut ChaCha8Rng::seed_from_u64(0);
    for family in [Family::Plain, Family::Basic, Family::Bottleneck] {
        let (blocks, stem) = (vec![1, 1], Stem::ImageNet);
        let design = Design { family, stem, width: 4, blocks, channels: 3, classes: 7 };
        for (height, width) in [(32, 32), (33, 17), (1, 1)] {
            let images = Tensor::zeros([2, 3, height, width]);
            assert_eq!(ResNet::build(&design, rng).forward(&images).shape()[..], [2, 7]);
            assert_eq!(PreActivationResNet::new(&design, rng).forward(&images).shape()[..], [2, 7]);
        }
    }
}

/// Each of its blocks of equal shape adds to what comes in, untouched by norm or relu.
#[test]
fn a_pre_activation_block_without_weights_passes_everything_on() {
    let x = Tensor::randn([2, 8, 4, 4], &mut ChaCha8Rng::seed_from_u64(1));
    let block = PreActivationBlock::new(Family::Bottleneck, 8, 2, 1, &mut ChaCha8Rng::seed_from_u64(2));
    for (name, weight) in block.named_parameters() {
        if name.starts_with("conv") {
            minitensor::no_grad(|| weight.copy_(&weight.zeros_like()));
        }
    }
    assert!(block.forward(&x).allclose(&x, 0.0, 0.0));
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
