//! What every layer and every model can do.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::device::Device;
use crate::error::Result;
use crate::tensor::Tensor;

use super::state::{StateDict, StateError};

// ANCHOR: module
/// A layer, or a model made of layers.
pub trait Module: Send + Sync {
    /// The output for a batch of inputs.
    ///
    /// A module that needs more than one tensor (a picture and a time, say) has a method of its own for that instead.
    ///
    /// # Panics
    /// If it is such a module.
    fn forward(&self, x: &Tensor) -> Tensor {
        let (_, name) = (x, std::any::type_name::<Self>());
        panic!("forward: {name} needs more than one tensor; call the method that takes them all")
    }

    /// Shows the visitor every parameter, buffer and part of this module, by the names of its fields.
    ///
    /// A module without any of these needs no `visit`.
    fn visit(&self, visitor: &mut Visitor<'_>) {
        let _ = visitor;
    }
    // ANCHOR_END: module

    /// The name of the type, as it is printed.
    fn kind(&self) -> &'static str {
        std::any::type_name::<Self>()
    }

    /// The parameters with their names, `layer1.0.weight`; one that stands in several places comes once.
    fn named_parameters(&self) -> Vec<(String, Tensor)> {
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        self.each(&mut |name, slot| {
            if let Slot::Parameter(tensor) = slot
                && seen.insert(tensor.id())
            {
                found.push((name.to_string(), tensor.clone()));
            }
        });
        found
    }

    /// The parameters, each once.
    fn parameters(&self) -> Vec<Tensor> {
        self.named_parameters().into_iter().map(|(_, tensor)| tensor).collect()
    }

    /// How many numbers are learned.
    fn num_parameters(&self) -> usize {
        self.parameters().iter().map(Tensor::numel).sum()
    }

    /// Parameters and buffers under their names, as PyTorch's `state_dict` lists them: a tied weight under both.
    fn state_dict(&self) -> StateDict {
        let mut state = StateDict::new();
        self.each(&mut |name, slot| {
            if let Slot::Parameter(tensor) | Slot::Buffer(tensor) = slot {
                state.insert(name.to_string(), tensor.detach());
            }
        });
        state
    }

    /// Overwrites parameters and buffers with those of `state`; nothing changes unless all of them fit. A tensor of another
    /// dtype is converted, as PyTorch converts it.
    ///
    /// # Errors
    /// If a name is missing or unknown, or a shape differs: the error lists all of these.
    fn load_state_dict(&self, state: &StateDict) -> Result<(), StateError> {
        super::state::load(self, state)
    }

    /// Where each source of random numbers is, by name: what a checkpoint must keep for a run to go on as it would have.
    fn rng_state(&self) -> StateDict {
        let mut state = StateDict::new();
        self.each(&mut |name, slot| {
            if let Slot::Rng(rng) = slot {
                state.insert(name.to_string(), rng.position());
            }
        });
        state
    }

    /// Puts each source of random numbers where `state` says.
    ///
    /// # Errors
    /// If a source is missing, unknown, or not kept as [`Module::rng_state`] keeps it.
    fn load_rng_state(&self, state: &StateDict) -> Result<(), StateError> {
        let mut error = StateError::default();
        let mut known = Vec::new();
        self.each(&mut |name, slot| {
            let Slot::Rng(rng) = slot else { return };
            known.push(name.to_string());
            if !state.get(name).is_some_and(|position| rng.set_position(position)) {
                error.missing.push(name.to_string());
            }
        });
        error.unexpected = state.keys().filter(|key| !known.contains(key)).cloned().collect();
        if error == StateError::default() { Ok(()) } else { Err(error) }
    }

    /// Sets training mode: dropout drops, batch norm uses the batch.
    fn train(&self) {
        self.set_training(true);
    }

    /// Sets evaluation mode: dropout passes, batch norm uses its running statistics.
    fn eval(&self) {
        self.set_training(false);
    }

    /// Sets training mode or evaluation mode.
    fn set_training(&self, training: bool) {
        self.each(&mut |_, slot| {
            if let Slot::Mode(mode) = slot {
                mode.set(training);
            }
        });
    }

    /// Forgets the gradients of all parameters.
    fn zero_grad(&self) {
        self.parameters().iter().for_each(Tensor::zero_grad);
    }

    /// Moves parameters and buffers to a device.
    ///
    /// # Errors
    /// If the device cannot be opened.
    fn to_device(&self, device: Device) -> Result<()> {
        let mut outcome = Ok(());
        self.each(&mut |_, slot| {
            if let (Slot::Parameter(tensor) | Slot::Buffer(tensor), Ok(())) = (slot, &outcome) {
                outcome = tensor.move_to(device);
            }
        });
        outcome
    }

    /// Calls `f` with the name and the content of every slot.
    fn each(&self, f: &mut dyn FnMut(&str, Slot<'_>)) {
        self.visit(&mut Visitor { path: String::new(), f });
    }
}

