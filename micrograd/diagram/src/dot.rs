//! The graph in Graphviz's language: `dot -Tsvg graph.dot` draws it.

use super::{Diagram, Node};
use std::fmt::{self, Write};

impl Diagram {
    /// The picture as Graphviz DOT.
    pub fn dot(&self) -> String {
        let mut dot = String::new();
        // Writing to a string cannot fail.
        let _ = self.write_dot(&mut dot);
        dot
    }

    fn write_dot(&self, dot: &mut String) -> fmt::Result {
        writeln!(dot, "digraph {{\n  rankdir=LR;\n  node [shape=record, fontname=\"sans-serif\"];")?;
        for (i, node) in self.nodes.iter().enumerate() {
            writeln!(dot, "  v{i} [label=\"{}\"];", cells(node))?;
        }
        for arrow in &self.arrows {
            for label in &arrow.labels {
                write!(dot, "  v{} -> v{}", arrow.parent, arrow.child)?;
                match label.is_empty() {
                    true => writeln!(dot, ";")?,
                    false => writeln!(dot, " [label=\"{}\"];", escape(label))?,
                }
            }
        }
        writeln!(dot, "}}")
    }
}

/// The cells of a box: the name, the operation and the rows, where there are any.
fn cells(node: &Node) -> String {
    let rows = node.rows.iter().map(|(key, value)| format!("{key} {value}").trim_start().to_owned());
    let texts = [node.name.clone(), node.op.clone()].into_iter().chain(rows);
    let cells: Vec<String> = texts.filter(|text| !text.is_empty()).map(|text| escape(&text)).collect();
    cells.join(" | ")
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
