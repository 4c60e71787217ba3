//! The diagrams of the introduction.

use super::canvas::{Anchor, Canvas, Colour};

/// Two ways from a photograph to "cat": features by hand, or features that are learned.
pub(super) fn hand_made_or_learned() -> Canvas {
    let mut c = Canvas::new(680.0, 210.0);
    row(
        &mut c,
        30.0,
        "by hand",
        &[("pixels", false), ("your rules: ears, fur", false), ("weights", true), ("“cat”", false)],
    );
    row(
        &mut c,
        130.0,
        "deep",
        &[("pixels", false), ("layer upon layer", true), ("weights", true), ("“cat”", false)],
    );
    c.fill(12.0, 193.0, 12.0, 12.0, Colour::Blue, 0.25);
    c.text((30.0, 204.0), "learned from examples", Colour::Soft, Anchor::Start);
    c
}

fn row(c: &mut Canvas, y: f64, title: &str, steps: &[(&str, bool)]) {
    let widths = [90.0, 190.0, 100.0, 80.0];
    c.text((12.0, y + 31.0), title, Colour::Soft, Anchor::Start);
    let mut x = 84.0;
    for (i, ((words, learned), width)) in steps.iter().zip(widths).enumerate() {
        if i > 0 {
            c.arrow((x - 34.0, y + 26.0), (x - 2.0, y + 26.0), Colour::Soft);
        }
        c.labelled(x, y, width, 52.0, Colour::Ink, &[words]);
        if *learned {
            c.fill(x + 1.0, y + 1.0, width - 2.0, 50.0, Colour::Blue, 0.18);
        }
        x += width + 36.0;
    }
}

/// Layers of representation: each sees the one below.
pub(super) fn layers() -> Canvas {
    let mut c = Canvas::new(680.0, 150.0);
    let steps = [
        ("pixels", "numbers"),
        ("edges", "dark beside light"),
        ("parts", "loops, corners"),
        ("wholes", "digits, faces"),
        ("answer", "“it is an 8”"),
    ];
    for (i, (name, what)) in steps.iter().enumerate() {
        let x = 10.0 + 134.0 * i as f64;
        if i > 0 {
            c.arrow((x - 22.0, 60.0), (x - 2.0, 60.0), Colour::Soft);
        }
        c.labelled(x, 30.0, 110.0, 60.0, Colour::Ink, &[name]);
        if i > 0 {
            c.fill(x + 1.0, 31.0, 108.0, 58.0, Colour::Blue, 0.05 + 0.06 * i as f64);
        }
        c.sized_text((x + 55.0, 114.0), what, Colour::Soft, Anchor::Middle, 13.0);
    }
    c
}
