//! What a model is made of, as a table: its layers, what they give out, hold and cost.

mod cost;
mod print;
mod tally;

use std::cell::RefCell;
use std::rc::Rc;

use crate::autograd::no_grad;
use crate::observe::watch;
use crate::shape::Shape;
use crate::tensor::Tensor;

use super::module::{Module, Slot};
use tally::Tally;

/// A table of a model's layers; it prints with at most 100 columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// In the order in which the model uses them; those that it does not use come last.
    pub layers: Vec<Layer>,
}

/// A part of a model that owns parameters, or an op between such parts that multiplies.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Its path in the model, `layer1.0.conv1`. The model itself has none, and neither has an op.
    pub name: String,
    /// The name of its type, `Conv2d`, or of the op.
    pub kind: String,
    /// The shape of its last result; `None` where the model did not use it.
    pub output: Option<Shape>,
    /// How many numbers it learns. A tensor that stands in several places counts at the first.
    pub parameters: usize,
    /// How many of them are frozen.
    pub frozen: usize,
    /// Products that are summed: in convolutions, products of matrices, attention and recurrence. Biases,
    /// normalisations and activations count nothing, as in the literature.
    pub multiply_adds: u64,
}

impl Summary {
    /// How many numbers the model learns.
    pub fn parameters(&self) -> usize {
        self.layers.iter().map(|layer| layer.parameters).sum()
    }

    /// How many multiply-adds one call costs, for the whole batch.
    pub fn multiply_adds(&self) -> u64 {
        self.layers.iter().map(|layer| layer.multiply_adds).sum()
    }
}

// ANCHOR: summary
/// What the model does with an input of zeros of this shape.
///
/// The model runs once in evaluation mode, and afterwards is as it was.
///
/// ```
/// # use minitensor::nn::{Linear, Relu, Sequential, summary};
/// # use rand::{SeedableRng, rngs::ChaCha8Rng};
/// # let mut rng = ChaCha8Rng::seed_from_u64(0);
/// let net = Sequential::new().with(Linear::new(4, 8, &mut rng)).with(Relu).with(Linear::new(8, 2, &mut rng));
/// let summary = summary(&net, [1, 4]);
/// println!("{summary}");
/// assert_eq!((summary.parameters(), summary.multiply_adds()), (58, 4 * 8 + 8 * 2));
/// ```
///
/// # Panics
/// If the model does.
#[track_caller]
pub fn summary(model: &(impl Module + ?Sized), input: impl Into<Shape>) -> Summary {
    let parameters = model.parameters();
    let input = match parameters.iter().find(|parameter| parameter.dtype().is_float()) {
        Some(like) => Tensor::full_on(input, 0.0, like.dtype(), like.device()),
        None => Tensor::zeros(input),
    };
    summary_with(model, || model.forward(&input))
}

/// What the model does in a call of any kind, for models that take several tensors or none of zeros:
/// `summary_with(&gpt, || gpt.forward(&ids))`, `summary_with(&unet, || unet.denoise(&x, &t))`.
///
/// # Panics
/// If the call does.
#[track_caller]
pub fn summary_with<R>(model: &(impl Module + ?Sized), call: impl FnOnce() -> R) -> Summary {
    let tally = Rc::new(RefCell::new(Tally::new(model)));
    let watcher = tally.clone();
    let _as_it_was = AsItWas::new(model);
    model.eval();
    no_grad(|| watch(move |op| watcher.borrow_mut().count(op), call));
    tally.take().finish()
}
// ANCHOR_END: summary

/// Gives a model its modes and the positions of its random numbers back, also after a panic.
struct AsItWas<'m, M: Module + ?Sized> {
    model: &'m M,
    training: Vec<bool>,
    rng: super::StateDict,
}

impl<M: Module + ?Sized> AsItWas<'_, M> {
    fn new(model: &M) -> AsItWas<'_, M> {
        let mut training = Vec::new();
        model.each(&mut |_, slot| {
            if let Slot::Mode(mode) = slot {
                training.push(mode.is_training());
            }
        });
        AsItWas { model, training, rng: model.rng_state() }
    }
}

impl<M: Module + ?Sized> Drop for AsItWas<'_, M> {
    fn drop(&mut self) {
        let mut training = self.training.iter();
        self.model.each(&mut |_, slot| {
            if let Slot::Mode(mode) = slot
                && let Some(&before) = training.next()
            {
                mode.set(before);
            }
        });
        // What was just read fits.
        let _ = self.model.load_rng_state(&self.rng);
    }
}
