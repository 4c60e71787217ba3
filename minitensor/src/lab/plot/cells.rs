use super::palette::{INK, PAPER, Rgb, SOFT, is_dark};
use super::pixels::enlarged;
use super::svg::{Svg, TEXT, TextStyle, text_width, title_width};

/// The size of all text but the title.
pub(super) const LABEL: f64 = 11.0;
const TITLE: f64 = 24.0;
/// More squares than this, without text, are drawn as one image.
const MANY: usize = 600;
/// About how many pixels that image has on a side.
const STORED: usize = 256;
/// A square at zero must still be seen as a square.
const EMPTY: Rgb = [0xf4, 0xf6, 0xf9];

/// Coloured squares with a text in each, named rows and named columns.
pub(super) struct Table<'a> {
    pub(super) title: &'a str,
    pub(super) width: usize,
    pub(super) cells: Vec<(Rgb, String)>,
    pub(super) rows: &'a [String],
    pub(super) columns: &'a [String],
    /// What the rows and the columns are.
    pub(super) axes: (&'a str, &'a str),
    pub(super) side: f64,
}

impl Table<'_> {
    /// How many rows there are.
    fn height(&self) -> f64 {
        self.cells.len().div_ceil(self.width) as f64
    }

    /// Names that are wider than their column stand on end.
    fn on_end(&self) -> bool {
        self.columns.iter().any(|name| text_width(name, LABEL) > self.side - 2.0)
    }

    /// Where the squares begin.
    fn corner(&self) -> (f64, f64) {
        let widest = |names: &[String]| names.iter().map(|name| text_width(name, LABEL)).fold(0.0, f64::max);
        let axis = |name: &str| if name.is_empty() { 0.0 } else { 16.0 };
        let above = match (self.columns.is_empty(), self.on_end()) {
            (true, _) => 0.0,
            (_, true) => widest(self.columns) + 6.0,
            _ => 16.0,
        };
        let beside = if self.rows.is_empty() { 0.0 } else { widest(self.rows) + 7.0 };
        let title = if self.title.is_empty() { 0.0 } else { TITLE };
        (axis(self.axes.0) + beside, title + axis(self.axes.1) + above)
    }

    pub(super) fn size(&self) -> (f64, f64) {
        let (left, top) = self.corner();
        let width = left + self.width as f64 * self.side;
        (width.max(title_width(self.title)), top + self.height() * self.side)
    }

    pub(super) fn draw(&self, svg: &mut Svg, x: f64, y: f64) {
        let (left, top) = (x + self.corner().0, y + self.corner().1);
        self.draw_names(svg, (x, y), (left, top));
        if self.cells.len() > MANY && self.cells.iter().all(|(_, text)| text.is_empty()) {
            let pixels: Vec<Rgb> = self.cells.iter().map(|(color, _)| *color).collect();
            let (width, height) = (self.width as f64 * self.side, self.height() * self.side);
            return svg.image((left, top, width, height), &enlarged(self.width, &pixels, STORED), true);
        }
        let side = if self.side >= 12.0 { self.side - 1.0 } else { self.side };
        for (i, (color, text)) in self.cells.iter().enumerate() {
            let (cx, cy) =
                (left + (i % self.width) as f64 * self.side, top + (i / self.width) as f64 * self.side);
            svg.rect(cx, cy, side, side, if *color == PAPER { EMPTY } else { *color });
            if !text.is_empty() {
                let color = if is_dark(*color) { PAPER } else { INK };
                let middle = TextStyle { anchor: "middle", color, ..TEXT };
                svg.text(cx + side / 2.0, cy + self.side / 2.0 + 3.5, middle, text);
            }
        }
    }

    fn draw_names(&self, svg: &mut Svg, (x, y): (f64, f64), (left, top): (f64, f64)) {
        svg.text(x, y + 12.0, TextStyle { size: 14.0, bold: true, ..TEXT }, self.title);
        let axis = TextStyle { anchor: "middle", color: SOFT, ..TEXT };
        let header = if self.title.is_empty() { 0.0 } else { TITLE };
        svg.text(left + self.width as f64 * self.side / 2.0, y + header + 9.0, axis, self.axes.1);
        let (ax, ay) = (x + 9.0, top + self.height() * self.side / 2.0);
        svg.text(ax, ay, TextStyle { turn: -90.0, ..axis }, self.axes.0);
        let end = TextStyle { anchor: "end", ..TEXT };
        for (r, name) in self.rows.iter().enumerate() {
            svg.text(left - 6.0, top + (r as f64 + 0.5) * self.side + 3.5, end, name);
        }
        let on_end = self.on_end();
        for (c, name) in self.columns.iter().enumerate() {
            let middle = left + (c as f64 + 0.5) * self.side;
            if on_end {
                svg.text(middle + 3.5, top - 5.0, TextStyle { turn: -90.0, ..TEXT }, name);
            } else {
                svg.text(middle - 0.5, top - 5.0, TextStyle { anchor: "middle", ..TEXT }, name);
            }
        }
    }
}
