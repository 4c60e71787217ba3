use std::fmt;

use super::palette::{BLUE, GREEN, MUTED, RED, Rgb, SOFT, diverging};
use super::pixels::enlarged;
use super::svg::{Draw, Svg, TEXT, TextStyle, page, text_width, title_width};

const GAP: f64 = 10.0;
const CAPTION: f64 = 11.0;
const CAPTION_ROW: f64 = 15.0;
const TITLE: f64 = 26.0;
/// Smaller pictures are stored with about so many pixels on a side.
const STORED: usize = 64;
/// Pictures are shown at least this large.
const SMALLEST: f64 = 56.0;

/// One small picture of a [`Gallery`]: an image, a sample, a filter.
#[derive(Debug, Clone)]
#[must_use]
pub struct Tile {
    width: usize,
    pixels: Vec<Rgb>,
    caption: String,
    mark: Option<Mark>,
}

/// A coloured frame around a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Green: a right guess.
    Right,
    /// Red, and thicker: a wrong guess.
    Wrong,
    /// Blue: look here.
    Note,
    /// Grey: an outline for pictures that end in white.
    Plain,
}

impl Tile {
    /// A grey picture, row by row, from 0 (black) to 1 (white).
    ///
    /// # Panics
    /// When the pixels do not fill rows of this width.
    #[track_caller]
    pub fn grey(width: usize, pixels: &[f32]) -> Tile {
        check(width, pixels.len(), 1);
        Tile::new(width, pixels.iter().map(|&v| [byte(v); 3]).collect())
    }

    /// A grey picture of ink on white paper, from 0 (white) to 1 (black).
    ///
    /// # Panics
    /// When the pixels do not fill rows of this width.
    #[track_caller]
    pub fn ink(width: usize, pixels: &[f32]) -> Tile {
        check(width, pixels.len(), 1);
        Tile::new(width, pixels.iter().map(|&v| [255 - byte(v); 3]).collect())
    }

    /// A colour picture as a tensor (3, height, width) holds it: all red, then all green, then all blue, from 0 to 1.
    ///
    /// # Panics
    /// When the pixels do not fill three planes of this width.
    #[track_caller]
    pub fn rgb(width: usize, pixels: &[f32]) -> Tile {
        check(width, pixels.len(), 3);
        let plane = pixels.len() / 3;
        let at = |i: usize| [byte(pixels[i]), byte(pixels[plane + i]), byte(pixels[2 * plane + i])];
        Tile::new(width, (0..plane).map(at).collect())
    }

    /// Weights, row by row: red below zero, white at zero, blue above; the largest in size has full colour.
    ///
    /// # Panics
    /// When the weights do not fill rows of this width.
    #[track_caller]
    pub fn signed(width: usize, weights: &[f32]) -> Tile {
        check(width, weights.len(), 1);
        let largest = weights.iter().filter(|w| w.is_finite()).fold(0f32, |a, w| a.max(w.abs()));
        let scale = if largest > 0.0 { f64::from(largest) } else { 1.0 };
        let tile = Tile::new(width, weights.iter().map(|&w| diverging(f64::from(w) / scale)).collect());
        tile.marked(Mark::Plain)
    }

    /// A few words below the picture: "7", "3, not 8".
    pub fn caption(mut self, text: impl Into<String>) -> Tile {
        self.caption = text.into();
        self
    }

    /// A frame around it.
    pub fn marked(mut self, mark: Mark) -> Tile {
        self.mark = Some(mark);
        self
    }

    fn new(width: usize, pixels: Vec<Rgb>) -> Tile {
        Tile { width, pixels, caption: String::new(), mark: None }
    }

    fn height(&self) -> usize {
        self.pixels.len() / self.width
    }
}

/// Small pictures side by side: predictions, samples, the filters of a convolution.
///
/// ```
/// use minitensor::lab::plot::{Gallery, Mark, Tile};
///
/// let digit = [0.0, 1.0, 1.0, 0.0];
/// let gallery = Gallery::new("predictions")
///     .with(Tile::ink(2, &digit).caption("7").marked(Mark::Right))
///     .with(Tile::ink(2, &digit).caption("1, not 7").marked(Mark::Wrong));
/// assert!(gallery.to_string().contains("1, not 7"));
///
/// let weights = vec![0.1; 16 * 9]; // (16, 1, 3, 3)
/// let filters = Gallery::new("the filters of conv1").tiles(weights.chunks(9).map(|w| Tile::signed(3, w))).columns(8);
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Gallery {
    title: String,
    tiles: Vec<Tile>,
    columns: usize,
    side: f64,
}

