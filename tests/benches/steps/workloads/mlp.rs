//! Layers of perceptrons, where everything around the products counts.

use minitensor::Tensor;
use minitensor::nn::{Linear, Module, Relu, Sequential};
use minitensor::optim::{Adam, AdamOptions, Sgd, SgdOptions};

use super::{Setup, Step};

/// A sine learned from 256 points.
pub(super) fn sine(setup: &mut Setup) -> Step {
    let x = setup.place(&Tensor::linspace(-9.42, 9.42, 256).unsqueeze(1)); // (256, 1)
    let y = x.sin();
    let model = mlp([1, 64, 64, 1], setup);
    let adam = Adam::new(&model, 1e-2, AdamOptions::default());
    Step::training(model, adam, move |model| model.forward(&x).mse_loss(&y))
}

/// A batch of 64 images of 28x28.
pub(super) fn fashion(setup: &mut Setup) -> Step {
    let (x, y) = (setup.randn([64, 784]), setup.labels(10, [64]));
    let model = mlp([784, 512, 512, 10], setup);
    let sgd = Sgd::new(&model, 1e-3, SgdOptions::default());
    Step::training(model, sgd, move |model| model.forward(&x).cross_entropy(&y))
}

/// Three layers with ReLU between them.
fn mlp([inputs, first, second, outputs]: [usize; 4], setup: &mut Setup) -> Sequential {
    let rng = &mut setup.rng;
    let model = Sequential::new()
        .with(Linear::new(inputs, first, rng))
        .with(Relu)
        .with(Linear::new(first, second, rng))
        .with(Relu)
        .with(Linear::new(second, outputs, rng));
    setup.place_model(&model);
    model
}
