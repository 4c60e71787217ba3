//! Pictures of a computation: every value with its operation, its number and its gradient.
//!
//! ```
//! use micrograd::{Graph, Value};
//!
//! let a = Value::new(2.0).with_label("a");
//! let b = Value::new(-3.0).with_label("b");
//! let loss = (&a * &b + 1.0).powi(2).with_label("loss");
//! loss.backward();
//! let graph = Graph::of(&loss);
//! assert!(graph.svg().starts_with("<svg"));       // opens in any browser
//! assert!(graph.dot().starts_with("digraph"));    // for Graphviz
//! ```

use crate::Value;
use diagram::{Arrow, Diagram, Node, Style};
use num_traits::Float;
use std::collections::{BTreeMap, HashMap};

/// A picture of the computation that led to one value, frozen at the moment it is made: values as boxes, and on each
/// arrow the local derivative by which a gradient is multiplied when it flows back along it.
pub struct Graph(Diagram);

impl Graph {
    /// A picture has at most this many values: the latest.
    pub const MAX_VALUES: usize = 1000;

    /// The graph of everything `result` was computed from.
    pub fn of<T: Float>(result: &Value<T>) -> Self {
        let mut queue = BTreeMap::from([(result.id(), result)]);
        let mut values = Vec::new();
        while values.len() < Self::MAX_VALUES
            && let Some((id, value)) = queue.pop_last()
        {
            values.push(value);
            queue.extend(value.parents().map(|(parent, _)| (parent.id(), parent)));
            debug_assert!(!queue.contains_key(&id), "parents are older than their children");
        }
        values.reverse(); // the order of creation, so that parents stand before their children
        let index: HashMap<u64, usize> =
            values.iter().enumerate().map(|(i, value)| (value.id(), i)).collect();
        let arrows =
            values.iter().enumerate().flat_map(|(child, value)| arrows_into(child, value, &index)).collect();
        let note = format!("the latest {} values of a longer computation", values.len());
        Self(Diagram {
            title: format!("Computation graph of {} values", values.len()),
            nodes: values.into_iter().map(box_of).collect(),
            arrows,
            note: (!queue.is_empty()).then_some(note),
            style: Style::NUMBERS,
        })
    }

    /// The graph as an SVG document.
    pub fn svg(&self) -> String {
        self.0.svg()
    }

    /// The graph as Graphviz DOT: `dot -Tsvg graph.dot` draws it.
    pub fn dot(&self) -> String {
        self.0.dot()
    }
}

fn box_of<T: Float>(value: &Value<T>) -> Node {
    let number = |x| short(as_f64(x));
    let rows = vec![("data", number(value.data())), ("grad", number(value.grad()))];
    Node { name: value.label(), op: value.op().to_owned(), rows }
}

fn arrows_into<T: Float>(child: usize, value: &Value<T>, index: &HashMap<u64, usize>) -> Vec<Arrow> {
    let mut arrows: Vec<Arrow> = Vec::new();
    for (parent, derivative) in value.parents() {
        let Some(&parent) = index.get(&parent.id()) else { continue };
        let label = short(as_f64(derivative));
        match arrows.iter_mut().find(|arrow| arrow.parent == parent) {
            Some(arrow) => arrow.labels.push(label),
            None => arrows.push(Arrow { parent, child, labels: vec![label] }),
        }
    }
    arrows
}

fn as_f64<T: Float>(x: T) -> f64 {
    x.to_f64().unwrap_or(f64::NAN)
}

/// A number as one would write it down: about four digits, no trailing zeros, tiny and huge ones as powers of ten.
fn short(x: f64) -> String {
    if !x.is_finite() || x == 0.0 {
        return format!("{}", x + 0.0); // -0 becomes 0
    }
    if !(1e-3..1e5).contains(&x.abs()) {
        return format!("{x:.1e}");
    }
    let decimals = (3 - x.abs().log10().floor() as i32).max(0) as usize;
    let text = format!("{x:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (x, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-2.5, "-2.5"),
            (0.924_141_8, "0.9241"),
            (0.065_0, "0.065"),
            (123.456, "123.5"),
            (40_000.0, "40000"),
            (1e6, "1.0e6"),
            (0.000_123, "1.2e-4"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(short(x), text);
        }
    }
}
