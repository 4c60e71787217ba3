//! ResNet-20 (He et al., 2016), learning and at work.

use convnet::model::{Architecture, Family, ResNet};
use minitensor::nn::Module;
use minitensor::no_grad;
use minitensor::optim::{Sgd, SgdOptions};

use super::{Setup, Step};

/// A batch of 128 images of CIFAR-10.
pub(super) fn b128(setup: &mut Setup) -> Step {
    training([128, 3, 32, 32], 1e-4, setup)
}

/// A batch of 64 digits of 8x8.
pub(super) fn digits_b64(setup: &mut Setup) -> Step {
    training([64, 1, 8, 8], 0.0, setup)
}

/// What a single image is.
pub(super) fn infer_b1(setup: &mut Setup) -> Step {
    let x = setup.randn([1, 3, 32, 32]);
    let model = resnet20(3, setup);
    model.eval();
    let parameters = model.num_parameters();
    Step { parameters, ..Step::op(move || no_grad(|| model.forward(&x))) }
}

/// Learns from a batch of images (N, channels, H, W).
pub(crate) fn training(shape: [usize; 4], weight_decay: f64, setup: &mut Setup) -> Step {
    let [n, channels, ..] = shape;
    let (x, y) = (setup.randn(shape), setup.labels(10, [n]));
    let model = resnet20(channels, setup);
    let sgd = Sgd::new(&model, 0.1, SgdOptions { momentum: 0.9, weight_decay, ..SgdOptions::default() });
    Step::training(model, sgd, move |model| model.forward(&x).cross_entropy(&y))
}

/// Stages of 16, 32 and 64 filters, with projections where the shape changes.
fn resnet20(channels: usize, setup: &mut Setup) -> ResNet {
    let architecture = Architecture { family: Family::Basic, depth: 20, channels, classes: 10 };
    let model = ResNet::new(architecture, &mut setup.rng).expect("20 = 6n + 2");
    setup.place_model(&model);
    model
}