/// What a module can hold.
#[derive(Clone, Copy)]
pub enum Slot<'a> {
    /// A tensor that is learned.
    Parameter(&'a Tensor),
    /// A tensor that is kept but not learned, such as running statistics.
    Buffer(&'a Tensor),
    /// A module inside of the module: the [`kind`](Module::kind) of what bears this name, ahead of its own slots.
    Part(&'static str),
    /// Whether the module is training.
    Mode(&'a Mode),
    /// A source of random numbers, whose position a checkpoint keeps.
    Rng(&'a RngCell),
}

/// Walks through a module; see [`Module::visit`].
pub struct Visitor<'v> {
    path: String,
    f: &'v mut dyn FnMut(&str, Slot<'_>),
}

impl Visitor<'_> {
    /// Shows a tensor that is learned.
    pub fn parameter(&mut self, name: &str, tensor: &Tensor) {
        self.show(name, Slot::Parameter(tensor));
    }

    /// Shows a tensor that is learned, where the module has it.
    pub fn optional_parameter(&mut self, name: &str, tensor: &Option<Tensor>) {
        if let Some(tensor) = tensor {
            self.parameter(name, tensor);
        }
    }

    /// Shows a tensor that is kept but not learned.
    pub fn buffer(&mut self, name: &str, tensor: &Tensor) {
        self.show(name, Slot::Buffer(tensor));
    }

    /// Shows the flag that tells training from evaluation.
    pub fn mode(&mut self, mode: &Mode) {
        self.show("training", Slot::Mode(mode));
    }

    /// Shows a source of random numbers.
    pub fn rng(&mut self, rng: &RngCell) {
        self.show("rng", Slot::Rng(rng));
    }

    /// Walks through a part; its names come after `name.`.
    pub fn module(&mut self, name: &str, module: &(impl Module + ?Sized)) {
        let before = self.path.len();
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(name);
        (self.f)(&self.path, Slot::Part(module.kind()));
        module.visit(self);
        self.path.truncate(before);
    }

    fn show(&mut self, name: &str, slot: Slot<'_>) {
        match self.path.is_empty() {
            true => (self.f)(name, slot),
            false => (self.f)(&format!("{}.{name}", self.path), slot),
        }
    }
}

impl<M: Module + ?Sized> Module for Box<M> {
    fn forward(&self, x: &Tensor) -> Tensor {
        (**self).forward(x)
    }
    fn visit(&self, visitor: &mut Visitor<'_>) {
        (**self).visit(visitor);
    }
    fn kind(&self) -> &'static str {
        (**self).kind()
    }
}

impl<M: Module + ?Sized> Module for std::sync::Arc<M> {
    fn forward(&self, x: &Tensor) -> Tensor {
        (**self).forward(x)
    }
    fn visit(&self, visitor: &mut Visitor<'_>) {
        (**self).visit(visitor);
    }
    fn kind(&self) -> &'static str {
        (**self).kind()
    }
}

/// Whether a module is training; a fresh one is.
#[derive(Debug)]
pub struct Mode(AtomicBool);

impl Mode {
    /// Training or not.
    pub fn is_training(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn set(&self, training: bool) {
        self.0.store(training, Ordering::Relaxed);
    }
}

impl Default for Mode {
    fn default() -> Mode {
        Mode(AtomicBool::new(true))
    }
}

/// A seeded source of random numbers that `forward` can draw from.
#[derive(Debug)]
pub struct RngCell(Mutex<ChaCha8Rng>);

impl RngCell {
    /// A source that gives the same numbers for the same seed.
    pub fn new(seed: u64) -> RngCell {
        RngCell(Mutex::new(ChaCha8Rng::seed_from_u64(seed)))
    }

    /// The seed, the stream and the position in it, as bytes.
    fn position(&self) -> Tensor {
        let rng = self.lock();
        let bytes = [&rng.get_seed()[..], &rng.get_stream().to_le_bytes(), &rng.get_word_pos().to_le_bytes()]
            .concat();
        let len = bytes.len();
        Tensor::from_vec(bytes, [len])
    }

    /// Goes to a position; `false` if it is not one.
    fn set_position(&self, position: &Tensor) -> bool {
        if position.dtype() != crate::DType::U8 {
            return false;
        }
        let bytes = position.to_vec::<u8>();
        let (Some((seed, rest)), 56) = (bytes.split_first_chunk::<32>(), bytes.len()) else { return false };
        let Some((stream, word)) = rest.split_first_chunk::<8>() else { return false };
        let Some(word) = word.first_chunk::<16>() else { return false };
        let mut rng = ChaCha8Rng::from_seed(*seed);
        rng.set_stream(u64::from_le_bytes(*stream));
        rng.set_word_pos(u128::from_le_bytes(*word));
        *self.lock() = rng;
        true
    }

    /// The source, for as long as the guard lives.
    pub fn lock(&self) -> MutexGuard<'_, ChaCha8Rng> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
