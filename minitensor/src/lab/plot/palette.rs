/// A colour of a series, from one calm palette that colour-blind readers can tell apart.
///
/// Paul Tol, "Colour Schemes" (SRON/EPS/TN/09-002, 2021): "bright" up to seven, "muted" beyond.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Color {
    /// The i-th colour of the palette.
    Series(usize),
    /// From pale (0) to dark (1), for one thing at several times: a fit as it learns.
    Ramp(f64),
    /// The colour of text: data that stand beside a model.
    Ink,
    /// Grey, and thinner, for what is only there for comparison.
    Muted,
}

/// Red, green, blue.
pub(super) type Rgb = [u8; 3];

pub(super) const PAPER: Rgb = [0xff, 0xff, 0xff];
pub(super) const INK: Rgb = [0x26, 0x2f, 0x3a];
pub(super) const SOFT: Rgb = [0x5f, 0x6b, 0x7a];
pub(super) const GRID: Rgb = [0xe4, 0xe8, 0xee];
pub(super) const MUTED: Rgb = [0xa8, 0xb0, 0xba];
pub(super) const BLUE: Rgb = BRIGHT[0];
pub(super) const RED: Rgb = BRIGHT[1];
pub(super) const GREEN: Rgb = BRIGHT[2];

const BRIGHT: [Rgb; 7] = [
    [0x44, 0x77, 0xaa],
    [0xee, 0x66, 0x77],
    [0x22, 0x88, 0x33],
    [0xcc, 0xbb, 0x44],
    [0x66, 0xcc, 0xee],
    [0xaa, 0x33, 0x77],
    [0x8c, 0x8c, 0x8c],
];
const MUTED_TEN: [Rgb; 10] = [
    [0xcc, 0x66, 0x77],
    [0x33, 0x22, 0x88],
    [0xdd, 0xcc, 0x77],
    [0x11, 0x77, 0x33],
    [0x88, 0xcc, 0xee],
    [0x88, 0x22, 0x55],
    [0x44, 0xaa, 0x99],
    [0x99, 0x99, 0x33],
    [0xaa, 0x44, 0x99],
    [0x8c, 0x8c, 0x8c],
];

impl Color {
    /// `total` is how many colours the chart needs in all.
    pub(super) fn rgb(self, total: usize) -> Rgb {
        match self {
            Color::Series(i) => class(i, total),
            Color::Ramp(t) => between([0xc9, 0xdc, 0xee], [0x1f, 0x3a, 0x68], t),
            Color::Ink => INK,
            Color::Muted => MUTED,
        }
    }
}

/// The colour of class `i` of `total`.
pub(super) fn class(i: usize, total: usize) -> Rgb {
    if total <= BRIGHT.len() { BRIGHT[i % BRIGHT.len()] } else { MUTED_TEN[i % MUTED_TEN.len()] }
}

/// From white (0) to blue (1): amounts.
pub(super) fn sequential(t: f64) -> Rgb {
    if t < 0.5 {
        between(PAPER, [0x6f, 0xa3, 0xcf], t * 2.0)
    } else {
        between([0x6f, 0xa3, 0xcf], [0x0b, 0x3c, 0x73], t * 2.0 - 1.0)
    }
}

/// From red (-1) over white (0) to blue (1): amounts with a sign.
pub(super) fn diverging(t: f64) -> Rgb {
    if t < 0.0 { between(PAPER, [0xb2, 0x22, 0x3b], -t) } else { between(PAPER, [0x1d, 0x5a, 0x9c], t) }
}

/// A mixture; `t` is clamped to 0..1, and a value that is not a number counts as 0.
pub(super) fn between(a: Rgb, b: Rgb, t: f64) -> Rgb {
    let t = if t.is_nan() { 0.0 } else { t.clamp(0.0, 1.0) };
    std::array::from_fn(|i| (f64::from(a[i]) + (f64::from(b[i]) - f64::from(a[i])) * t).round() as u8)
}

/// Is dark text on this colour harder to read than white?
pub(super) fn is_dark([r, g, b]: Rgb) -> bool {
    0.299 * f64::from(r) + 0.587 * f64::from(g) + 0.114 * f64::from(b) < 140.0
}

pub(super) fn hex([r, g, b]: Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}
