//! The diagrams of chapters 5 and 6: grids of numbers, and how their gradients are shaped.

use super::canvas::{Anchor, Canvas, Colour};

const CELL: f64 = 34.0;

/// A grid of numbered cells; `ghost` cells are drawn faint, as repetitions that take no memory.
fn grid(
    c: &mut Canvas,
    at: (f64, f64),
    size: (usize, usize),
    colour: Colour,
    number: impl Fn(usize, usize) -> String,
    ghost: impl Fn(usize, usize) -> bool,
) {
    for row in 0..size.0 {
        for column in 0..size.1 {
            let (x, y) = (at.0 + CELL * column as f64, at.1 + CELL * row as f64);
            let faint = ghost(row, column);
            c.fill(x + 1.0, y + 1.0, CELL - 2.0, CELL - 2.0, colour, if faint { 0.06 } else { 0.2 });
            let ink = if faint { Colour::Soft } else { Colour::Ink };
            c.text((x + CELL / 2.0, y + CELL / 2.0 + 5.0), &number(row, column), ink, Anchor::Middle);
        }
    }
}

fn solid(_: usize, _: usize) -> bool {
    false
}

/// Tensors of 0, 1, 2 and 3 dimensions.
pub(super) fn ranks() -> Canvas {
    let mut c = Canvas::new(700.0, 190.0);
    let label = |c: &mut Canvas, x: f64, words: &str, shape: &str| {
        c.text((x, 158.0), words, Colour::Ink, Anchor::Middle);
        c.text((x, 178.0), shape, Colour::Soft, Anchor::Middle);
    };
    grid(&mut c, (40.0, 54.0), (1, 1), Colour::Blue, |_, _| "7".into(), solid);
    label(&mut c, 57.0, "scalar", "[]");
    grid(&mut c, (130.0, 54.0), (1, 3), Colour::Blue, |_, j| (j + 1).to_string(), solid);
    label(&mut c, 181.0, "vector", "[3]");
    grid(&mut c, (290.0, 37.0), (2, 3), Colour::Blue, |i, j| (3 * i + j + 1).to_string(), solid);
    label(&mut c, 341.0, "matrix", "[2, 3]");
    for sheet in [2_usize, 1, 0] {
        let shift = 20.0 * sheet as f64;
        c.rect(455.0 + shift, 57.0 - shift, 4.0 * CELL, 2.0 * CELL, Colour::Soft);
        if sheet == 0 {
            grid(&mut c, (455.0, 57.0), (2, 4), Colour::Blue, |i, j| (4 * i + j + 1).to_string(), solid);
        }
    }
    label(&mut c, 540.0, "three sheets of a matrix", "[3, 2, 4]");
    c
}

/// One buffer, read as a matrix and as its transpose.
pub(super) fn strides() -> Canvas {
    let mut c = Canvas::new(700.0, 330.0);
    grid(&mut c, (60.0, 36.0), (3, 4), Colour::Blue, |i, j| (4 * i + j).to_string(), solid);
    c.arrow((60.0, 26.0), (94.0, 26.0), Colour::Orange);
    c.text((100.0, 31.0), "+1", Colour::Orange, Anchor::Start);
    c.arrow((50.0, 38.0), (50.0, 72.0), Colour::Orange);
    c.text((43.0, 60.0), "+4", Colour::Orange, Anchor::End);
    c.text((128.0, 164.0), "x: shape [3, 4], strides [4, 1]", Colour::Soft, Anchor::Middle);
    grid(&mut c, (460.0, 36.0), (4, 3), Colour::Green, |i, j| (4 * j + i).to_string(), solid);
    c.arrow((460.0, 26.0), (494.0, 26.0), Colour::Orange);
    c.text((500.0, 31.0), "+4", Colour::Orange, Anchor::Start);
    c.arrow((450.0, 38.0), (450.0, 72.0), Colour::Orange);
    c.text((443.0, 60.0), "+1", Colour::Orange, Anchor::End);
    c.text((511.0, 198.0), "x.t(): shape [4, 3], strides [1, 4]", Colour::Soft, Anchor::Middle);
    grid(&mut c, (146.0, 250.0), (1, 12), Colour::Ink, |_, j| j.to_string(), solid);
    c.text((350.0, 308.0), "the one buffer that both read", Colour::Soft, Anchor::Middle);
    c.arrow((150.0, 178.0), (230.0, 242.0), Colour::Soft);
    c.arrow((490.0, 208.0), (440.0, 242.0), Colour::Soft);
    c
}

/// A column and a row, each repeated to the shape of their sum.
pub(super) fn broadcasting() -> Canvas {
    let mut c = Canvas::new(700.0, 190.0);
    let top = 26.0;
    grid(&mut c, (20.0, top), (3, 4), Colour::Blue, |i, _| (10 * (i + 1)).to_string(), |_, j| j > 0);
    c.text((185.0, top + 56.0), "+", Colour::Ink, Anchor::Middle);
    grid(&mut c, (214.0, top), (3, 4), Colour::Green, |_, j| (j + 1).to_string(), |i, _| i > 0);
    c.text((379.0, top + 56.0), "=", Colour::Ink, Anchor::Middle);
    grid(&mut c, (408.0, top), (3, 4), Colour::Orange, |i, j| (10 * (i + 1) + j + 1).to_string(), solid);
    for (x, shape) in [(88.0, "[3, 1]"), (282.0, "[4]"), (476.0, "[3, 4]")] {
        c.text((x, 154.0), shape, Colour::Soft, Anchor::Middle);
    }
    c
}

