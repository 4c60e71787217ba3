//! Which layer an op belongs to: the one whose parameters it reads.

use std::collections::HashMap;
use std::sync::Arc;

use crate::device::Storage;
use crate::observe::Op;
use crate::tensor::Tensor;

use super::cost::multiply_adds;
use super::{Layer, Module, Slot, Summary};

/// Ops whose result depends on more than the parameter that they read: they pick by numbers that have no gradient.
const LOOKUPS: [&str; 3] = ["embedding", "index_select", "gather"];

/// The layers of a model, and what was seen of them.
#[derive(Default)]
pub(super) struct Tally {
    layers: Vec<Layer>,
    /// Layers in the order of their first use.
    used: Vec<usize>,
    /// By the address of its numbers, what belongs to which layer: parameters, their views, and what was computed from
    /// parameters alone, such as a normalised weight. The numbers are kept, so that no other tensor gets their address.
    owners: HashMap<usize, (Arc<Storage>, usize)>,
}

impl Tally {
    pub(super) fn new(model: &(impl Module + ?Sized)) -> Tally {
        let mut tally = Tally::default();
        let mut kinds = HashMap::from([(String::new(), model.kind())]);
        let mut places = HashMap::new();
        model.each(&mut |name, slot| match slot {
            Slot::Part(kind) => drop(kinds.insert(name.to_string(), kind)),
            Slot::Parameter(tensor) if tally.owner(tensor).is_none() => {
                let path = name.rsplit_once('.').map_or("", |(path, _)| path);
                let place = *places.entry(path.to_string()).or_insert_with(|| {
                    tally.layers.push(Layer::new(path, kinds.get(path).copied().unwrap_or_default()));
                    tally.layers.len() - 1
                });
                tally.layers[place].parameters += tensor.numel();
                tally.layers[place].frozen += if tensor.requires_grad() { 0 } else { tensor.numel() };
                tally.own(tensor, place);
            }
            _ => {}
        });
        tally
    }

    /// Notes an op with the layer that it belongs to.
    pub(super) fn count(&mut self, op: &Op<'_>) {
        let cost = multiply_adds(op);
        // The last, because a weight follows what it is multiplied with.
        let Some(place) = op.inputs.iter().rev().find_map(|input| self.owner(input)) else {
            if cost > 0 {
                self.used.push(self.layers.len());
                self.layers.push(Layer::of_op(op, cost));
            }
            return;
        };
        if !self.used.contains(&place) {
            self.used.push(place);
        }
        self.layers[place].output = Some(op.result.shape().clone());
        self.layers[place].multiply_adds += cost;
        if !LOOKUPS.contains(&op.name) && op.inputs.iter().all(|input| self.owner(input).is_some()) {
            self.own(op.result, place);
        }
    }

    pub(super) fn finish(self) -> Summary {
        let unused = (0..self.layers.len()).filter(|place| !self.used.contains(place));
        let order: Vec<usize> = self.used.iter().copied().chain(unused).collect();
        Summary { layers: order.into_iter().map(|place| self.layers[place].clone()).collect() }
    }

    fn owner(&self, tensor: &Tensor) -> Option<usize> {
        self.owners.get(&address(&tensor.storage())).map(|(_, place)| *place)
    }

    fn own(&mut self, tensor: &Tensor, place: usize) {
        let storage = tensor.storage();
        self.owners.insert(address(&storage), (storage, place));
    }
}

fn address(storage: &Arc<Storage>) -> usize {
    Arc::as_ptr(storage) as usize
}

impl Layer {
    fn new(path: &str, kind: &str) -> Layer {
        let (name, kind) = (path.to_string(), short(kind));
        Layer { name, kind, output: None, parameters: 0, frozen: 0, multiply_adds: 0 }
    }

    fn of_op(op: &Op<'_>, cost: u64) -> Layer {
        Layer { output: Some(op.result.shape().clone()), multiply_adds: cost, ..Layer::new("", op.name) }
    }
}

/// The name of a type without the modules that it is in: `Pair<Linear>` for `a::Pair<b::c::Linear>`.
fn short(kind: &str) -> String {
    let mut name = String::new();
    for piece in kind.split_inclusive(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | ':')) {
        name += piece.rsplit("::").next().unwrap_or(piece);
    }
    name
}
