//! The diagrams of chapter 1: slopes, the chain rule, steps downhill.

use super::canvas::{Anchor, Canvas, Colour, Frame};

/// A parabola, a line through two of its points, and the tangent that the line becomes.
pub(super) fn slope() -> Canvas {
    let mut c = Canvas::new(560.0, 330.0);
    let frame = Frame { x: (-0.3, 2.6), y: (-1.0, 5.6), left: 30.0, top: 12.0, width: 500.0, height: 290.0 };
    let square = |x: f64| x * x;
    c.arrow(frame.at(-0.3, 0.0), frame.at(2.6, 0.0), Colour::Soft);
    c.arrow(frame.at(0.0, -1.0), frame.at(0.0, 5.6), Colour::Soft);
    c.path(&frame.curve(square, -0.3, 2.33), Colour::Ink, 2.0);
    c.path(&frame.curve(|x| 3.0 * x - 2.0, 0.4, 2.45), Colour::Blue, 1.6);
    c.path(&frame.curve(|x| 2.0 * x - 1.0, 0.1, 2.45), Colour::Orange, 1.8);
    c.dashed(frame.at(1.0, 1.0), frame.at(2.0, 1.0), Colour::Soft);
    c.dashed(frame.at(2.0, 1.0), frame.at(2.0, 4.0), Colour::Soft);
    for x in [1.0, 2.0] {
        c.dot(frame.at(x, square(x)), 4.5, Colour::Ink);
    }
    let (hx, hy) = frame.at(1.5, 1.0);
    c.text((hx, hy + 18.0), "h = 1", Colour::Soft, Anchor::Middle);
    let (rx, ry) = frame.at(2.0, 2.4);
    c.text((rx + 8.0, ry), "f(1+h) − f(1) = 3", Colour::Soft, Anchor::Start);
    let (tx, ty) = frame.at(2.45, 3.9);
    c.text((tx - 2.0, ty + 22.0), "slope 2", Colour::Orange, Anchor::Middle);
    let (sx, sy) = frame.at(2.36, 5.35);
    c.text((sx - 14.0, sy), "slope 3", Colour::Blue, Anchor::End);
    let (px, py) = frame.at(1.0, 1.0);
    c.text((px - 10.0, py - 8.0), "x = 1", Colour::Ink, Anchor::End);
    c.text(frame.at(0.2, 4.6), "f(x) = x²", Colour::Ink, Anchor::Start);
    c
}

/// The worked neuron: values from left to right, gradients from right to left.
pub(super) fn chain() -> Canvas {
    let mut c = Canvas::new(740.0, 236.0);
    let (x1, x2, w1, w2) = (0.5, 1.0, 1.0, 2.0);
    let s: f64 = w1 * x1 + w2 * x2;
    let z = 1.0 / (1.0 + (-s).exp());
    let dl_dz = 2.0 * z;
    let dz_ds = z * (1.0 - z);
    let dl_ds = dl_dz * dz_ds;
    let leaf = |c: &mut Canvas, y: f64, name: &str, value: f64, x: f64| {
        c.labelled(8.0, y, 128.0, 54.0, Colour::Ink, &[&format!("{name} = {value}"), ""]);
        c.text((72.0, y + 40.0), &format!("gradient {:.3}", x * dl_ds), Colour::Orange, Anchor::Middle);
    };
    leaf(&mut c, 40.0, "w₁", w1, x1);
    leaf(&mut c, 140.0, "w₂", w2, x2);
    let node = |c: &mut Canvas, x: f64, name: &str, value: f64, gradient: f64| {
        c.labelled(x, 90.0, 128.0, 54.0, Colour::Ink, &[&format!("{name} = {value:.3}"), ""]);
        c.text((x + 64.0, 130.0), &format!("gradient {gradient:.3}"), Colour::Orange, Anchor::Middle);
    };
    node(&mut c, 214.0, "s", s, dl_ds);
    node(&mut c, 410.0, "z", z, dl_dz);
    node(&mut c, 606.0, "l", z * z, 1.0);
    for (y, below, local) in [(67.0, -6.0, "× x₁ = 0.5"), (167.0, 20.0, "× x₂ = 1")] {
        c.arrow((136.0, y), (214.0, 117.0 + (y - 117.0) * 0.25), Colour::Blue);
        c.text((158.0, y + below), local, Colour::Soft, Anchor::Start);
    }
    for (x, how, local) in [(342.0, "σ", format!("× {dz_ds:.3}")), (538.0, "square", format!("× {dl_dz:.3}"))]
    {
        c.arrow((x, 117.0), (x + 68.0, 117.0), Colour::Blue);
        c.text((x + 34.0, 82.0), how, Colour::Blue, Anchor::Middle);
        c.text((x + 34.0, 166.0), &local, Colour::Soft, Anchor::Middle);
    }
    c.arrow((300.0, 22.0), (430.0, 22.0), Colour::Blue);
    c.text((290.0, 27.0), "values", Colour::Blue, Anchor::End);
    c.arrow((430.0, 216.0), (300.0, 216.0), Colour::Orange);
    c.text((440.0, 221.0), "gradients", Colour::Orange, Anchor::Start);
    c
}

