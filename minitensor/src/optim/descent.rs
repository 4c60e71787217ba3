//! What all optimisers share: parameters in groups, what is remembered for each, and the step over all of them.

use std::collections::HashSet;
use std::sync::Arc;

use crate::autograd::no_grad;
use crate::device::{OptimKernels, Storage, Update};
use crate::nn::StateError;
use crate::tensor::Tensor;

use super::optimizer::{Optimizer, OptimizerState};
use super::parameters::Parameters;
use super::slot::Slot;

/// The options of an optimiser, which decide how it changes one parameter: [`SgdOptions`](super::SgdOptions), say.
pub trait UpdateRule: Copy + Send + Sync + 'static {
    /// Whether a step depends on how many there were before.
    const COUNTS: bool = false;

    /// What is remembered for each number of a parameter: PyTorch's names, and the values to start from.
    fn memory(&self) -> Vec<(&'static str, f64)>;

    /// The step in small ops, as a page would write it: the weight after step `t`, counted from 1. What the kernel does
    /// in one pass is tested against this.
    fn plain(&self, w: &Tensor, g: &Tensor, memory: &mut [Tensor], lr: f64, t: i32) -> Tensor;

    /// Step `t` for the kernel.
    fn update(&self, lr: f64, t: i32) -> Update;

    /// Why these options make no sense, if they do not.
    fn check(&self) -> Result<(), String>;
}

/// Checks that each option, (name, value, limit), is at least 0 and below its limit.
pub(super) fn check_ranges(optimizer: &str, options: &[(&str, f64, f64)]) -> Result<(), String> {
    for &(name, value, limit) in options {
        if !(0.0..limit).contains(&value) {
            let below = if limit.is_finite() { format!("below {limit}") } else { "finite".to_string() };
            return Err(format!("{optimizer}: {name} is {value}, but must be at least 0 and {below}"));
        }
    }
    Ok(())
}

/// Parameters that share options.
pub struct Group<R> {
    parameters: Parameters,
    options: R,
    lr_scale: f64,
}

impl<R: UpdateRule> Group<R> {
    /// These parameters with these options.
    pub fn new(parameters: impl Into<Parameters>, options: R) -> Group<R> {
        Group { parameters: parameters.into(), options, lr_scale: 1.0 }
    }

    /// The same at a multiple of the optimiser's learning rate, whatever a schedule makes of that.
    #[must_use]
    pub fn lr_scale(self, lr_scale: f64) -> Group<R> {
        Group { lr_scale, ..self }
    }
}

/// An optimiser by its rule: `Sgd`, `Adam` and the others are names for this with their options.
///
/// ```
/// use minitensor::optim::{Adam, AdamOptions, Group, Optimizer, Parameters};
/// # use minitensor::{nn::Linear, Tensor, nn::Module};
/// # use rand::{SeedableRng, rngs::ChaCha8Rng};
/// # let model = Linear::new(2, 2, &mut ChaCha8Rng::seed_from_u64(0));
/// let mut optimizer = Adam::new(&model, 1e-3, AdamOptions::default());
///
/// // Biases and gains are not pulled towards 0, and learn twice as fast.
/// let (matrices, vectors) = Parameters::from(&model).partition(|_, tensor| tensor.rank() >= 2);
/// let plain = AdamOptions { decoupled: true, ..AdamOptions::default() };
/// let mut optimizer = Adam::grouped(1e-3, [
///     Group::new(matrices, AdamOptions { weight_decay: 0.1, ..plain }),
///     Group::new(vectors, plain).lr_scale(2.0),
/// ]);
/// # model.forward(&Tensor::ones([1, 2])).sum().backward();
/// optimizer.step();
/// ```
pub struct Descent<R> {
    parameters: Parameters,
    lr: f64,
    /// The options and the scale of the learning rate, a group each.
    groups: Vec<(R, f64)>,
    /// The group of each parameter, and what is remembered for it.
    slots: Vec<(usize, Slot)>,
}

impl<R: UpdateRule> Descent<R> {
    /// All parameters with the same options.
    ///
    /// # Panics
    /// If an option is out of its range, or a parameter comes twice.
    #[track_caller]
    pub fn new(parameters: impl Into<Parameters>, lr: f64, options: R) -> Descent<R> {
        Descent::grouped(lr, [Group::new(parameters, options)])
    }

