//! Boxes and arrows: a graph, laid out from left to right and drawn, without Graphviz.
//!
//! ```
//! use diagram::{Arrow, Diagram, Node, Style};
//!
//! let leaf = Node { name: "a".into(), ..Node::default() };
//! let result = Node { op: "exp".into(), ..Node::default() };
//! let diagram = Diagram {
//!     title: "eᵃ".into(),
//!     nodes: vec![leaf, result],
//!     arrows: vec![Arrow { parent: 0, child: 1, labels: vec!["2.718".into()] }],
//!     note: None,
//!     style: Style::NUMBERS,
//! };
//! assert!(diagram.svg().starts_with("<svg"));    // opens in any browser
//! assert!(diagram.dot().starts_with("digraph")); // for Graphviz
//! ```

mod dot;
mod layout;
mod svg;

/// A picture of a computation.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagram {
    /// What a screen reader says.
    pub title: String,
    /// Parents stand before their children.
    pub nodes: Vec<Node>,
    /// Sorted by child; at most one from each parent to each child.
    pub arrows: Vec<Arrow>,
    /// A line below the picture, where something must be said.
    pub note: Option<String>,
    /// How it looks.
    pub style: Style,
}

/// What was computed, or given.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Node {
    /// What people call it.
    pub name: String,
    /// What computed it; nothing did that for a leaf.
    pub op: String,
    /// Lines of key and value; a key may be empty.
    pub rows: Vec<(&'static str, String)>,
}

/// From a parent to what was computed from it, by index into the nodes.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrow {
    /// Where it starts.
    pub parent: usize,
    /// Where it ends.
    pub child: usize,
    /// A label for each use of the parent, which may be empty: two where it is used twice, as in `a + a`.
    pub labels: Vec<String>,
}

/// How a picture looks; lengths are in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Width and height of a box.
    pub size: (f64, f64),
    /// The distance from one box to the next, in each direction.
    pub step: (f64, f64),
    /// As many letters of a name fit into a box.
    pub letters: usize,
    /// Whether the op is a badge where the arrows come in, with the arrows' labels beside it; else it is the title of a
    /// box that has no name, and of the labels only their number is shown.
    pub badges: bool,
}

impl Style {
    /// For boxes with a name and two numbers.
    pub const NUMBERS: Style = Style { size: (112.0, 58.0), step: (200.0, 76.0), letters: 12, badges: true };
}

impl Diagram {
    /// Whether nothing computed what this box shows.
    fn is_leaf(&self, index: usize) -> bool {
        self.nodes[index].op.is_empty()
    }
}
