//! Where a run stands.

use std::ops::AddAssign;

use crate::Tensor;
use crate::lab::{self, Plan};
use crate::nn::StateDict;

/// Where a run stands: between two steps.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Position {
    /// Epochs that are finished, test and all.
    pub epoch: usize,
    /// Steps that are made in the epoch after these.
    pub step: usize,
    /// What came out of these steps.
    pub tally: Tally,
    /// How long they took.
    pub seconds: f64,
}

/// What came out of some training steps.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tally {
    /// Examples that were seen: images, characters.
    pub items: usize,
    /// Examples that were guessed before the model learned from them, where there is something to guess.
    pub right: usize,
    /// The sum of the losses of all examples.
    pub loss: f64,
}

impl Position {
    /// Whether any step has been made.
    pub fn has_begun(&self) -> bool {
        self.epoch > 0 || self.step > 0
    }

    /// The loss of the step that is being made, if it is a number to learn from.
    ///
    /// # Errors
    /// [`lab::Error::NotFinite`], with the place.
    pub fn finite(&self, loss: f64) -> lab::Result<f64> {
        lab::finite(loss, self.epoch + 1, self.step + 1)
    }

    /// Says in the plan of a run where it goes on.
    pub(super) fn tell(&self, plan: Plan) -> Plan {
        match (self.epoch, self.step) {
            (0, 0) => plan,
            (epoch, 0) => plan.with(format!("going on with epoch {}", epoch + 1)),
            (epoch, step) => plan.with(format!("going on after step {step} of epoch {}", epoch + 1)),
        }
    }

    /// Every number bit by bit, which a text would not keep.
    pub(super) fn to_tensors(self) -> StateDict {
        let Position { epoch, step, tally: Tally { items, right, loss }, seconds } = self;
        let counts = [("epoch", epoch), ("step", step), ("items", items), ("right", right)]
            .map(|(name, n)| (name.to_string(), Tensor::scalar(n as i64)));
        let sums =
            [("loss", loss), ("seconds", seconds)].map(|(name, x)| (name.to_string(), Tensor::scalar(x)));
        counts.into_iter().chain(sums).collect()
    }

    pub(super) fn from_tensors(tensors: &StateDict) -> Result<Position, String> {
        let number = |name: &str| {
            let tensor = tensors.get(name).filter(|tensor| tensor.numel() == 1);
            let x = tensor.ok_or_else(|| format!("`position.{name}` is missing"))?.item();
            if x.is_finite() && x >= 0.0 { Ok(x) } else { Err(format!("`position.{name}` is {x}")) }
        };
        let count = |name: &str| number(name).map(|x| x as usize);
        let tally = Tally { items: count("items")?, right: count("right")?, loss: number("loss")? };
        Ok(Position { epoch: count("epoch")?, step: count("step")?, tally, seconds: number("seconds")? })
    }
}

impl Tally {
    /// So many examples of this mean loss, with nothing to guess.
    pub fn of_loss(items: usize, mean_loss: f64) -> Tally {
        Tally { items, right: 0, loss: mean_loss * items as f64 }
    }

    /// A batch of this mean loss whose classes were guessed: logits (B, classes), labels (B).
    pub fn of_guesses(logits: &Tensor, labels: &Tensor, mean_loss: f64) -> Tally {
        let hits = logits.detach().argmax(1, false).eq(labels); // (B)
        Tally { right: hits.sum().item() as usize, ..Tally::of_loss(hits.numel(), mean_loss) }
    }

    /// The mean loss of an example.
    pub fn mean_loss(&self) -> f64 {
        self.loss / self.items as f64
    }

    /// The fraction of examples that were guessed.
    pub fn accuracy(&self) -> f64 {
        self.right as f64 / self.items as f64
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.items += other.items;
        self.right += other.right;
        self.loss += other.loss;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_of_different_sizes_count_by_their_examples() {
        let logits = Tensor::from([[0.0f32, 2.0, 1.0], [3.0, 0.0, 0.0], [0.0, 0.0, 1.0]]);
        let mut tally = Tally::of_guesses(&logits, &Tensor::from([1i64, 2, 2]), 0.5);
        assert_eq!(tally, Tally { items: 3, right: 2, loss: 1.5 });
        tally += Tally::of_guesses(&logits.narrow(0, 1, 1), &Tensor::from([0i64]), 2.5);
        assert_eq!((tally.accuracy(), tally.mean_loss()), (0.75, 1.0));
        assert_eq!(Tally::of_loss(4, 0.25), Tally { items: 4, right: 0, loss: 1.0 });
    }
}
