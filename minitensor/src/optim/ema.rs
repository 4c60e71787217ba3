//! A moving average of a model's weights.

use crate::autograd::no_grad;
use crate::device::Update;
use crate::nn::{Module, Slot, StateDict, StateError};
use crate::tensor::Tensor;

use super::descent::apply;

/// a ← decay · a + (1 − decay) · w for each weight w after each step: weights that jump about less than those of any one
/// step (Polyak and Juditsky, 1992). Diffusion models are sampled with it.
///
/// Buffers, such as running statistics, are copied as they are.
///
/// ```
/// # use minitensor::{Tensor, nn::{Linear, Module}, optim::Ema};
/// # use rand::{SeedableRng, rngs::ChaCha8Rng};
/// # let model = Linear::new(2, 2, &mut ChaCha8Rng::seed_from_u64(0));
/// # let x = Tensor::ones([1, 2]);
/// let mut ema = Ema::new(&model, 0.999);
/// // after each optimizer.step()
/// ema.update(&model);
/// // to look at the average, and to train on after it
/// ema.swap(&model);
/// let y = model.forward(&x);
/// ema.swap(&model);
/// ```
pub struct Ema {
    decay: f64,
    warmup: bool,
    updates: u64,
    averages: StateDict,
}

impl Ema {
    /// An average that starts at the model as it is.
    ///
    /// # Panics
    /// Unless 0 ≤ decay ≤ 1.
    #[track_caller]
    pub fn new(model: &(impl Module + ?Sized), decay: f64) -> Ema {
        assert!((0.0..=1.0).contains(&decay), "ema: the decay is {decay}, but must be from 0 to 1");
        Ema { decay, warmup: false, updates: 0, averages: model.state_dict() }
    }

    /// The same with a smaller decay at first, (1 + t) / (10 + t) after t updates, so that the random weights at the start
    /// are soon forgotten.
    #[must_use]
    pub fn warmup(self) -> Ema {
        Ema { warmup: true, ..self }
    }

    /// Moves the average towards the model as it is now.
    ///
    /// # Panics
    /// If it is another model, here and in the other methods.
    #[track_caller]
    pub fn update(&mut self, model: &(impl Module + ?Sized)) {
        let t = self.updates as f64;
        let decay = if self.warmup { self.decay.min((1.0 + t) / (10.0 + t)) } else { self.decay };
        self.updates = self.updates.saturating_add(1);
        no_grad(|| {
            model.each(&mut |name, slot| match slot {
                Slot::Parameter(w) => {
                    apply(&Update::Lerp { amount: 1.0 - decay }, self.average(name, w), w, &mut []);
                }
                Slot::Buffer(buffer) => self.average(name, buffer).copy_(buffer),
                Slot::Part(_) | Slot::Mode(_) | Slot::Rng(_) => {}
            });
        });
    }

    /// Overwrites the model's weights and buffers with the averages.
    #[track_caller]
    pub fn apply_to(&self, model: &(impl Module + ?Sized)) {
        if let Err(error) = model.load_state_dict(&self.averages) {
            panic!("ema: {error}");
        }
    }

    /// Exchanges the model's weights and buffers for the averages; a second time puts both back.
    #[track_caller]
    pub fn swap(&mut self, model: &(impl Module + ?Sized)) {
        let theirs = model.state_dict();
        self.apply_to(model);
        self.averages = theirs;
    }

    /// The averages, under the model's names: as a checkpoint, a model to sample with.
    pub fn averages(&self) -> &StateDict {
        &self.averages
    }

    /// What a checkpoint must keep.
    pub fn state(&self) -> StateDict {
        let averages =
            self.averages.iter().map(|(name, tensor)| (format!("average.{name}"), tensor.detach()));
        averages.chain([("updates".to_string(), Tensor::scalar(self.updates as i64))]).collect()
    }

    /// Goes on from what a checkpoint kept.
    ///
    /// # Errors
    /// If a name is missing or unknown, or a shape differs; nothing changes then.
    pub fn load_state(&mut self, state: &StateDict) -> Result<(), StateError> {
        let mut error = StateError::default();
        let mut averages = StateDict::new();
        for (name, average) in &self.averages {
            match state.get(&format!("average.{name}")) {
                None => error.missing.push(format!("average.{name}")),
                Some(kept) if kept.shape() != average.shape() => {
                    error.shapes.push((name.clone(), average.shape().clone(), kept.shape().clone()));
                }
                Some(kept) => drop(averages.insert(name.clone(), kept.detach().to_dtype(average.dtype()))),
            }
        }
        let known = |key: &str| match key.strip_prefix("average.") {
            Some(name) => self.averages.contains_key(name),
            None => key == "updates",
        };
        error.unexpected = state.keys().filter(|key| !known(key)).cloned().collect();
        let updates = state.get("updates").filter(|updates| updates.numel() == 1);
        if updates.is_none() {
            error.missing.push("updates".to_string());
        }
        match updates {
            Some(updates) if error == StateError::default() => {
                (self.averages, self.updates) = (averages, updates.item() as u64);
                Ok(())
            }
            _ => Err(error),
        }
    }

    #[track_caller]
    fn average(&self, name: &str, like: &Tensor) -> &Tensor {
        let average = self.averages.get(name).filter(|average| average.shape() == like.shape());
        average.unwrap_or_else(|| panic!("ema: {name} of {:?} is not of the model it averages", like.shape()))
    }
}
