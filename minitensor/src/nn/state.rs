//! A model's tensors by name, and putting them back.

use std::collections::BTreeMap;
use std::fmt;

use crate::autograd::no_grad;
use crate::shape::Shape;
use crate::tensor::Tensor;

use super::module::{Module, Slot};

/// Parameters and buffers by name.
pub type StateDict = BTreeMap<String, Tensor>;

/// Why a state does not belong to a model: every difference, not just the first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StateError {
    /// Names that the model has and the state lacks.
    pub missing: Vec<String>,
    /// Names that the state has and the model does not know.
    pub unexpected: Vec<String>,
    /// Names whose shapes differ: the model's, then the state's.
    pub shapes: Vec<(String, Shape, Shape)>,
}

impl std::error::Error for StateError {}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the state is of another model:")?;
        list(f, "missing", &self.missing)?;
        list(f, "unknown", &self.unexpected)?;
        let shapes: Vec<String> = self
            .shapes
            .iter()
            .map(|(name, model, state)| format!("{name} ({model:?} in the model, {state:?} in the state)"))
            .collect();
        list(f, "of another shape", &shapes)?;
        write!(f, " (check that depth, width and number of classes are those it was saved with)")
    }
}

/// ` missing: a, b, c and 4 more;`
fn list(f: &mut fmt::Formatter<'_>, title: &str, names: &[String]) -> fmt::Result {
    const SHOWN: usize = 3;
    if names.is_empty() {
        return Ok(());
    }
    write!(f, " {title}: {}", names[..names.len().min(SHOWN)].join(", "))?;
    match names.len().saturating_sub(SHOWN) {
        0 => write!(f, ";"),
        more => write!(f, " and {more} more;"),
    }
}

/// Overwrites the module's tensors, once it is known that all of them fit.
pub(super) fn load<M: Module + ?Sized>(module: &M, state: &StateDict) -> Result<(), StateError> {
    let mut error = StateError::default();
    let mut known = Vec::new();
    module.each(&mut |name, slot| {
        let (Slot::Parameter(tensor) | Slot::Buffer(tensor)) = slot else { return };
        match state.get(name) {
            None => error.missing.push(name.to_string()),
            Some(source) if source.shape() != tensor.shape() => {
                error.shapes.push((name.to_string(), tensor.shape().clone(), source.shape().clone()));
            }
            Some(source) => known.push((name.to_string(), tensor.clone(), source.clone())),
        }
    });
    error.unexpected = state
        .keys()
        .filter(|&key| {
            !known.iter().any(|(name, ..)| name == key) && !error.shapes.iter().any(|(name, ..)| name == key)
        })
        .cloned()
        .collect();
    if error != StateError::default() {
        return Err(error);
    }
    no_grad(|| {
        for (_, tensor, source) in known {
            tensor.copy_(&source.to_dtype(tensor.dtype()));
        }
    });
    Ok(())
}
