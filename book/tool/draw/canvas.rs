//! A small canvas for diagrams: boxes, arrows, curves and words, in the colours of the page.

use std::fmt::Write;

/// A colour by its meaning; the theme says what it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colour {
    /// What the text is written in.
    Ink,
    /// Axes, grids, remarks.
    Soft,
    /// The background.
    Paper,
    /// What flows forward: values.
    Blue,
    /// What flows backward: gradients.
    Orange,
    /// What is right, or held up as good.
    Green,
}

impl Colour {
    /// The theme's variable, and the colour where there is no theme (the file opened alone).
    fn css(self) -> &'static str {
        match self {
            Colour::Ink => "var(--fg,#222)",
            Colour::Soft => "var(--soft,#8a8a8a)",
            Colour::Paper => "var(--bg,#fff)",
            Colour::Blue => "var(--blue,#2b6a99)",
            Colour::Orange => "var(--orange,#bf5a1f)",
            Colour::Green => "var(--green,#3b7d4f)",
        }
    }
}

/// Where a text hangs on its point.
#[derive(Debug, Clone, Copy)]
pub(super) enum Anchor {
    /// The text begins at the point.
    Start,
    /// The text is centred on the point.
    Middle,
    /// The text ends at the point.
    End,
}

/// A drawing of a given size in pixels; y grows downwards.
#[derive(Debug)]
pub(super) struct Canvas {
    size: (f64, f64),
    body: String,
}

impl Canvas {
    /// An empty canvas.
    pub(super) fn new(width: f64, height: f64) -> Canvas {
        Canvas { size: (width, height), body: String::new() }
    }

    /// A straight line.
    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: Colour, width: f64) {
        self.path(&[from, to], colour, width);
    }

    /// A line of dashes.
    pub(super) fn dashed(&mut self, from: (f64, f64), to: (f64, f64), colour: Colour) {
        self.element(&format!(
            "<path d=\"{}\" style=\"fill:none;stroke:{};stroke-width:1.3;stroke-dasharray:5 4\"/>",
            points(&[from, to]),
            colour.css()
        ));
    }

    /// A curve through many points.
    pub(super) fn path(&mut self, through: &[(f64, f64)], colour: Colour, width: f64) {
        self.element(&format!(
            "<path d=\"{}\" style=\"fill:none;stroke:{};stroke-width:{width};stroke-linejoin:round;stroke-linecap:round\"/>",
            points(through),
            colour.css()
        ));
    }

    /// A line with a head at its end.
    pub(super) fn arrow(&mut self, from: (f64, f64), to: (f64, f64), colour: Colour) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy).max(1e-9);
        let (ux, uy) = (dx / length, dy / length);
        let back = (to.0 - 9.0 * ux, to.1 - 9.0 * uy);
        self.line(from, (to.0 - 5.0 * ux, to.1 - 5.0 * uy), colour, 1.6);
        let (left, right) = ((back.0 - 4.0 * uy, back.1 + 4.0 * ux), (back.0 + 4.0 * uy, back.1 - 4.0 * ux));
        self.element(&format!(
            "<path d=\"{}Z\" style=\"fill:{}\"/>",
            points(&[to, left, right]),
            colour.css()
        ));
    }

    /// A rounded box with a thin edge.
    pub(super) fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, edge: Colour) {
        self.element(&format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\" style=\"fill:{};stroke:{};stroke-width:1.4\"/>",
            short(x),
            short(y),
            short(width),
            short(height),
            Colour::Paper.css(),
            edge.css()
        ));
    }

    /// A box of plain colour, as strong as `opacity` says.
    pub(super) fn fill(&mut self, x: f64, y: f64, width: f64, height: f64, colour: Colour, opacity: f64) {
        self.element(&format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" style=\"fill:{};fill-opacity:{opacity}\"/>",
            short(x),
            short(y),
            short(width),
            short(height),
            colour.css()
        ));
    }

    /// A circle with an edge, filled with the paper.
    pub(super) fn circle(&mut self, centre: (f64, f64), radius: f64, edge: Colour) {
        self.element(&format!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" style=\"fill:{};stroke:{};stroke-width:1.4\"/>",
            short(centre.0),
            short(centre.1),
            short(radius),
            Colour::Paper.css(),
            edge.css()
        ));
    }

    /// A filled dot.
    pub(super) fn dot(&mut self, centre: (f64, f64), radius: f64, colour: Colour) {
        self.element(&format!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" style=\"fill:{}\"/>",
            short(centre.0),
            short(centre.1),
            short(radius),
            colour.css()
        ));
    }

    /// Words in the size of the page's small print.
    pub(super) fn text(&mut self, at: (f64, f64), words: &str, colour: Colour, anchor: Anchor) {
        self.sized_text(at, words, colour, anchor, 14.0);
    }

    /// Words in a size in pixels.
    pub(super) fn sized_text(
        &mut self,
        at: (f64, f64),
        words: &str,
        colour: Colour,
        anchor: Anchor,
        size: f64,
    ) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let words = words.replace('&', "&amp;").replace('<', "&lt;");
        self.element(&format!(
            "<text x=\"{}\" y=\"{}\" style=\"fill:{};font:{size}px var(--ui-font,sans-serif);text-anchor:{anchor}\">{words}</text>",
            short(at.0),
            short(at.1),
            colour.css()
        ));
    }

    /// A box with one or more centred lines of words.
    pub(super) fn labelled(&mut self, x: f64, y: f64, width: f64, height: f64, edge: Colour, lines: &[&str]) {
        self.rect(x, y, width, height, edge);
        let first = y + height / 2.0 + 5.0 - 9.0 * (lines.len() as f64 - 1.0);
        for (i, line) in lines.iter().enumerate() {
            self.text((x + width / 2.0, first + 18.0 * i as f64), line, Colour::Ink, Anchor::Middle);
        }
    }

    /// The drawing as SVG, one element a line and no empty line, so that it can stand inside a page.
    pub(super) fn to_svg(&self) -> String {
        let (width, height) = self.size;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\">\n{}</svg>\n",
            self.body
        )
    }

    fn element(&mut self, svg: &str) {
        self.body.push_str(svg);
        self.body.push('\n');
    }
}

