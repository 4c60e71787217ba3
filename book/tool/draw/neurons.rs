//! The diagrams of chapter 3: a neuron, a network, activations, losses, and why ever more units fit any curve.

use micrograd::{Activation, Value, binary_cross_entropy_with_logits, hinge_loss, mse_loss};

use super::canvas::{Anchor, Canvas, Colour, Frame};

/// A neuron: weighted inputs, their sum with a bias, and the activation.
pub(super) fn neuron() -> Canvas {
    let mut c = Canvas::new(620.0, 220.0);
    for (i, y) in [36.0, 96.0, 156.0].into_iter().enumerate() {
        let name = ["x₁", "x₂", "x₃"][i];
        c.circle((50.0, y), 20.0, Colour::Ink);
        c.text((50.0, y + 5.0), name, Colour::Ink, Anchor::Middle);
        c.arrow((70.0, y), (233.0, 96.0 + (y - 96.0) * 0.22), Colour::Soft);
        let weight = ["× w₁", "× w₂", "× w₃"][i];
        c.text((146.0, 86.0 + (y - 96.0) * 0.62), weight, Colour::Blue, Anchor::Middle);
    }
    c.circle((260.0, 96.0), 27.0, Colour::Ink);
    c.sized_text((260.0, 103.0), "Σ", Colour::Ink, Anchor::Middle, 21.0);
    c.arrow((260.0, 184.0), (260.0, 124.0), Colour::Soft);
    c.text((260.0, 203.0), "+ b", Colour::Blue, Anchor::Middle);
    c.arrow((287.0, 96.0), (383.0, 96.0), Colour::Soft);
    c.text((334.0, 84.0), "w·x + b", Colour::Soft, Anchor::Middle);
    c.rect(384.0, 66.0, 80.0, 60.0, Colour::Ink);
    let frame = Frame { x: (-3.0, 3.0), y: (-1.3, 1.3), left: 390.0, top: 70.0, width: 68.0, height: 52.0 };
    c.path(&frame.curve(|x| Activation::Tanh.of(Value::new(x)).data(), -3.0, 3.0), Colour::Blue, 1.8);
    c.text((424.0, 146.0), "f", Colour::Blue, Anchor::Middle);
    c.arrow((464.0, 96.0), (540.0, 96.0), Colour::Soft);
    c.text((552.0, 101.0), "y", Colour::Ink, Anchor::Start);
    c
}

/// A network of 3 inputs, 4 hidden neurons and 2 outputs, every weight a line.
pub(super) fn network() -> Canvas {
    let mut c = Canvas::new(560.0, 260.0);
    let column = |count: usize, x: f64| -> Vec<(f64, f64)> {
        (0..count).map(|i| (x, 116.0 + 56.0 * (i as f64 - (count as f64 - 1.0) / 2.0))).collect()
    };
    let layers = [column(3, 110.0), column(4, 280.0), column(2, 450.0)];
    for pair in layers.windows(2) {
        for &from in &pair[0] {
            for &to in &pair[1] {
                c.line(from, to, Colour::Soft, 0.9);
            }
        }
    }
    for (i, layer) in layers.iter().enumerate() {
        for &at in layer {
            c.circle(at, 17.0, if i == 0 { Colour::Ink } else { Colour::Blue });
        }
    }
    for (x, words) in [(110.0, "3 inputs"), (280.0, "4 hidden"), (450.0, "2 outputs")] {
        c.text((x, 250.0), words, Colour::Soft, Anchor::Middle);
    }
    c.text((195.0, 20.0), "3 × 4 weights", Colour::Soft, Anchor::Middle);
    c.text((365.0, 20.0), "4 × 2 weights", Colour::Soft, Anchor::Middle);
    c
}

type Function = fn(&Value) -> Value;

/// The activations, each with its slope.
pub(super) fn activations() -> Canvas {
    let mut c = Canvas::new(700.0, 210.0);
    let shown: [(&str, Function); 4] = [
        ("relu", |x| x.relu()),
        ("tanh", |x| x.tanh()),
        ("sigmoid", |x| x.sigmoid()),
        ("softplus", |x| x.softplus()),
    ];
    for (i, (name, f)) in shown.into_iter().enumerate() {
        let left = 10.0 + 174.0 * i as f64;
        let frame = Frame { x: (-3.2, 3.2), y: (-1.4, 3.2), left, top: 8.0, width: 160.0, height: 160.0 };
        c.line(frame.at(-3.2, 0.0), frame.at(3.2, 0.0), Colour::Soft, 0.8);
        c.line(frame.at(0.0, -1.4), frame.at(0.0, 3.2), Colour::Soft, 0.8);
        let slope = |x: f64| {
            let x = Value::new(x);
            f(&x).backward();
            x.grad()
        };
        c.path(&frame.curve(slope, -3.1, 3.1), Colour::Orange, 1.4);
        c.path(&frame.curve(|x| f(&Value::new(x)).data(), -3.1, 3.1), Colour::Blue, 2.2);
        c.text((left + 80.0, 190.0), name, Colour::Ink, Anchor::Middle);
    }
    c
}

