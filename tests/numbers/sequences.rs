//! Embeddings, recurrence, and what a layer that stands in two places costs.

use std::sync::Arc;

use minitensor::Tensor;
use minitensor::nn::{Conv2d, Embedding, LSTM, Linear, Module, Sequential, Visitor};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(0)
}

/// Reads a sequence, and judges it by the state at its end.
struct Classifier {
    lstm: LSTM,
    linear: Linear,
}

impl Module for Classifier {
    fn forward(&self, x: &Tensor) -> Tensor {
        let (_, (h, _)) = self.lstm.run(x, None);
        self.linear.forward(&h.select(0, 0))
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.module("lstm", &self.lstm);
        visitor.module("linear", &self.linear);
    }
}

#[test]
fn an_lstm_that_sorts_sequences_into_seven_classes() {
    let net = Classifier { lstm: LSTM::new(10, 50, &mut rng()), linear: Linear::new(50, 7, &mut rng()) };
    assert_eq!(net.forward(&Tensor::zeros([15, 1, 10])).shape()[..], [1, 7]);
    // 4 gates · (10 inputs + 50 states + 2 biases) · 50, then 50 · 7 + 7
    assert_eq!(net.num_parameters(), 12_757);
}

/// What comes of a batter's turn against a pitcher.
struct BatterPitcher {
    batter: Embedding,
    pitcher: Embedding,
    outcome: Linear,
}

impl Module for BatterPitcher {
    /// (B, 2) ids → (B, 20)
    fn forward(&self, pairs: &Tensor) -> Tensor {
        let (batter, pitcher) = (pairs.select(1, 0), pairs.select(1, 1));
        let both = [&self.batter.forward(&batter), &self.pitcher.forward(&pitcher)];
        self.outcome.forward(&Tensor::cat(&both, 1))
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.module("batter", &self.batter);
        visitor.module("pitcher", &self.pitcher);
        visitor.module("outcome", &self.outcome);
    }
}

#[test]
fn batters_and_pitchers_as_vectors() {
    let net = BatterPitcher {
        batter: Embedding::new(100, 9, &mut rng()),
        pitcher: Embedding::new(100, 9, &mut rng()),
        outcome: Linear::new(18, 20, &mut rng()),
    };
    let pairs = Tensor::from_vec((0..256).map(|i| i % 100).collect::<Vec<i64>>(), [128, 2]);
    assert_eq!(net.forward(&pairs).shape()[..], [128, 20]);
    // 2 · 100 · 9, then 18 · 20 + 20
    assert_eq!(net.num_parameters(), 2_180);
}

#[test]
fn one_layer_in_two_places_is_learned_once() {
    let conv = |rng: &mut ChaCha8Rng| Conv2d::new(12, 14, 3, rng);
    let mut rng = rng();
    let two = Sequential::new().with(conv(&mut rng)).with(conv(&mut rng));
    assert_eq!(two.num_parameters(), 3_052); // 2 · (12 · 14 · 9 + 14)
    let shared = Arc::new(conv(&mut rng));
    let same = Sequential::new().with(shared.clone()).with(shared);
    assert_eq!(same.num_parameters(), 1_526);
    assert_eq!(same.state_dict().len(), 4, "its state has it under both names, as PyTorch's");
}