impl Gallery {
    /// An empty gallery with this title, which may be empty.
    pub fn new(title: impl Into<String>) -> Gallery {
        Gallery { title: title.into(), tiles: Vec::new(), columns: 8, side: SMALLEST }
    }

    /// Adds a picture.
    pub fn with(mut self, tile: Tile) -> Gallery {
        self.tiles.push(tile);
        self
    }

    /// Adds pictures.
    pub fn tiles(mut self, tiles: impl IntoIterator<Item = Tile>) -> Gallery {
        self.tiles.extend(tiles);
        self
    }

    /// How many stand in a row (8 unless told).
    pub fn columns(mut self, columns: usize) -> Gallery {
        self.columns = columns.max(1);
        self
    }

    /// The larger side of a picture, in CSS pixels (56 unless told).
    pub fn side(mut self, side: f64) -> Gallery {
        self.side = side.clamp(8.0, 800.0);
        self
    }

    /// Width and height of the place that each picture has, with its caption.
    fn place(&self) -> (f64, f64) {
        let caption = self.tiles.iter().map(|tile| text_width(&tile.caption, CAPTION)).fold(0.0, f64::max);
        let below = if caption > 0.0 { CAPTION_ROW } else { 0.0 };
        let height = self.tiles.iter().map(|tile| self.shown(tile).1).fold(0.0, f64::max);
        (self.side.max(caption), height + below)
    }

    /// How large a picture is shown.
    fn shown(&self, tile: &Tile) -> (f64, f64) {
        let (w, h) = (tile.width as f64, tile.height() as f64);
        let scale = self.side / w.max(h);
        (w * scale, h * scale)
    }

    fn header(&self) -> f64 {
        if self.title.is_empty() { 2.0 } else { TITLE }
    }
}

impl Draw for Gallery {
    fn size(&self) -> (f64, f64) {
        let (w, h) = self.place();
        let columns = self.columns.min(self.tiles.len()).max(1) as f64;
        let rows = self.tiles.len().div_ceil(self.columns) as f64;
        let width = columns * (w + GAP) - GAP + 4.0;
        (width.max(title_width(&self.title)), self.header() + rows * (h + GAP) - GAP + 4.0)
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn draw(&self, svg: &mut Svg, x: f64, y: f64) {
        svg.text(x, y + 12.0, TextStyle { size: 14.0, bold: true, ..TEXT }, &self.title);
        let (w, h) = self.place();
        for (i, tile) in self.tiles.iter().enumerate() {
            let (row, column) = (i / self.columns, i % self.columns);
            let (width, height) = self.shown(tile);
            let left = x + 2.0 + column as f64 * (w + GAP) + (w - width) / 2.0;
            let top = y + self.header() + row as f64 * (h + GAP);
            svg.image((left, top, width, height), &enlarged(tile.width, &tile.pixels, STORED), true);
            if let Some(mark) = tile.mark {
                let (stroke, color) = mark.stroke();
                svg.frame(left, top, width, height, stroke, color);
            }
            let color = tile.mark.map_or(SOFT, Mark::caption);
            let style = TextStyle { size: CAPTION, anchor: "middle", color, ..TEXT };
            svg.text(left + width / 2.0, top + height + CAPTION_ROW - 2.0, style, &tile.caption);
        }
    }
}

impl fmt::Display for Gallery {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        page(f, 1, &[self as &dyn Draw])
    }
}

impl Mark {
    fn stroke(self) -> (f64, Rgb) {
        match self {
            Mark::Right => (2.0, GREEN),
            Mark::Wrong => (3.0, RED),
            Mark::Note => (2.0, BLUE),
            Mark::Plain => (1.0, MUTED),
        }
    }

    /// Red text is hard to read in the red of a frame; this one is darker.
    fn caption(self) -> Rgb {
        match self {
            Mark::Wrong => [0xb0, 0x2a, 0x3d],
            _ => SOFT,
        }
    }
}

#[track_caller]
fn check(width: usize, pixels: usize, planes: usize) {
    let whole = width > 0 && pixels > 0 && pixels.is_multiple_of(width * planes);
    let kind = if planes == 1 { "one plane" } else { "three planes" };
    assert!(whole, "{pixels} pixels do not fill {kind} of rows of {width}");
}

fn byte(v: f32) -> u8 {
    (v.clamp(0.0, 1.0) * 255.0).round() as u8
}