/// A fully connected layer as a matrix product.
pub(super) fn layer() -> Canvas {
    let mut c = Canvas::new(700.0, 270.0);
    let block = |c: &mut Canvas, x: f64, y: f64, w: f64, h: f64, colour: Colour, words: &str| {
        c.fill(x, y, w, h, colour, 0.14);
        c.text((x + w / 2.0, y + h + 22.0), words, Colour::Soft, Anchor::Middle);
    };
    block(&mut c, 20.0, 80.0, 210.0, 76.0, Colour::Blue, "x [32, 100]");
    c.fill(20.0, 104.0, 210.0, 9.0, Colour::Blue, 0.55);
    c.text((14.0, 113.0), "i", Colour::Ink, Anchor::End);
    c.text((252.0, 122.0), "·", Colour::Ink, Anchor::Middle);
    block(&mut c, 276.0, 16.0, 110.0, 210.0, Colour::Green, "Wᵀ [100, 50]");
    c.fill(330.0, 16.0, 9.0, 210.0, Colour::Green, 0.55);
    c.text((334.0, 12.0), "j", Colour::Ink, Anchor::Middle);
    c.text((416.0, 122.0), "=", Colour::Ink, Anchor::Middle);
    block(&mut c, 450.0, 80.0, 110.0, 76.0, Colour::Orange, "y [32, 50]");
    c.fill(504.0, 104.0, 9.0, 9.0, Colour::Orange, 1.0);
    c.text((580.0, 104.0), "one example,", Colour::Soft, Anchor::Start);
    c.text((580.0, 122.0), "one neuron", Colour::Soft, Anchor::Start);
    c
}

/// The product of a layer, and the two products that carry its gradient back.
pub(super) fn gradients_of_a_product() -> Canvas {
    let mut c = Canvas::new(700.0, 352.0);
    let rows = [
        ("forward", "Y = X · W", [(3, 5), (5, 2), (3, 2)], ["X", "W", "Y"], Colour::Blue),
        ("to the inputs", "dX = dY · Wᵀ", [(3, 2), (2, 5), (3, 5)], ["dY", "Wᵀ", "dX"], Colour::Orange),
        ("to the weights", "dW = Xᵀ · dY", [(5, 3), (3, 2), (5, 2)], ["Xᵀ", "dY", "dW"], Colour::Orange),
    ];
    for (i, (title, formula, shapes, names, colour)) in rows.into_iter().enumerate() {
        let middle = 56.0 + 108.0 * i as f64;
        c.text((10.0, middle - 4.0), title, Colour::Soft, Anchor::Start);
        c.text((10.0, middle + 18.0), formula, Colour::Ink, Anchor::Start);
        let mut x = 190.0;
        for (j, ((height, width), name)) in shapes.into_iter().zip(names).enumerate() {
            let (w, h) = (20.0 * f64::from(width), 18.0 * f64::from(height));
            c.fill(x, middle - h / 2.0, w, h, if j == 2 { colour } else { Colour::Soft }, 0.25);
            c.text((x + w / 2.0, middle + 5.0), name, Colour::Ink, Anchor::Middle);
            let below = middle + h / 2.0 + 16.0;
            c.sized_text(
                (x + w / 2.0, below),
                &format!("[{height}, {width}]"),
                Colour::Soft,
                Anchor::Middle,
                12.0,
            );
            x += w + 26.0;
            if j < 2 {
                c.text((x, middle + 5.0), if j == 0 { "·" } else { "=" }, Colour::Ink, Anchor::Middle);
            }
            x += 26.0;
        }
    }
    c
}

/// A bias is repeated going forward; going back, its gradients are summed.
pub(super) fn sum_of_repeats() -> Canvas {
    let mut c = Canvas::new(700.0, 200.0);
    grid(&mut c, (30.0, 60.0), (1, 3), Colour::Blue, |_, j| format!("b{}", ["₁", "₂", "₃"][j]), solid);
    c.arrow((150.0, 66.0), (226.0, 66.0), Colour::Blue);
    c.text((188.0, 54.0), "repeat", Colour::Blue, Anchor::Middle);
    c.arrow((226.0, 90.0), (150.0, 90.0), Colour::Orange);
    c.text((188.0, 110.0), "sum", Colour::Orange, Anchor::Middle);
    grid(&mut c, (244.0, 9.0), (4, 3), Colour::Blue, |_, j| format!("b{}", ["₁", "₂", "₃"][j]), |i, _| i > 0);
    let g = |i: usize, j: usize| {
        format!("{:.1}", [[0.1, 0.0, 0.2], [0.3, 0.1, 0.0], [0.0, 0.2, 0.1], [0.1, 0.1, 0.4]][i][j])
    };
    grid(&mut c, (420.0, 9.0), (4, 3), Colour::Orange, g, solid);
    grid(&mut c, (580.0, 60.0), (1, 3), Colour::Orange, |_, j| ["0.5", "0.4", "0.7"][j].into(), solid);
    c.arrow((526.0, 77.0), (576.0, 77.0), Colour::Orange);
    for (x, words) in [
        (81.0, "bias [3]"),
        (295.0, "repeated [4, 3]"),
        (471.0, "gradient [4, 3]"),
        (631.0, "of the bias [3]"),
    ] {
        c.text((x, 178.0), words, Colour::Soft, Anchor::Middle);
    }
    c
}
