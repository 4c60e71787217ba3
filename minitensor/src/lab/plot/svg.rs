use std::fmt::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::palette::{INK, PAPER, Rgb, hex};

/// The fonts of every picture: what the reader's system has.
pub(super) const FONT: &str = "Helvetica, Arial, sans-serif";
/// White space around a picture, and between its panels.
const PADDING: f64 = 16.0;
const GAP: f64 = 26.0;

/// A part of a picture that knows its size and draws itself somewhere on the page. Lengths are CSS pixels.
pub(super) trait Draw {
    fn size(&self) -> (f64, f64);
    fn draw(&self, svg: &mut Svg, x: f64, y: f64);
    /// What a screen reader says.
    fn title(&self) -> &str;
}

/// Writes panels in rows of so many columns on one white card, which is legible on a light and on a dark page.
pub(super) fn page(f: &mut fmt::Formatter, columns: usize, panels: &[&dyn Draw]) -> fmt::Result {
    let rows: Vec<&[&dyn Draw]> = panels.chunks(columns.max(1)).collect();
    let width = |c: usize| rows.iter().filter_map(|row| row.get(c)).map(|p| p.size().0).fold(0.0, f64::max);
    let widths: Vec<f64> = (0..columns.max(1).min(panels.len())).map(width).collect();
    let mut svg = Svg::default();
    let mut y = PADDING;
    for row in &rows {
        let mut x = PADDING;
        for (panel, width) in row.iter().zip(&widths) {
            panel.draw(&mut svg, x, y);
            x += width + GAP;
        }
        y += row.iter().map(|p| p.size().1).fold(0.0, f64::max) + GAP;
    }
    let total = widths.iter().sum::<f64>() + GAP * widths.len().saturating_sub(1) as f64 + 2.0 * PADDING;
    let (w, h) = (px(total), px(y - GAP + PADDING));
    let title = panels.iter().map(|p| p.title()).filter(|t| !t.is_empty()).collect::<Vec<_>>().join("; ");
    writeln!(
        f,
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" font-family="{FONT}" role="img">
<title>{}</title>
<rect width="{w}" height="{h}" rx="8" fill="{}"/>
{}</svg>"#,
        escape(&title),
        hex(PAPER),
        svg.body
    )
}

/// The elements of a picture.
#[derive(Default)]
pub(super) struct Svg {
    body: String,
}

/// How a text looks and which of its points lies at (x, y).
#[derive(Clone, Copy)]
pub(super) struct TextStyle {
    pub(super) size: f64,
    pub(super) color: Rgb,
    pub(super) bold: bool,
    /// "start", "middle" or "end".
    pub(super) anchor: &'static str,
    /// Degrees clockwise around (x, y).
    pub(super) turn: f64,
}

/// Small text in ink that begins at (x, y).
pub(super) const TEXT: TextStyle =
    TextStyle { size: 11.0, color: INK, bold: false, anchor: "start", turn: 0.0 };

impl Svg {
    /// A line of text whose baseline runs through (x, y).
    pub(super) fn text(&mut self, x: f64, y: f64, style: TextStyle, text: &str) {
        let weight = if style.bold { r#" font-weight="600""# } else { "" };
        let anchor = if style.anchor == "start" {
            String::new()
        } else {
            format!(r#" text-anchor="{}""#, style.anchor)
        };
        let (px_x, px_y) = (px(x), px(y));
        let turn = if style.turn == 0.0 {
            String::new()
        } else {
            format!(r#" transform="rotate({} {px_x} {px_y})""#, px(style.turn))
        };
        let (size, color) = (px(style.size), hex(style.color));
        self.push(format_args!(
            r#"<text x="{px_x}" y="{px_y}" font-size="{size}" fill="{color}"{weight}{anchor}{turn}>{}</text>"#,
            escape(text)
        ));
    }

    /// A filled rectangle.
    pub(super) fn rect(&mut self, x: f64, y: f64, w: f64, h: f64, fill: Rgb) {
        let (x, y, w, h) = (px(x), px(y), px(w), px(h));
        self.push(format_args!(r#"<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="{}"/>"#, hex(fill)));
    }

    /// The outline of a rectangle; the stroke lies outside of it.
    pub(super) fn frame(&mut self, x: f64, y: f64, w: f64, h: f64, stroke: f64, color: Rgb) {
        let half = stroke / 2.0;
        let (x, y, w, h) = (px(x - half), px(y - half), px(w + stroke), px(h + stroke));
        self.push(format_args!(
            r#"<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="1.5" fill="none" stroke="{}" stroke-width="{stroke}"/>"#,
            hex(color)
        ));
    }

    /// A straight line.
    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), width: f64, color: Rgb, dashed: bool) {
        let dash = if dashed { r#" stroke-dasharray="5 3""# } else { "" };
        let (x1, y1, x2, y2) = (px(from.0), px(from.1), px(to.0), px(to.1));
        self.push(format_args!(
            r#"<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{}" stroke-width="{width}"{dash}/>"#,
            hex(color)
        ));
    }

    /// A disc.
    pub(super) fn disc(&mut self, x: f64, y: f64, radius: f64, color: Rgb) {
        self.push(format_args!(
            r#"<circle cx="{}" cy="{}" r="{radius}" fill="{}"/>"#,
            px(x),
            px(y),
            hex(color)
        ));
    }

    /// A picture of pixels, stretched over the rectangle: with sharp pixels, or smoothed.
    pub(super) fn image(&mut self, (x, y, w, h): (f64, f64, f64, f64), png: &[u8], sharp: bool) {
        let (x, y, w, h) = (px(x), px(y), px(w), px(h));
        let rendering = if sharp { r#" style="image-rendering:pixelated""# } else { "" };
        self.push(format_args!(
            r#"<image x="{x}" y="{y}" width="{w}" height="{h}" preserveAspectRatio="none"{rendering} href="data:image/png;base64,{}"/>"#,
            STANDARD.encode(png)
        ));
    }

    /// Anything else, already SVG.
    pub(super) fn push(&mut self, element: impl fmt::Display) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.body, "{element}");
    }
}

/// A length with two decimals at most.
pub(super) fn px(x: f64) -> f64 {
    let rounded = (x * 100.0).round() / 100.0;
    if rounded.is_finite() { rounded + 0.0 } else { 0.0 }
}

/// How wide a text may get, in units of its font size. Errs on the wide side, since the reader's font is unknown.
pub(super) fn text_width(text: &str, size: f64) -> f64 {
    let units = |c: char| match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '|' | '\'' | '!' | ' ' | 'I' => 0.33,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' | '/' => 0.42,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.95,
        'A'..='Z' | '+' | '=' | '<' | '>' => 0.72,
        c if c.is_ascii() => 0.62,
        _ => 0.8,
    };
    text.chars().map(units).sum::<f64>() * size
}

/// The same for a title, which is larger, and bold.
pub(super) fn title_width(title: &str) -> f64 {
    1.1 * text_width(title, 14.0)
}

/// Text that cannot be mistaken for markup, without the control characters that XML forbids.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
