//! What a model makes of images it has not learned from.

use minitensor::lab::train::Tally;
use minitensor::metrics::ConfusionMatrix;
use minitensor::nn::Module;
use minitensor::{Tensor, no_grad};

/// The guesses of a model, in the order of the images.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evaluation {
    /// One guess an image.
    pub guesses: Vec<Guess>,
    tally: Tally,
}

/// What a model takes an image for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guess {
    /// What it is.
    pub label: usize,
    /// What the model takes it for.
    pub class: usize,
    /// The probability that the model gives to that, from 0 to 1.
    pub confidence: f32,
}

// ANCHOR: evaluate
/// Shows a model every batch of images (B, C, H, W) with their classes (B), without learning anything.
pub fn evaluate(model: &impl Module, batches: impl Iterator<Item = (Tensor, Tensor)>) -> Evaluation {
    model.eval(); // batch norm uses what it has seen in training, not the batch at hand
    let mut evaluation = Evaluation::default();
    no_grad(|| {
        for (images, labels) in batches {
            let logits = model.forward(&images); // (B, classes)
            evaluation.add(&logits, &labels);
        }
    });
    model.train();
    evaluation
}
// ANCHOR_END: evaluate

impl Evaluation {
    /// The mean loss of an image.
    pub fn loss(&self) -> f64 {
        self.tally.mean_loss()
    }

    /// How many guesses are right.
    pub fn right(&self) -> usize {
        self.tally.right
    }

    /// The fraction of guesses that are right.
    pub fn accuracy(&self) -> f64 {
        self.tally.accuracy()
    }

    /// How often each class was taken for each.
    pub fn confusion(&self, classes: usize) -> ConfusionMatrix {
        ConfusionMatrix::from_pairs(classes, self.guesses.iter().map(|guess| (guess.label, guess.class)))
    }

    fn add(&mut self, logits: &Tensor, labels: &Tensor) {
        self.tally += Tally::of_guesses(logits, labels, logits.cross_entropy(labels).item());
        let classes = logits.argmax(1, false).to_vec::<i64>();
        let confidences = logits.softmax(1).max_dim(1, false).0.to_vec::<f32>();
        let guesses = labels.to_vec::<i64>().into_iter().zip(classes).zip(confidences);
        self.guesses.extend(guesses.map(|((label, class), confidence)| Guess {
            label: label as usize,
            class: class as usize,
            confidence,
        }));
    }
}

impl Guess {
    /// Whether the model is right.
    pub fn is_right(&self) -> bool {
        self.class == self.label
    }
}
