//! What an optimiser remembers for one parameter.

use std::collections::HashSet;
use std::sync::Arc;

use crate::device::Storage;
use crate::nn::StateError;
use crate::tensor::Tensor;

use super::optimizer::OptimizerState;

/// The memory of one parameter; empty before its first step.
#[derive(Default)]
pub(super) struct Slot {
    /// How many steps there were.
    pub(super) steps: i32,
    /// Buffers as long as the parameter: momentum, say.
    pub(super) memory: Vec<Arc<Storage>>,
}

impl Slot {
    /// Counts a step, and makes the memory before the first.
    pub(super) fn begin_step(&mut self, memory: &[(&'static str, f64)], w: &Tensor) {
        if self.steps == 0 {
            let start = |&(_, start)| Tensor::full_on(w.shape(), start, w.dtype(), w.device()).packed();
            self.memory = memory.iter().map(start).collect();
        }
        self.steps = self.steps.saturating_add(1);
    }

    /// Adds `exp_avg.layer.weight` and so on to a state.
    pub(super) fn save(
        &self,
        name: &str,
        w: &Tensor,
        memory: &[(&'static str, f64)],
        counts: bool,
        state: &mut OptimizerState,
    ) {
        if self.steps == 0 {
            return;
        }
        for ((kind, _), storage) in memory.iter().zip(&self.memory) {
            state.insert(format!("{kind}.{name}"), Tensor::shared(storage.clone(), w.shape()));
        }
        if counts {
            state.insert(format!("step.{name}"), Tensor::scalar(i64::from(self.steps)));
        }
    }

    /// The same as a state keeps it. Names that were looked for go to `known`, differences to `error`.
    pub(super) fn load(
        name: &str,
        w: &Tensor,
        memory: &[(&'static str, f64)],
        counts: bool,
        state: &OptimizerState,
        known: &mut HashSet<String>,
        error: &mut StateError,
    ) -> Slot {
        let names: Vec<String> = memory.iter().map(|(kind, _)| format!("{kind}.{name}")).collect();
        let step = format!("step.{name}");
        let wanted = || names.iter().chain(counts.then_some(&step));
        known.extend(wanted().cloned());
        if !wanted().any(|key| state.contains_key(key)) {
            return Slot::default();
        }
        error.missing.extend(wanted().filter(|key| !state.contains_key(*key)).cloned());
        let buffer = |key: &String| {
            let tensor = state.get(key)?;
            if tensor.shape() != w.shape() {
                error.shapes.push((key.clone(), w.shape().clone(), tensor.shape().clone()));
            }
            // its own buffer: the state may be used again
            Some(tensor.to_dtype(w.dtype()).packed())
        };
        let memory = names.iter().filter_map(buffer).collect();
        let steps = match state.get(&step).filter(|_| counts) {
            None => 1,
            Some(steps) if steps.numel() == 1 => steps.item() as i32,
            Some(steps) => {
                error.shapes.push((step, [].into(), steps.shape().clone()));
                1
            }
        };
        Slot { steps: steps.max(1), memory }
    }
}
