//! The step of an optimiser on one parameter.

use super::{Storage, on_device};

/// The step of an optimiser on one parameter: one pass over weights, gradients and what is remembered between steps.
///
/// Every storage is contiguous and holds exactly the elements of its tensor.
pub trait OptimKernels: Sized {
    /// Changes the weights, `self`, and the memory by the gradient.
    fn update(&mut self, update: &Update, grad: &Self, memory: &mut [&mut Self]);
}

/// A step with everything worked out that is the same for all elements.
///
/// w is the weight, g its gradient; where there is a `weight_decay`, g stands for g + weight_decay · w.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "each variant's formula says what its numbers are")]
pub enum Update {
    /// w ← w + amount · (g − w)
    Lerp { amount: f64 },
    /// w ← w − lr · g
    Descend { lr: f64, weight_decay: f64 },
    /// v ← momentum · v + take · g; w ← w − lr · v, or with `nesterov` w ← w − lr · (g + momentum · v)
    Momentum { lr: f64, weight_decay: f64, momentum: f64, take: f64, nesterov: bool },
    /// m ← β₁ · m + (1 − β₁) · g; s ← β₂ · s + (1 − β₂) · g²; w ← keep · w − lr · m / (root · √s + eps)
    ///
    /// With `amsgrad` a third number remembers the largest s, and stands for it.
    Adam { lr: f64, weight_decay: f64, keep: f64, beta1: f64, beta2: f64, root: f64, eps: f64, amsgrad: bool },
    /// s ← alpha · s + (1 − alpha) · g²; w ← w − lr · g / (√s + eps)
    ///
    /// With `centered` a mean m of g is remembered too, and s − m² stands for s; with `momentum` the quotient enters a
    /// velocity v ← momentum · v + quotient, and v stands for it.
    RmsProp { lr: f64, weight_decay: f64, alpha: f64, eps: f64, momentum: f64, centered: bool },
    /// s ← s + g²; w ← w − lr · g / (√s + eps)
    Adagrad { lr: f64, weight_decay: f64, eps: f64 },
    /// s ← rho · s + (1 − rho) · g²; d = g · √(u + eps) / √(s + eps); u ← rho · u + (1 − rho) · d²; w ← w − lr · d
    Adadelta { lr: f64, weight_decay: f64, rho: f64, eps: f64 },
}

/// Hands a call to the device that holds `self`.
impl OptimKernels for Storage {
    fn update(&mut self, update: &Update, grad: &Self, memory: &mut [&mut Self]) {
        on_device!(self, w: S => {
            let mut memory: Vec<_> = memory.iter_mut().map(|storage| storage.on_mut::<S>()).collect();
            w.update(update, grad.on::<S>(), &mut memory);
        })
    }
}
