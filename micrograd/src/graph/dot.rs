//! The graph in Graphviz's language: `dot -Tsvg graph.dot` draws it.

use super::{Graph, Node, short};
use std::fmt::{self, Write};

impl Graph {
    /// The graph as Graphviz DOT.
    pub fn dot(&self) -> String {
        let mut dot = String::new();
        // Writing to a string cannot fail.
        let _ = self.write_dot(&mut dot);
        dot
    }

    fn write_dot(&self, dot: &mut String) -> fmt::Result {
        writeln!(dot, "digraph {{\n  rankdir=LR;\n  node [shape=record, fontname=\"sans-serif\"];")?;
        for (i, node) in self.nodes.iter().enumerate() {
            let (data, grad) = (short(node.data), short(node.grad));
            writeln!(dot, "  v{i} [label=\"{}data {data} | grad {grad}\"];", title(node))?;
        }
        for edge in &self.edges {
            for &derivative in &edge.derivatives {
                writeln!(dot, "  v{} -> v{} [label=\"{}\"];", edge.parent, edge.child, short(derivative))?;
            }
        }
        writeln!(dot, "}}")
    }
}

/// The cells before the numbers: the label and the operation, where there are any.
fn title(node: &Node) -> String {
    [node.label.as_str(), node.op]
        .iter()
        .filter(|text| !text.is_empty())
        .fold(String::new(), |cells, text| cells + &escape(text) + " | ")
}

/// Puts a backslash before what means something inside a record label.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '"' | '\\' | '{' | '}' | '|' | '<' | '>' => escaped.extend(['\\', character]),
            character if character.is_control() => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}
