//! The picture as an SVG document of our own, which needs no Graphviz.

use super::layout::{Layout, layout};
use super::{Arrow, Diagram, Node, Style};
use std::fmt::{self, Write};

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

impl Diagram {
    /// The picture as an SVG document.
    pub fn svg(&self) -> String {
        let mut svg = String::new();
        // Writing to a string cannot fail.
        let _ = self.write_svg(&mut svg);
        svg
    }

    fn write_svg(&self, svg: &mut String) -> fmt::Result {
        let (layout, style) = (layout(self), &self.style);
        let ((box_width, box_height), step) = (style.size, style.step);
        let corner = |&(layer, y): &(usize, f64)| {
            (
                MARGIN + layer as f64 * step.0,
                MARGIN + y * step.1 - box_height / 2.0 - (step.1 - box_height) / 2.0,
            )
        };
        let corners: Vec<(f64, f64)> = layout.nodes.iter().map(corner).collect();
        let width = corners.iter().map(|c| c.0).fold(0.0, f64::max) + box_width + MARGIN;
        let height = corners.iter().map(|c| c.1).fold(0.0, f64::max) + box_height + MARGIN;
        let caption = if self.note.is_some() { 24.0 } else { 0.0 };
        let (w, h) = (width.ceil(), (height + caption).ceil());
        self.write_start(svg, w, h)?;
        for (arrow, path) in self.arrows.iter().zip(&layout.arrows) {
            let path: Vec<(f64, f64)> = path.iter().map(corner).collect();
            let badge = if style.badges { badge_width(&self.nodes[arrow.child]) - BADGE_INSIDE } else { 0.0 };
            write_curve(svg, style, &path, badge)?;
        }
        for (i, (node, &at)) in self.nodes.iter().zip(&corners).enumerate() {
            write_node(svg, style, node, at, i + 1 == self.nodes.len())?;
        }
        self.write_all_labels(svg, &layout, &corners)?;
        if let Some(note) = &self.note {
            let (y, note) = (height + 8.0, escape(note));
            writeln!(svg, r#"<text x="{MARGIN}" y="{y:.1}" class="key">{note}</text>"#)?;
        }
        writeln!(svg, "</svg>")
    }

    fn write_start(&self, svg: &mut String, w: f64, h: f64) -> fmt::Result {
        writeln!(
            svg,
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img">"#
        )?;
        writeln!(svg, "<title>{}</title>\n{HEAD}", escape(&self.title))?;
        writeln!(svg, r##"<rect width="{w}" height="{h}" rx="8" fill="#fff"/>"##)
    }

    fn write_all_labels(&self, svg: &mut String, layout: &Layout, corners: &[(f64, f64)]) -> fmt::Result {
        if self.style.badges {
            return (sides(&self.arrows, layout).into_iter())
                .try_for_each(|side| write_labels(svg, &self.style, side, corners));
        }
        for arrow in self.arrows.iter().filter(|arrow| arrow.labels.len() > 1) {
            let ((x, y), times) = (corners[arrow.child], arrow.labels.len());
            let (x, y) = (x - 18.0, y + self.style.size.1 / 2.0 - 7.0);
            writeln!(svg, r#"<text x="{x:.1}" y="{y:.1}" class="slope">{times}×</text>"#)?;
        }
        Ok(())
    }
}

/// A box with its name and its rows.
fn write_node(svg: &mut String, style: &Style, node: &Node, (x, y): (f64, f64), last: bool) -> fmt::Result {
    let ((width, height), leaf) = (style.size, node.op.is_empty());
    let class = match (leaf, last) {
        (true, _) => "leaf",
        (false, true) => "last",
        (false, false) => "result",
    };
    writeln!(
        svg,
        r#"<rect x="{x:.1}" y="{y:.1}" width="{width}" height="{height}" rx="7" class="{class}"/>"#
    )?;
    let badge = style.badges && !leaf;
    if badge {
        write_badge(svg, node, x, y + height / 2.0)?;
    }
    let inner = x + if badge { BADGE_INSIDE + 6.0 } else { 12.0 };
    let title = if node.name.is_empty() && !badge { &node.op } else { &node.name };
    let mut baseline = y + if title.is_empty() { 25.0 } else { 17.0 };
    if !title.is_empty() {
        let title = escape(&clip(title, style.letters));
        writeln!(svg, r#"<text x="{inner:.1}" y="{baseline:.1}" class="name">{title}</text>"#)?;
        baseline += 17.0;
    }
    for (key, text) in &node.rows {
        if key.is_empty() {
            writeln!(svg, r#"<text x="{inner:.1}" y="{baseline:.1}" class="key">{}</text>"#, escape(text))?;
        } else {
            let (value, text) = (inner + 30.0, escape(text));
            writeln!(svg, r#"<text x="{inner:.1}" y="{baseline:.1}" class="key">{key}</text>"#)?;
            writeln!(svg, r#"<text x="{value:.1}" y="{baseline:.1}" class="{key}">{text}</text>"#)?;
        }
        baseline += 16.0;
    }
    Ok(())
}

/// The operation, half outside of its box.
fn write_badge(svg: &mut String, node: &Node, x: f64, middle: f64) -> fmt::Result {
    let width = badge_width(node);
    let left = x + BADGE_INSIDE - width;
    writeln!(
        svg,
        r##"<rect x="{left:.1}" y="{:.1}" width="{width:.1}" height="20" rx="10" fill="#46566b"/>"##,
        middle - 10.0
    )?;
    let (centre, baseline) = (left + width / 2.0, middle + 4.2);
    writeln!(svg, r#"<text x="{centre:.1}" y="{baseline:.1}" class="op">{}</text>"#, escape(pretty(&node.op)))
}

/// A curve from box to box, level where it passes a layer; it ends at the badge, `badge` before the last box.
fn write_curve(svg: &mut String, style: &Style, corners: &[(f64, f64)], badge: f64) -> fmt::Result {
    let middle = |corner: &(f64, f64)| corner.1 + style.size.1 / 2.0;
    write!(
        svg,
        r#"<path class="edge" marker-end="url(#arrow)" d="M{:.1} {:.1}"#,
        corners[0].0 + style.size.0,
        middle(&corners[0])
    )?;
    for (i, step) in corners.windows(2).enumerate() {
        let last = i + 2 == corners.len();
        let (from, to) = ((step[0].0 + style.size.0, middle(&step[0])), (step[1].0, middle(&step[1])));
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
            write!(svg, " H{:.1}", to.0 + style.size.0)?;
        }
    }
    writeln!(svg, "\"/>")
}

/// The arrows whose labels are written, and whether below the badge: both of an operation with two parents, the lower one
/// below; only the uppermost of a longer sum, whose labels are all alike.
fn sides<'a>(arrows: &'a [Arrow], layout: &Layout) -> Vec<(&'a Arrow, bool)> {
    let coming_from = |i: usize| layout.arrows[i][layout.arrows[i].len() - 2].1;
    let mut sides = Vec::new();
    let mut order: Vec<usize> = (0..arrows.len()).collect();
    order.sort_by(|&a, &b| {
        (arrows[a].child.cmp(&arrows[b].child)).then(coming_from(a).total_cmp(&coming_from(b)))
    });
    for siblings in order.chunk_by(|&a, &b| arrows[a].child == arrows[b].child) {
        sides.push((&arrows[siblings[0]], false));
        if let [_, lower] = siblings {
            sides.push((&arrows[*lower], true));
        }
    }
    sides
}

/// The labels of an arrow, beside the badge where it arrives.
fn write_labels(
    svg: &mut String,
    style: &Style,
    (arrow, below): (&Arrow, bool),
    corners: &[(f64, f64)],
) -> fmt::Result {
    let (x, y) = corners[arrow.child];
    let (x, y) = (x - 34.0, y + style.size.1 / 2.0 + if below { 24.0 } else { -16.0 });
    writeln!(svg, r#"<text x="{x:.1}" y="{y:.1}" class="slope">{}</text>"#, escape(&arrow.labels.join(", ")))
}

fn badge_width(node: &Node) -> f64 {
    (pretty(&node.op).chars().count() as f64 * 7.2 + 12.0).max(22.0)
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
fn clip(name: &str, letters: usize) -> String {
    if name.chars().count() <= letters {
        name.to_owned()
    } else {
        name.chars().take(letters - 1).chain(['…']).collect()
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
