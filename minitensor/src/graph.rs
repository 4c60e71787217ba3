//! Pictures of the graph that led to a tensor.
//!
//! ```
//! use minitensor::Tensor;
//!
//! let w = Tensor::ones([3, 2]).requires_grad_();
//! let b = Tensor::zeros([2]).requires_grad_();
//! let loss = (Tensor::ones([4, 3]).matmul(&w) + &b).square().mean();
//! let graph = loss.graph(&[("w".to_string(), w), ("b".to_string(), b)]);
//! assert!(graph.to_svg().contains(">matmul</text>")); // opens in any browser
//! assert!(graph.to_dot().starts_with("digraph"));      // for Graphviz
//! ```

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use diagram::{Arrow, Diagram, Style};

use crate::autograd::{Destination, Node};
use crate::shape::Shape;
use crate::tensor::Tensor;

/// A picture of the ops that a gradient flows through, with the shapes of their results.
pub struct Graph(Diagram);

impl Graph {
    /// A picture has at most this many ops: the latest.
    pub const MAX_OPS: usize = 300;

    /// The picture as an SVG document.
    pub fn to_svg(&self) -> String {
        self.0.svg()
    }

    /// The picture as Graphviz DOT.
    pub fn to_dot(&self) -> String {
        self.0.dot()
    }
}

impl Tensor {
    /// The graph that this tensor was computed by, where leaves are called by these names: those of
    /// [`Module::named_parameters`](crate::nn::Module::named_parameters), say.
    ///
    /// What needs no gradient is no part of a graph: neither is an input, unless it requires one, nor what was computed
    /// inside of [`no_grad`](crate::no_grad).
    pub fn graph(&self, names: &[(String, Tensor)]) -> Graph {
        let mut drawing = Drawing {
            names: names.iter().map(|(name, tensor)| (tensor.id(), &name[..])).collect(),
            places: HashMap::new(),
            nodes: Vec::new(),
            arrows: Vec::new(),
        };
        let Some(root) = self.node() else {
            drawing.leaf(self);
            return drawing.finish(None);
        };
        let (ops, cut) = latest_ops(root, self.shape());
        for (node, shape) in &ops {
            drawing.op(node, shape);
        }
        let note = format!("the latest {} ops of a longer computation", ops.len());
        drawing.finish(cut.then_some(note))
    }
}

/// The latest ops in the order of their creation, and whether there are more.
fn latest_ops<'a>(root: &'a Arc<Node>, shape: &'a Shape) -> (Vec<(&'a Node, &'a Shape)>, bool) {
    let mut queue = BTreeMap::from([(root.id(), (&**root, shape))]);
    let mut ops = Vec::new();
    while ops.len() < Graph::MAX_OPS
        && let Some((_, (node, shape))) = queue.pop_last()
    {
        ops.push((node, shape));
        for (to, shape) in node.parents() {
            if let Destination::Node(parent) = to {
                queue.insert(parent.id(), (parent, shape));
            }
        }
    }
    ops.reverse();
    (ops, !queue.is_empty())
}

/// A diagram in the making.
struct Drawing<'a> {
    names: HashMap<usize, &'a str>,
    places: HashMap<Key, usize>,
    nodes: Vec<diagram::Node>,
    arrows: Vec<Arrow>,
}

/// What a box shows: a leaf by the identity of its tensor, or an op by its number.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Leaf(usize),
    Op(u64),
}

impl Drawing<'_> {
    /// The place of a leaf's box, drawn when it is first needed.
    fn leaf(&mut self, tensor: &Tensor) -> usize {
        let key = Key::Leaf(tensor.id());
        if let Some(&place) = self.places.get(&key) {
            return place;
        }
        let name = self.names.get(&tensor.id()).copied().unwrap_or("leaf").to_string();
        self.place(key, diagram::Node { name, op: String::new(), rows: rows(tensor.shape()) })
    }

    fn op(&mut self, node: &Node, shape: &Shape) {
        let parents: Vec<usize> = node
            .parents()
            .filter_map(|(to, _)| match to {
                Destination::Leaf(tensor) => Some(self.leaf(tensor)),
                Destination::Node(parent) => self.places.get(&Key::Op(parent.id())).copied(),
            })
            .collect();
        let op = node.name().to_string();
        let child =
            self.place(Key::Op(node.id()), diagram::Node { name: String::new(), op, rows: rows(shape) });
        let first = self.arrows.len();
        for parent in parents {
            match self.arrows[first..].iter_mut().find(|arrow| arrow.parent == parent) {
                Some(arrow) => arrow.labels.push(String::new()),
                None => self.arrows.push(Arrow { parent, child, labels: vec![String::new()] }),
            }
        }
    }

    fn place(&mut self, key: Key, node: diagram::Node) -> usize {
        self.places.insert(key, self.nodes.len());
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn finish(self, note: Option<String>) -> Graph {
        let ops = self.nodes.iter().filter(|node| !node.op.is_empty()).count();
        let (title, style) = (format!("Computation graph of {ops} ops"), style(&self.nodes));
        Graph(Diagram { title, nodes: self.nodes, arrows: self.arrows, note, style })
    }
}

fn rows(shape: &Shape) -> Vec<(&'static str, String)> {
    let sizes: Vec<String> = shape.iter().map(usize::to_string).collect();
    vec![("", if sizes.is_empty() { "one number".to_string() } else { sizes.join(" × ") })]
}

/// Boxes as wide as the longest text needs.
fn style(nodes: &[diagram::Node]) -> Style {
    const LETTERS: usize = 26;
    let letters = |text: &str| text.chars().count().min(LETTERS) as f64;
    let text = |node: &diagram::Node| {
        let title = letters(&node.name).max(letters(&node.op)) * 8.0;
        node.rows.iter().map(|(_, row)| letters(row) * 6.6).fold(title, f64::max)
    };
    let width = (nodes.iter().map(text).fold(56.0, f64::max) + 24.0).round();
    Style { size: (width, 44.0), step: (width + 44.0, 62.0), letters: LETTERS, badges: false }
}
