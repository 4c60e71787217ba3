//! The diagrams of chapter 8: a GPU, how its lanes read, and what each rung of the ladder reads.

use super::canvas::{Anchor, Canvas, Colour};

/// A host and a device: compute units with lanes, registers and local memory, above one global memory.
pub(super) fn device() -> Canvas {
    let mut c = Canvas::new(720.0, 330.0);
    c.labelled(10.0, 96.0, 120.0, 64.0, Colour::Ink, &["processor", "your program"]);
    c.arrow((132.0, 116.0), (212.0, 116.0), Colour::Blue);
    c.sized_text((172.0, 106.0), "queue", Colour::Blue, Anchor::Middle, 13.0);
    c.arrow((212.0, 144.0), (132.0, 144.0), Colour::Orange);
    c.sized_text((172.0, 164.0), "numbers,", Colour::Orange, Anchor::Middle, 13.0);
    c.sized_text((172.0, 180.0), "if asked for", Colour::Orange, Anchor::Middle, 13.0);
    c.rect(218.0, 12.0, 492.0, 306.0, Colour::Soft);
    for unit in 0..3 {
        compute_unit(&mut c, 232.0 + 158.0 * f64::from(unit), 28.0);
    }
    c.fill(232.0, 258.0, 464.0, 44.0, Colour::Blue, 0.16);
    c.text((464.0, 285.0), "global memory: gigabytes, hundreds of cycles away", Colour::Ink, Anchor::Middle);
    c
}

fn compute_unit(c: &mut Canvas, x: f64, y: f64) {
    c.rect(x, y, 148.0, 190.0, Colour::Ink);
    c.sized_text((x + 74.0, y + 18.0), "compute unit", Colour::Soft, Anchor::Middle, 13.0);
    for lane in 0..32 {
        let (column, row) = (f64::from(lane % 8), f64::from(lane / 8));
        c.fill(x + 11.0 + 16.0 * column, y + 28.0 + 16.0 * row, 13.0, 13.0, Colour::Green, 0.45);
    }
    c.sized_text((x + 74.0, y + 110.0), "32 lanes, one program", Colour::Ink, Anchor::Middle, 12.0);
    c.fill(x + 11.0, y + 120.0, 126.0, 24.0, Colour::Orange, 0.2);
    c.sized_text((x + 74.0, y + 137.0), "registers", Colour::Ink, Anchor::Middle, 12.0);
    c.fill(x + 11.0, y + 152.0, 126.0, 24.0, Colour::Orange, 0.32);
    c.sized_text((x + 74.0, y + 169.0), "local memory", Colour::Ink, Anchor::Middle, 12.0);
    c.line((x + 74.0, y + 192.0), (x + 74.0, y + 228.0), Colour::Blue, 5.0);
}

/// Lanes that read neighbours, and lanes that read every eighth number.
pub(super) fn coalesced() -> Canvas {
    let mut c = Canvas::new(720.0, 250.0);
    let (cell, left) = (20.0, 36.0);
    for (top, stride, words) in [
        (22.0, 1, "neighbours read neighbours: one piece of memory"),
        (144.0, 4, "each reads four further on: four pieces, and three quarters thrown away"),
    ] {
        for number in 0..32 {
            let x = left + cell * f64::from(number);
            let fetched = if number / 8 <= 7 * stride / 8 { 0.16 } else { 0.04 };
            c.fill(x + 1.0, top + 52.0, cell - 2.0, cell - 2.0, Colour::Blue, fetched);
        }
        for piece in 0..4 {
            let x = left + 8.0 * cell * f64::from(piece);
            c.line((x, top + 74.0), (x + 8.0 * cell - 4.0, top + 74.0), Colour::Soft, 1.3);
        }
        for lane in 0..8 {
            let (from, to) =
                (left + cell * (4.0 + 3.0 * f64::from(lane)), left + cell * f64::from(lane * stride));
            let from = if stride == 1 { to } else { from };
            c.fill(from + 1.0, top - 12.0, cell - 2.0, cell - 2.0, Colour::Green, 0.45);
            c.arrow((from + cell / 2.0, top + 8.0), (to + cell / 2.0, top + 50.0), Colour::Green);
            c.fill(to + 1.0, top + 52.0, cell - 2.0, cell - 2.0, Colour::Blue, 0.55);
        }
        c.sized_text((left, top + 93.0), words, Colour::Ink, Anchor::Start, 13.0);
    }
    c
}

/// What one work-group, or one work-item, needs of x and of y on each rung of the ladder.
pub(super) fn ladder() -> Canvas {
    let mut c = Canvas::new(720.0, 270.0);
    let rungs = [
        ("naive: a number", 6.0, 0.0, "x and y from far, for each"),
        ("tiled: a square", 24.0, 0.0, "fetched once, shared in local memory"),
        ("blocked: a large tile", 48.0, 12.0, "and a block of it in registers"),
    ];
    for (i, (title, side, block, words)) in rungs.into_iter().enumerate() {
        let (left, top, size) = (20.0 + 240.0 * i as f64, 40.0, 84.0);
        let (right, below) = (left + size + 8.0, top + size + 8.0);
        c.text((left, 22.0), title, Colour::Ink, Anchor::Start);
        // y above the result, x to its left
        for (x, y) in [(right, top), (left, below), (right, below)] {
            c.fill(x, y, size, size, Colour::Soft, 0.12);
        }
        c.fill(right + 14.0, top, side, size, Colour::Green, 0.4);
        c.fill(left, below + 14.0, size, side, Colour::Blue, 0.4);
        c.fill(right + 14.0, below + 14.0, side, side, Colour::Orange, 0.4);
        if block > 0.0 {
            c.fill(right + 26.0, below + 26.0, block, block, Colour::Orange, 0.9);
        }
        c.sized_text((right + size - 10.0, top + 16.0), "y", Colour::Soft, Anchor::Middle, 13.0);
        c.sized_text((left + 10.0, below + size - 8.0), "x", Colour::Soft, Anchor::Middle, 13.0);
        c.sized_text((left, 244.0), words, Colour::Soft, Anchor::Start, 12.0);
    }
    c
}