fn points(through: &[(f64, f64)]) -> String {
    let mut d = String::new();
    for (i, (x, y)) in through.iter().enumerate() {
        // writing to a String cannot fail
        let _ = write!(d, "{}{} {}", if i == 0 { "M" } else { "L" }, short(*x), short(*y));
    }
    d
}

/// Two decimals at most, so that files stay small and equal on every machine.
fn short(x: f64) -> String {
    let x = (x * 100.0).round() / 100.0;
    format!("{}", if x == 0.0 { 0.0 } else { x })
}

/// Where the plane of a plot lies on the canvas: what is shown of x and y, and the box it is shown in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// The least and the largest x.
    pub(super) x: (f64, f64),
    /// The least and the largest y.
    pub(super) y: (f64, f64),
    /// The left edge of the box, in pixels.
    pub(super) left: f64,
    /// The upper edge of the box, in pixels.
    pub(super) top: f64,
    /// The width of the box, in pixels.
    pub(super) width: f64,
    /// The height of the box, in pixels.
    pub(super) height: f64,
}

impl Frame {
    /// Where the point (x, y) of the plane lies on the canvas.
    pub(super) fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let across = (x - self.x.0) / (self.x.1 - self.x.0);
        let up = (y - self.y.0) / (self.y.1 - self.y.0);
        (self.left + across * self.width, self.top + (1.0 - up) * self.height)
    }

    /// The curve of a function between two places, in pixels.
    pub(super) fn curve(&self, f: impl Fn(f64) -> f64, from: f64, to: f64) -> Vec<(f64, f64)> {
        let steps = 80;
        let at = |i: i32| from + (to - from) * f64::from(i) / f64::from(steps);
        (0..=steps).map(|i| self.at(at(i), f(at(i)))).collect()
    }
}