    /// Groups of parameters, each with its own options, and one learning rate that each group may scale.
    ///
    /// # Panics
    /// If an option is out of its range, or a parameter or a name comes twice.
    #[track_caller]
    pub fn grouped(lr: f64, groups: impl IntoIterator<Item = Group<R>>) -> Descent<R> {
        let mut all = Descent { parameters: Vec::<Tensor>::new().into(), lr, groups: vec![], slots: vec![] };
        for group in groups {
            if let Err(why) = group.options.check() {
                panic!("{why}");
            }
            let slots = group.parameters.iter().map(|_| (all.groups.len(), Slot::default()));
            all.slots.extend(slots);
            all.groups.push((group.options, group.lr_scale));
            all.parameters.extend(group.parameters);
        }
        let (mut names, mut tensors) = (HashSet::new(), HashSet::new());
        for (name, tensor) in all.parameters.iter() {
            assert!(names.insert(name), "optimizer: two parameters are called {name}; give them names");
            assert!(tensors.insert(tensor.id()), "optimizer: the parameter {name} comes twice");
        }
        all
    }

    /// [`Optimizer::step`] in small ops, several passes over memory: what the fused step is tested against.
    #[track_caller]
    pub fn step_plain(&mut self) {
        self.each(|rule, w, g, slot, lr| {
            let mut memory: Vec<Tensor> =
                slot.memory.drain(..).map(|storage| Tensor::shared(storage, w.shape())).collect();
            w.copy_(&rule.plain(&w.detach(), &g, &mut memory, lr, slot.steps));
            slot.memory = memory.iter().map(Tensor::packed).collect();
        });
    }

    /// Calls `change` with each parameter that has a gradient, and counts the step.
    #[track_caller]
    fn each(&mut self, change: impl Fn(&R, &Tensor, Tensor, &mut Slot, f64)) {
        let gradients = self.parameters.with_gradients();
        no_grad(|| {
            for (i, w, g) in gradients {
                let (group, slot) = &mut self.slots[i];
                let (rule, lr_scale) = &self.groups[*group];
                slot.begin_step(&rule.memory(), w);
                change(rule, w, g, slot, self.lr * lr_scale);
            }
        });
    }
}

impl<R: UpdateRule> Optimizer for Descent<R> {
    #[track_caller]
    fn step(&mut self) {
        self.each(|rule, w, g, slot, lr| apply(&rule.update(lr, slot.steps), w, &g, &mut slot.memory));
    }

    fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    fn lr(&self) -> f64 {
        self.lr
    }

    fn set_lr(&mut self, lr: f64) {
        self.lr = lr;
    }

    fn state(&self) -> OptimizerState {
        let mut state = OptimizerState::new();
        for ((name, w), (group, slot)) in self.parameters.iter().zip(&self.slots) {
            slot.save(name, w, &self.groups[*group].0.memory(), R::COUNTS, &mut state);
        }
        state
    }

    fn load_state(&mut self, state: &OptimizerState) -> Result<(), StateError> {
        let (mut error, mut known) = (StateError::default(), HashSet::new());
        let mut slots = Vec::with_capacity(self.slots.len());
        for ((name, w), (group, _)) in self.parameters.iter().zip(&self.slots) {
            let memory = self.groups[*group].0.memory();
            slots.push((*group, Slot::load(name, w, &memory, R::COUNTS, state, &mut known, &mut error)));
        }
        error.unexpected = state.keys().filter(|key| !known.contains(*key)).cloned().collect();
        if error != StateError::default() {
            return Err(error);
        }
        self.slots = slots;
        Ok(())
    }
}

/// One pass over a parameter, in place where nobody else reads its numbers.
pub(crate) fn apply(update: &Update, w: &Tensor, g: &Tensor, memory: &mut [Arc<Storage>]) {
    let g = g.packed();
    let mut memory: Vec<&mut Storage> = memory.iter_mut().map(Arc::make_mut).collect();
    if w.is_whole() {
        return w.update(|storage| storage.update(update, &g, &mut memory));
    }
    // a view of a larger buffer: the kernel wants the numbers one after the other
    let mut numbers = Arc::unwrap_or_clone(w.packed());
    numbers.update(update, &g, &mut memory);
    w.copy_(&Tensor::contiguous_of(numbers, w.shape()));
}
