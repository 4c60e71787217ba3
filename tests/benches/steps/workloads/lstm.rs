//! An LSTM that reads fifteen steps and then says a class.

use minitensor::Tensor;
use minitensor::nn::{LSTM, Linear, Module, Visitor};
use minitensor::optim::{Adam, AdamOptions};

use super::{Setup, Step};

/// A batch of 64 sequences of ten features.
pub(super) fn b64(setup: &mut Setup) -> Step {
    let (x, y) = (setup.randn([15, 64, 10]), setup.labels(7, [64]));
    let rng = &mut setup.rng;
    let model = Classifier { lstm: LSTM::new(10, 50, rng), head: Linear::new(50, 7, rng) };
    setup.place_model(&model);
    let adam = Adam::new(&model, 1e-3, AdamOptions::default());
    Step::training(model, adam, move |model| model.forward(&x).cross_entropy(&y))
}

struct Classifier {
    lstm: LSTM,
    head: Linear,
}

impl Module for Classifier {
    fn forward(&self, x: &Tensor) -> Tensor {
        let y = self.lstm.forward(x); // (T, B, 50)
        self.head.forward(&y.select(0, y.size(0) - 1)) // (B, 7)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.module("lstm", &self.lstm);
        visitor.module("head", &self.head);
    }
}