/// Losses of one score when the right answer is 1.
pub(super) fn losses() -> Canvas {
    let mut c = Canvas::new(600.0, 330.0);
    let frame = Frame { x: (-3.0, 3.4), y: (0.0, 4.6), left: 40.0, top: 12.0, width: 540.0, height: 270.0 };
    c.arrow(frame.at(-3.0, 0.0), frame.at(3.4, 0.0), Colour::Soft);
    for score in [-2, -1, 0, 1, 2, 3] {
        let (x, y) = frame.at(f64::from(score), 0.0);
        c.line((x, y), (x, y + 5.0), Colour::Soft, 1.0);
        c.text((x, y + 21.0), &score.to_string(), Colour::Soft, Anchor::Middle);
    }
    c.text((310.0, 322.0), "score", Colour::Soft, Anchor::Middle);
    let wrong = [frame.at(-3.0, 1.0), frame.at(0.0, 1.0), frame.at(0.0, 0.02), frame.at(3.3, 0.02)];
    c.path(&wrong, Colour::Soft, 1.6);
    let one = |x: f64| [Value::new(x)];
    c.path(&frame.curve(|x| mse_loss(&one(x), &[1.0]).data(), -1.13, 3.12), Colour::Green, 2.0);
    c.path(&frame.curve(|x| hinge_loss(&one(x), &[1.0]).data(), -3.0, 3.3), Colour::Blue, 2.0);
    let entropy = |x: f64| binary_cross_entropy_with_logits(&one(x), &[1.0]).data();
    c.path(&frame.curve(entropy, -3.0, 3.3), Colour::Orange, 2.0);
    c.text(frame.at(-2.9, 0.66), "wrong or right", Colour::Soft, Anchor::Start);
    c.text(frame.at(-2.45, 3.75), "hinge", Colour::Blue, Anchor::Start);
    c.text(frame.at(-2.95, 1.6), "cross-entropy", Colour::Orange, Anchor::Start);
    c.text(frame.at(2.9, 2.3), "squared", Colour::Green, Anchor::Start);
    c
}

/// A curve, and what 3, 6 and 14 relus can make of it.
pub(super) fn ever_more_units() -> Canvas {
    let mut c = Canvas::new(700.0, 230.0);
    let target = |x: f64| (1.6 * x).sin() + 0.25 * x;
    for (i, pieces) in [3, 6, 14].into_iter().enumerate() {
        let left = 10.0 + 232.0 * f64::from(i as u32);
        let frame = Frame { x: (-3.0, 3.0), y: (-2.0, 2.0), left, top: 6.0, width: 214.0, height: 184.0 };
        c.path(&frame.curve(target, -3.0, 3.0), Colour::Soft, 2.0);
        let knots: Vec<f64> = (0..=pieces).map(|k| -3.0 + 6.0 * f64::from(k) / f64::from(pieces)).collect();
        let fit = |x: f64| sum_of_relus(&target, &knots, x);
        c.path(&frame.curve(fit, -3.0, 3.0), Colour::Blue, 1.8);
        for &knot in &knots {
            c.dot(frame.at(knot, target(knot)), 3.2, Colour::Blue);
        }
        c.text((left + 107.0, 218.0), &format!("{pieces} units"), Colour::Soft, Anchor::Middle);
    }
    c
}

/// A constant and one relu for each knot but the last: each turns the line so that it meets the next knot.
fn sum_of_relus(target: &dyn Fn(f64) -> f64, knots: &[f64], x: f64) -> f64 {
    let mut slope = 0.0;
    let mut y = target(knots[0]);
    for pair in knots.windows(2) {
        let wanted = (target(pair[1]) - target(pair[0])) / (pair[1] - pair[0]);
        y += (wanted - slope) * Activation::Relu.of(Value::new(x - pair[0])).data();
        slope = wanted;
    }
    y
}