/// Gradient descent on a parabola with a good rate and with one that is too large.
pub(super) fn descent() -> Canvas {
    let mut c = Canvas::new(700.0, 280.0);
    for (left, rate, start, words) in
        [(14.0, 0.3, 1.7, "rate 0.3: down"), (364.0, 1.04, 1.3, "rate 1.04: up and away")]
    {
        let frame = Frame { x: (-2.3, 2.3), y: (-0.3, 5.0), left, top: 10.0, width: 320.0, height: 230.0 };
        c.arrow(frame.at(-2.3, 0.0), frame.at(2.3, 0.0), Colour::Soft);
        c.path(&frame.curve(|x| x * x, -2.22, 2.22), Colour::Ink, 1.8);
        let mut x: f64 = start;
        for _ in 0..6 {
            let next = x - rate * 2.0 * x;
            c.line(frame.at(x, x * x), frame.at(next, next * next), Colour::Orange, 1.4);
            c.dot(frame.at(x, x * x), 4.0, Colour::Orange);
            x = next;
        }
        c.dot(frame.at(x, x * x), 4.0, Colour::Orange);
        c.text((left + 160.0, 268.0), words, Colour::Soft, Anchor::Middle);
    }
    c
}

/// How wrong a measured slope is, for every h: from the left rounding, from the right the bend of the curve.
pub(super) fn step_size() -> Canvas {
    let mut c = Canvas::new(600.0, 350.0);
    let frame =
        Frame { x: (-15.0, 0.0), y: (-13.0, 1.0), left: 74.0, top: 12.0, width: 500.0, height: 280.0 };
    for power in [-12, -8, -4, 0] {
        let (x, y) = frame.at(-15.0, f64::from(power));
        c.line((x, y), (x + frame.width, y), Colour::Soft, 0.4);
        c.text((x - 10.0, y + 5.0), &ten_to(power), Colour::Soft, Anchor::End);
    }
    for power in [-15, -12, -9, -6, -3, 0] {
        let (x, y) = frame.at(f64::from(power), -13.0);
        c.text((x, y + 20.0), &ten_to(power), Colour::Soft, Anchor::Middle);
    }
    let cube = |x: f64| x * x * x;
    let forward = |h: f64| (cube(1.0 + h) - cube(1.0)) / h;
    let central = |h: f64| (cube(1.0 + h) - cube(1.0 - h)) / (2.0 * h);
    let error = |measured: f64| ((measured - 3.0).abs() + 1e-13).log10();
    // halving is exact, so that the rounding drawn here is the same on every machine
    let steps: Vec<f64> = std::iter::successors(Some(0.7), |h| Some(h / 2.0)).take(50).collect();
    let curve = |slope: &dyn Fn(f64) -> f64| -> Vec<(f64, f64)> {
        steps.iter().map(|&h| frame.at(h.log10(), error(slope(h)).min(1.0))).collect()
    };
    c.path(&curve(&forward), Colour::Orange, 1.8);
    c.path(&curve(&central), Colour::Blue, 1.8);
    let label =
        |c: &mut Canvas, at: (f64, f64), words: &str, colour| c.text(at, words, colour, Anchor::Start);
    let (x, y) = frame.at(-5.4, -3.4);
    label(&mut c, (x - 104.0, y), "one-sided", Colour::Orange);
    let (x, y) = frame.at(-3.0, -8.4);
    label(&mut c, (x + 4.0, y + 12.0), "two-sided", Colour::Blue);
    c.text((74.0 + 250.0, 340.0), "h", Colour::Soft, Anchor::Middle);
    c.text(
        (frame.at(-14.7, 0.0).0, frame.at(0.0, -12.0).1 - 8.0),
        "error of the slope",
        Colour::Soft,
        Anchor::Start,
    );
    c
}

/// 10 to a power, in the digits that sit high.
fn ten_to(power: i32) -> String {
    let digits = power
        .abs()
        .to_string()
        .chars()
        .map(|d| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(d as usize - '0' as usize).unwrap_or(d))
        .collect::<String>();
    if power == 0 { "1".to_string() } else { format!("10{}{digits}", if power < 0 { "⁻" } else { "" }) }
}
