//! A network that learns xor.

use micrograd::{Activation, Mlp, Value};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(net: &Mlp, points: &[([f64; 2], f64)], rate: f64, steps: usize) -> f64;

/// Exclusive or: 1 where the inputs differ. No single neuron can say it.
const XOR: [([f64; 2], f64); 4] =
    [([-1.0, -1.0], -1.0), ([-1.0, 1.0], 1.0), ([1.0, -1.0], 1.0), ([1.0, 1.0], -1.0)];

fn net() -> Mlp {
    Mlp::new(&[2, 4, 1], Activation::Tanh, &mut ChaCha8Rng::seed_from_u64(7))
}

/// What the network says to one point.
fn says(net: &Mlp, x: [f64; 2]) -> f64 {
    net.forward(&x.map(Value::new))[0].data()
}

fn mean_square(net: &Mlp) -> f64 {
    XOR.iter().map(|(x, target)| (says(net, *x) - target).powi(2)).sum::<f64>() / 4.0
}

/// The parameters after a step of gradient descent, by measured slopes.
fn stepped(net: &Mlp, rate: f64) -> Vec<f64> {
    let slope = |p: &Value| {
        let before = p.data();
        let [above, below] = [1e-5, -1e-5].map(|h| {
            p.set_data(before + h);
            mean_square(net)
        });
        p.set_data(before);
        (above - below) / 2e-5
    };
    net.parameters().iter().map(|p| p.data() - rate * slope(p)).collect()
}

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let (trained, measured) = (net(), net());
    sheet.near("no step: the loss as it is", answer(&trained, &XOR, 0.1, 0), mean_square(&measured));
    for step in ["after 1 step: the last neuron", "after 2 steps"] {
        let loss = answer(&trained, &XOR, 0.1, 1);
        let expected = stepped(&measured, 0.1);
        measured.parameters().iter().zip(&expected).for_each(|(p, data)| p.set_data(*data));
        // The last neuron: four weights and a bias.
        let last = trained.parameters().iter().skip(12).map(Value::data).collect::<Vec<_>>();
        sheet.near(step, last, &expected[12..]);
        sheet.near("    and the loss", loss, mean_square(&measured));
    }
    let net = net();
    let loss = answer(&net, &XOR, 0.1, 500);
    sheet.same(
        "after 500 steps, the loss",
        if loss < 0.01 { "below 0.01".to_owned() } else { format!("{loss:.4}") },
        "below 0.01",
    );
    for (x, target) in XOR {
        let side = |y: f64| if y > 0.0 { "above 0" } else { "below 0" };
        sheet.same(format!("    at {x:?}"), side(says(&net, x)), side(target));
    }
}

/// Trains with a slip: without `zero_grad`, or with a loss `scale` times as large.
fn slip(net: &Mlp, points: &[([f64; 2], f64)], rate: f64, steps: usize, forget: bool, scale: f64) -> f64 {
    let loss = || {
        let squares =
            points.iter().map(|(x, target)| (&net.forward(&x.map(Value::new))[0] - *target).powi(2));
        squares.sum::<Value>() * (scale / points.len() as f64)
    };
    for _ in 0..steps {
        net.parameters().iter().filter(|_| forget).for_each(Value::zero_grad);
        loss().backward();
        net.parameters().iter().for_each(|p| p.set_data(p.data() - rate * p.grad()));
    }
    loss().data()
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to forget to forget: without `zero_grad`, each step goes by all the gradients there ever were, and the network \
         rolls past where it should stop.",
        |net, points, rate, steps| slip(net, points, rate, steps, false, 1.0),
    ),
    (
        "to add the squares up and not to divide by their number. The mean keeps the size of a step the same, however many \
         points there are.",
        |net, points, rate, steps| slip(net, points, rate, steps, true, points.len() as f64),
    ),
    ("to go uphill. The gradient says where the loss grows: subtract it.", |net, points, rate, steps| {
        slip(net, points, -rate, steps, true, 1.0)
    }),
    (
        "to return the loss from before the last step. Every step changes the network, so compute the loss once more.",
        |net, points, rate, steps| {
            let before = slip(net, points, rate, steps.saturating_sub(1), true, 1.0);
            slip(net, points, rate, steps.min(1), true, 1.0);
            before
        },
    ),
];
