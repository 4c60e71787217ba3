//! The graph as an SVG picture of our own, which needs no Graphviz: values as boxes from left to right, and on each
//! arrow the local derivative by which a gradient is multiplied when it flows back along it.

use super::layout::{Layout, layout};
use super::{Edge, Graph, Node, short};
use std::fmt::{self, Write};

const BOX: (f64, f64) = (112.0, 58.0);
/// The distance from one box to the next, in each direction.
const STEP: (f64, f64) = (200.0, 76.0);
/// How far the badge with the operation reaches into its box.
const BADGE_INSIDE: f64 = 13.0;
const MARGIN: f64 = 18.0;
const HEAD: &str = r##"<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
<path d="M0 0.8 7.5 4 0 7.2z" fill="#8a94a3"/></marker></defs>
<style>
text { font-family: system-ui, "Helvetica Neue", Arial, sans-serif; font-size: 12px; fill: #1f2933; }
.name { font-weight: 600; font-size: 13px; } .key { fill: #6b7785; } .grad { fill: #b4440c; }
.op { font-size: 12px; font-weight: 600; fill: #fff; text-anchor: middle; }
.slope { font-size: 11px; fill: #6b7785; text-anchor: middle; stroke: #fff; stroke-width: 4px; paint-order: stroke; }
.edge { fill: none; stroke: #8a94a3; stroke-width: 1.3px; }
.leaf { fill: #e8f0fb; stroke: #7fa3d1; } .result { fill: #fff; stroke: #aab4c0; } .last { fill: #fdf1e3; stroke: #d9964a; }
</style>"##;

impl Graph {
    /// The graph as an SVG document.
    pub fn svg(&self) -> String {
        let mut svg = String::new();
        // Writing to a string cannot fail.
        let _ = self.write_svg(&mut svg);
        svg
    }

    fn write_svg(&self, svg: &mut String) -> fmt::Result {
        let layout = layout(self);
        let corner = |&(layer, y): &(usize, f64)| {
            (MARGIN + layer as f64 * STEP.0, MARGIN + y * STEP.1 - BOX.1 / 2.0 - (STEP.1 - BOX.1) / 2.0)
        };
        let corners: Vec<(f64, f64)> = layout.nodes.iter().map(corner).collect();
        let width = corners.iter().map(|c| c.0).fold(0.0, f64::max) + BOX.0 + MARGIN;
        let height = corners.iter().map(|c| c.1).fold(0.0, f64::max) + BOX.1 + MARGIN;
        let caption = if self.truncated { 24.0 } else { 0.0 };
        let (w, h) = (width.ceil(), (height + caption).ceil());
        writeln!(
            svg,
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img">"#
        )?;
        writeln!(svg, "<title>Computation graph of {} values</title>\n{HEAD}", self.nodes.len())?;
        writeln!(svg, r##"<rect width="{w}" height="{h}" rx="8" fill="#fff"/>"##)?;
        for (edge, path) in self.edges.iter().zip(&layout.edges) {
            let path: Vec<(f64, f64)> = path.iter().map(corner).collect();
            write_curve(svg, &path, badge_width(&self.nodes[edge.child]) - BADGE_INSIDE)?;
        }
        for (i, (node, &at)) in self.nodes.iter().zip(&corners).enumerate() {
            write_node(svg, node, at, i + 1 == self.nodes.len())?;
        }
        for side in sides(&self.edges, &layout) {
            write_derivatives(svg, side, &corners)?;
        }
        if self.truncated {
            let (y, count) = (height + 8.0, self.nodes.len());
            writeln!(
                svg,
                r#"<text x="{MARGIN}" y="{y:.1}" class="key">the latest {count} values of a longer computation</text>"#
            )?;
        }
        writeln!(svg, "</svg>")
    }
}

/// A box with the name and the two numbers; the operation sits as a badge where the arrows come in.
fn write_node(svg: &mut String, node: &Node, (x, y): (f64, f64), last: bool) -> fmt::Result {
    let class = if last && !node.op.is_empty() {
        "last"
    } else if node.op.is_empty() {
        "leaf"
    } else {
        "result"
    };
    writeln!(
        svg,
        r#"<rect x="{x:.1}" y="{y:.1}" width="{}" height="{}" rx="7" class="{class}"/>"#,
        BOX.0, BOX.1
    )?;
    if !node.op.is_empty() {
        let (width, middle) = (badge_width(node), y + BOX.1 / 2.0);
        let left = x + BADGE_INSIDE - width;
        writeln!(
            svg,
            r##"<rect x="{left:.1}" y="{:.1}" width="{width:.1}" height="20" rx="10" fill="#46566b"/>"##,
            middle - 10.0
        )?;
        let (centre, baseline) = (left + width / 2.0, middle + 4.2);
        writeln!(
            svg,
            r#"<text x="{centre:.1}" y="{baseline:.1}" class="op">{}</text>"#,
            escape(pretty(node.op))
        )?;
    }
    let inner = x + if node.op.is_empty() { 12.0 } else { BADGE_INSIDE + 6.0 };
    let mut baseline = y + if node.label.is_empty() { 25.0 } else { 17.0 };
    if !node.label.is_empty() {
        writeln!(
            svg,
            r#"<text x="{inner:.1}" y="{baseline:.1}" class="name">{}</text>"#,
            escape(&clip(&node.label))
        )?;
        baseline += 17.0;
    }
    for (key, number) in [("data", node.data), ("grad", node.grad)] {
        let (value, number) = (inner + 30.0, short(number));
        writeln!(svg, r#"<text x="{inner:.1}" y="{baseline:.1}" class="key">{key}</text>"#)?;
        writeln!(svg, r#"<text x="{value:.1}" y="{baseline:.1}" class="{key}">{number}</text>"#)?;
        baseline += 16.0;
    }
    Ok(())
}

/// A curve from box to box, level where it passes a layer; it ends at the badge, `badge` before the last box.
fn write_curve(svg: &mut String, corners: &[(f64, f64)], badge: f64) -> fmt::Result {
    let middle = |corner: &(f64, f64)| corner.1 + BOX.1 / 2.0;
    write!(
        svg,
        r#"<path class="edge" marker-end="url(#arrow)" d="M{:.1} {:.1}"#,
        corners[0].0 + BOX.0,
        middle(&corners[0])
    )?;
    for (i, step) in corners.windows(2).enumerate() {
        let last = i + 2 == corners.len();
        let (from, to) = ((step[0].0 + BOX.0, middle(&step[0])), (step[1].0, middle(&step[1])));
        let (end, bend) = (if last { to.0 - badge - 1.0 } else { to.0 }, (to.0 - from.0) / 2.0);
        write!(
            svg,
            " C{:.1} {:.1} {:.1} {:.1} {end:.1} {:.1}",
            from.0 + bend,
            from.1,
            end - bend,
            to.1,
            to.1
        )?;
        if !last {
            write!(svg, " H{:.1}", to.0 + BOX.0)?;
        }
    }
    writeln!(svg, "\"/>")
}

/// The edges whose derivatives are written, and whether below the badge: both of an operation with two parents, the
/// lower one below; only the uppermost of a longer sum, whose derivatives are all 1.
fn sides<'a>(edges: &'a [Edge], layout: &Layout) -> Vec<(&'a Edge, bool)> {
    let coming_from = |i: usize| layout.edges[i][layout.edges[i].len() - 2].1;
    let mut sides = Vec::new();
    let mut order: Vec<usize> = (0..edges.len()).collect();
    order.sort_by(|&a, &b| {
        (edges[a].child.cmp(&edges[b].child)).then(coming_from(a).total_cmp(&coming_from(b)))
    });
    for siblings in order.chunk_by(|&a, &b| edges[a].child == edges[b].child) {
        sides.push((&edges[siblings[0]], false));
        if let [_, lower] = siblings {
            sides.push((&edges[*lower], true));
        }
    }
    sides
}

/// The local derivatives of an edge, beside the badge where it arrives.
fn write_derivatives(svg: &mut String, (edge, below): (&Edge, bool), corners: &[(f64, f64)]) -> fmt::Result {
    let derivatives: Vec<String> = edge.derivatives.iter().map(|&derivative| short(derivative)).collect();
    let (x, y) = corners[edge.child];
    let (x, y) = (x - 34.0, y + BOX.1 / 2.0 + if below { 24.0 } else { -16.0 });
    writeln!(svg, r#"<text x="{x:.1}" y="{y:.1}" class="slope">{}</text>"#, derivatives.join(", "))
}

fn badge_width(node: &Node) -> f64 {
    (pretty(node.op).chars().count() as f64 * 7.2 + 12.0).max(22.0)
}

/// The operation as mathematics writes it.
fn pretty(op: &str) -> &str {
    match op {
        "*" => "×",
        "sum" => "Σ",
        "-" | "neg" => "−",
        "/" => "÷",
        "^2" => "x²",
        "^3" => "x³",
        "^n" => "xⁿ",
        "^p" => "xᵖ",
        other => other,
    }
}

/// As much of a name as fits into a box.
fn clip(label: &str) -> String {
    if label.chars().count() <= 12 {
        label.to_owned()
    } else {
        label.chars().take(11).chain(['…']).collect()
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            character if character.is_control() => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}
