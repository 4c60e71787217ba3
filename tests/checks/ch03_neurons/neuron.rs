//! A weighted sum, through tanh.

use micrograd::Value;
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn(weights: &[Value], bias: &Value, x: &[Value]) -> Value;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let value = |(w, b, x): ([f64; 2], f64, [f64; 2])| (w[0] * x[0] + w[1] * x[1] + b).tanh();
    for (w, b, x) in
        [([1.0, -2.0], 0.5, [0.3, 0.1]), ([0.2, 0.4], -1.0, [1.0, 2.0]), ([0.0, 0.0], 0.7, [3.0, 5.0])]
    {
        let (weights, bias) = (w.map(Value::new), Value::new(b));
        let y = answer(&weights, &bias, &x.map(Value::new));
        y.backward();
        let expected = value((w, b, x));
        sheet.near(format!("w = {w:?}, b = {b}, x = {x:?}"), y.data(), expected);
        // d tanh(s)/ds = 1 - tanh(s)^2, and ds/dw is x.
        let slope = 1.0 - expected * expected;
        sheet.near(
            "    gradient of w and of b",
            [&weights[0], &weights[1], &bias].map(Value::grad),
            [slope * x[0], slope * x[1], slope],
        );
    }
    sheet.near("no inputs, b = 0.7", answer(&[], &Value::new(0.7), &[]).data(), 0.7_f64.tanh());
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to add the bias once for each input. It belongs to the neuron, and so stands outside of the sum: begin with it.",
        |weights, bias, x| weights.iter().zip(x).map(|(w, x)| w * x + bias).sum::<Value>().tanh(),
    ),
    (
        "to bend each product by itself. A neuron sums first, and bends the sum: tanh stands around all of it.",
        |weights, bias, x| weights.iter().zip(x).map(|(w, x)| (w * x).tanh()).sum::<Value>() + bias,
    ),
    (
        "to leave out tanh. Without a bend, layers of neurons are no more than one layer: sums of sums are sums.",
        |weights, bias, x| weights.iter().zip(x).map(|(w, x)| w * x).sum::<Value>() + bias,
    ),
    (
        "to leave out the bias. Then the neuron has to say 0 where its inputs are 0, whatever it learns.",
        |weights, _, x| weights.iter().zip(x).map(|(w, x)| w * x).sum::<Value>().tanh(),
    ),
    (
        "to compute with `data()` on the way. The value is right, but a plain number carries no gradient back to the weights.",
        |weights, bias, x| {
            let sum: f64 = weights.iter().zip(x).map(|(w, x)| w.data() * x.data()).sum();
            (Value::new(sum) + bias.data()).tanh()
        },
    ),
];
