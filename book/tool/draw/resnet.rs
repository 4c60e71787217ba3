//! The diagrams of the chapter on ResNets: a convolution, a residual block, and the network.

use super::canvas::{Anchor, Canvas, Colour};

const CELL: f64 = 34.0;

/// One filter at one place of an image, and all that it finds.
pub(super) fn convolution() -> Canvas {
    let mut c = Canvas::new(720.0, 270.0);
    let image: [[i32; 6]; 6] = [
        [0, 0, 1, 1, 0, 0],
        [0, 1, 1, 1, 0, 0],
        [0, 0, 1, 1, 0, 0],
        [0, 0, 1, 1, 0, 0],
        [0, 0, 1, 1, 0, 0],
        [0, 1, 1, 1, 1, 0],
    ];
    let filter: [[i32; 3]; 3] = [[-1, 0, 1]; 3];
    let answer = |i: usize, j: usize| -> i32 {
        (0..9).map(|k| filter[k / 3][k % 3] * image[i + k / 3][j + k % 3]).sum()
    };
    let (top, at) = (24.0, (2, 0));
    cells(&mut c, (16.0, top), 6, 6, Colour::Ink, |i, j| {
        (image[i][j].to_string(), 0.35 * f64::from(image[i][j]))
    });
    outline(&mut c, (16.0 + CELL * at.1 as f64, top + CELL * at.0 as f64), 3.0 * CELL);
    c.text((244.0, top + 107.0), "∗", Colour::Ink, Anchor::Middle);
    let shade = |value: i32, most: f64| 0.08 + 0.5 * f64::from(value.abs()) / most;
    cells(&mut c, (272.0, top + 51.0), 3, 3, Colour::Green, |i, j| {
        (signed(filter[i][j]), shade(filter[i][j], 2.0))
    });
    c.text((402.0, top + 107.0), "=", Colour::Ink, Anchor::Middle);
    for (i, j) in (0..16).map(|k| (k / 4, k % 4)) {
        let value = answer(i, j);
        let colour = if value >= 0 { Colour::Blue } else { Colour::Orange };
        let corner = (430.0 + CELL * j as f64, top + 34.0 + CELL * i as f64);
        cells(&mut c, corner, 1, 1, colour, |_, _| (signed(value), shade(value, 3.0)));
    }
    outline(&mut c, (430.0 + CELL * at.1 as f64, top + 34.0 + CELL * at.0 as f64), CELL);
    for (x, words) in [(118.0, "image [6, 6]"), (323.0, "filter [3, 3]"), (498.0, "feature map [4, 4]")] {
        c.text((x, 254.0), words, Colour::Soft, Anchor::Middle);
    }
    c.text((584.0, top + 68.0), "bright to the right:", Colour::Blue, Anchor::Start);
    c.text((584.0, top + 86.0), "a left edge", Colour::Blue, Anchor::Start);
    c.text((584.0, top + 122.0), "bright to the left:", Colour::Orange, Anchor::Start);
    c.text((584.0, top + 140.0), "a right edge", Colour::Orange, Anchor::Start);
    c
}

fn signed(value: i32) -> String {
    value.to_string().replace('-', "−")
}

fn cells(
    c: &mut Canvas,
    (x, y): (f64, f64),
    rows: usize,
    columns: usize,
    colour: Colour,
    cell: impl Fn(usize, usize) -> (String, f64),
) {
    for (i, j) in (0..rows * columns).map(|k| (k / columns, k % columns)) {
        let (left, top) = (x + CELL * j as f64, y + CELL * i as f64);
        let (words, opacity) = cell(i, j);
        c.fill(left + 1.0, top + 1.0, CELL - 2.0, CELL - 2.0, colour, opacity.max(0.06));
        c.text((left + CELL / 2.0, top + CELL / 2.0 + 5.0), &words, Colour::Ink, Anchor::Middle);
    }
}

fn outline(c: &mut Canvas, (x, y): (f64, f64), side: f64) {
    c.path(&[(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)], Colour::Orange, 2.4);
}

/// A plain block and a residual one, side by side.
pub(super) fn residual_block() -> Canvas {
    let mut c = Canvas::new(640.0, 350.0);
    for (left, residual) in [(90.0, false), (380.0, true)] {
        let middle = left + 70.0;
        c.text((middle, 20.0), "x", Colour::Ink, Anchor::Middle);
        let steps = ["3×3 convolution", "batch norm, relu", "3×3 convolution", "batch norm"];
        for (i, words) in steps.iter().enumerate() {
            let y = 50.0 + 54.0 * i as f64;
            c.arrow((middle, y - 22.0), (middle, y), Colour::Soft);
            c.labelled(left, y, 140.0, 32.0, Colour::Ink, &[words]);
        }
        if residual {
            c.arrow((middle, 244.0), (middle, 266.0), Colour::Soft);
            c.circle((middle, 280.0), 13.0, Colour::Orange);
            c.text((middle, 285.0), "+", Colour::Orange, Anchor::Middle);
            let side = left + 190.0;
            c.path(
                &[(middle, 36.0), (side, 36.0), (side, 280.0), (middle + 24.0, 280.0)],
                Colour::Orange,
                1.8,
            );
            c.arrow((side, 280.0), (middle + 13.0, 280.0), Colour::Orange);
            c.text((side + 8.0, 160.0), "x itself", Colour::Orange, Anchor::Start);
            c.arrow((middle, 293.0), (middle, 320.0), Colour::Soft);
        } else {
            c.arrow((middle, 244.0), (middle, 320.0), Colour::Soft);
        }
        let formula = if residual { "y = relu(f(x) + x)" } else { "y = relu(f(x))" };
        c.text((middle, 340.0), formula, Colour::Ink, Anchor::Middle);
    }
    c
}

/// ResNet-20 on the digits, stage by stage.
pub(super) fn network() -> Canvas {
    let mut c = Canvas::new(740.0, 190.0);
    let stages = [
        ("image", "1 × 8 × 8", 64.0, 8.0),
        ("first", "16 × 8 × 8", 64.0, 22.0),
        ("3 blocks", "16 × 8 × 8", 64.0, 22.0),
        ("3 blocks", "32 × 4 × 4", 38.0, 40.0),
        ("3 blocks", "64 × 2 × 2", 22.0, 72.0),
        ("mean", "64", 8.0, 72.0),
        ("linear", "10", 8.0, 20.0),
    ];
    let mut x = 40.0;
    for (i, (name, shape, height, width)) in stages.into_iter().enumerate() {
        if i > 0 {
            c.arrow((x - 42.0, 80.0), (x - 6.0, 80.0), Colour::Soft);
        }
        c.fill(x, 80.0 - height / 2.0, width, height, if i == 0 { Colour::Ink } else { Colour::Blue }, 0.3);
        c.text((x + width / 2.0, 142.0), name, Colour::Ink, Anchor::Middle);
        c.sized_text((x + width / 2.0, 162.0), shape, Colour::Soft, Anchor::Middle, 13.0);
        x += width + 68.0;
    }
    c
}
