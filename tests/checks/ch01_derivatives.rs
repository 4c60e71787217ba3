//! Checks of chapter 1. Wherever there is a formula to find, the measured slope is the judge of it.

#[allow(unused_imports, reason = "`checks/main.rs` has its own")]
use tests::my_chapter as chapter;

crate::chapter! {
    #[path = "../mine/ch01_derivatives.rs"]
    ch01_derivatives: central_difference, neuron_gradient, two_layers, residual_gradient, descend
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// The slope of `f` at `x`, measured.
fn slope(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    (f(x + 1e-5) - f(x - 1e-5)) / 2e-5
}

mod central_difference {
    use tests::exercise::{Sheet, Wrong};

    pub(super) type Answer = fn(f: &dyn Fn(f64) -> f64, x: f64, h: f64) -> f64;

    pub(super) fn check(answer: Answer, sheet: &mut Sheet) {
        sheet.near("x^2 at 3, h = 0.1", answer(&|x| x * x, 3.0, 0.1), 6.0);
        sheet.near("x^3 at 2, h = 0.5", answer(&|x| x * x * x, 2.0, 0.5), 12.25);
        sheet.near("|x| at 0, h = 0.1", answer(&f64::abs, 0.0, 0.1), 0.0);
        sheet.near("sin x at 0, h = 0.5", answer(&f64::sin, 0.0, 0.5), 2.0 * 0.5_f64.sin());
        sheet.near("exp x at 1, h = 0.00001", answer(&f64::exp, 1.0, 1e-5), std::f64::consts::E);
    }

    pub(super) const WRONG: &[Wrong<Answer>] = &[
        (
            "a forward difference, (f(x + h) - f(x)) / h. It looks ahead only, and is wrong by about half of f'' * h; \
             a central one is wrong by about h^2, because the errors of the two sides cancel.",
            |f, x, h| (f(x + h) - f(x)) / h,
        ),
        (
            "to divide by h. From x - h to x + h the way is 2 h long, so these slopes are twice too steep.",
            |f, x, h| (f(x + h) - f(x - h)) / h,
        ),
        ("a missing pair of brackets: a / 2.0 * h is (a / 2.0) * h. Write a / (2.0 * h).", |f, x, h| {
            (f(x + h) - f(x - h)) / 2.0 * h
        }),
        (
            "a run with its sign lost: f(x - h) - f(x + h) goes backwards, so every slope is turned over.",
            |f, x, h| (f(x - h) - f(x + h)) / (2.0 * h),
        ),
    ];
}

mod neuron_gradient {
    use super::{sigmoid, slope};
    use tests::exercise::{Sheet, Wrong};

    pub(super) type Answer = fn(w: [f64; 2], x: [f64; 2], y: f64) -> [f64; 2];

    pub(super) fn check(answer: Answer, sheet: &mut Sheet) {
        let example = answer([1.0, 2.0], [0.5, 1.0], 0.0);
        sheet.near_within(1e-3, "the example of the chapter, to 3 decimals", example, [0.065, 0.13]);
        for (w, x, y) in
            [([1.0, 2.0], [0.5, 1.0], 1.0), ([-0.3, 0.8], [2.0, -1.0], 0.0), ([0.2, 0.1], [0.0, 3.0], 0.5)]
        {
            let loss = |w: [f64; 2]| (sigmoid(w[0] * x[0] + w[1] * x[1]) - y).powi(2);
            let expected = [slope(|w0| loss([w0, w[1]]), w[0]), slope(|w1| loss([w[0], w1]), w[1])];
            sheet.near(format!("w = {w:?}, x = {x:?}, y = {y}"), answer(w, x, y), expected);
        }
    }

    /// dl/ds, the part that both weights share.
    fn shared(w: [f64; 2], x: [f64; 2], y: f64) -> f64 {
        let z = sigmoid(w[0] * x[0] + w[1] * x[1]);
        2.0 * (z - y) * z * (1.0 - z)
    }

    pub(super) const WRONG: &[Wrong<Answer>] = &[
        (
            "to stop at the sum. These are dl/ds, the same for both weights; the last step, from s to each weight, \
             multiplies by that weight's input.",
            |w, x, y| [shared(w, x, y); 2],
        ),
        (
            "to leave out the slope of the sigmoid. Between the loss and the sum stands z = sigmoid(s), whose derivative \
             z * (1 - z) is a factor of its own, and never more than 0.25.",
            |w, x, y| {
                let z = sigmoid(w[0] * x[0] + w[1] * x[1]);
                x.map(|x| 2.0 * (z - y) * x)
            },
        ),
        (
            "to lose the 2 of the square: the derivative of (z - y)^2 is 2 (z - y). All is half of what it should be.",
            |w, x, y| {
                let half = shared(w, x, y) / 2.0;
                x.map(|x| half * x)
            },
        ),
        (
            "to put z through the sigmoid once more. The slope is s (1 - s) with s = sigmoid(x), and here z is that s \
             already: z * (1 - z).",
            |w, x, y| {
                let z = sigmoid(w[0] * x[0] + w[1] * x[1]);
                x.map(|x| 2.0 * (z - y) * sigmoid(z) * (1.0 - sigmoid(z)) * x)
            },
        ),
        (
            "to swap the weights and the inputs. ds/dw is x: the input says how much its weight matters.",
            |w, x, y| w.map(|w_i| shared(w, x, y) * w_i),
        ),
    ];
}

mod two_layers {
    use super::{sigmoid, slope};
    use tests::exercise::{Sheet, Wrong};

    pub(super) type Answer = fn(w1: f64, w2: f64, x: f64, y: f64) -> f64;

    pub(super) fn check(answer: Answer, sheet: &mut Sheet) {
        for (w1, w2, x, y) in
            [(0.5, 2.0, 1.0, 0.0), (0.5, 2.0, 1.0, 1.0), (-1.0, 3.0, 2.0, 0.5), (1.0, -0.5, -2.0, 0.0)]
        {
            let expected = slope(|w1| (sigmoid(w2 * sigmoid(w1 * x)) - y).powi(2), w1);
            sheet.near(format!("w1 = {w1}, w2 = {w2}, x = {x}, y = {y}"), answer(w1, w2, x, y), expected);
        }
    }

    /// The five factors on the way back, from the loss to w1.
    fn factors(w1: f64, w2: f64, x: f64, y: f64) -> [f64; 5] {
        let h = sigmoid(w1 * x);
        let z = sigmoid(w2 * h);
        [2.0 * (z - y), z * (1.0 - z), w2, h * (1.0 - h), x]
    }

    pub(super) const WRONG: &[Wrong<Answer>] = &[
        (
            "to leave out w2. The way from z back to h crosses the product w2 * h, whose derivative by h is w2; a layer \
             passes its gradient back through its weights.",
            |w1, w2, x, y| factors(w1, w2, x, y).iter().product::<f64>() / w2,
        ),
        (
            "to turn off at w2: with h for a factor where w2 should be, it is about dl/dw2 that goes on to x. By h, the \
             derivative of w2 * h is w2.",
            |w1, w2, x, y| factors(w1, w2, x, y).iter().product::<f64>() / w2 * sigmoid(w1 * x),
        ),
        (
            "to count one sigmoid only. There are two on the way, and the gradient passes h * (1 - h) as well as \
             z * (1 - z).",
            |w1, w2, x, y| {
                let [loss, outer, weight, _, input] = factors(w1, w2, x, y);
                loss * outer * weight * input
            },
        ),
        (
            "to stop before x. The last step is from the sum w1 * x to w1, and its factor is x.",
            |w1, w2, x, y| factors(w1, w2, x, y)[..4].iter().product(),
        ),
    ];
}

mod residual_gradient {
    use super::slope;
    use tests::exercise::{Sheet, Wrong};

    pub(super) type Answer = fn(weights: [[f64; 2]; 2], bias: [f64; 2], a: [f64; 2]) -> [f64; 2];

    /// What each unit adds up, before relu.
    fn sums(weights: [[f64; 2]; 2], bias: [f64; 2], a: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|i| weights[i][0] * a[0] + weights[i][1] * a[1] + bias[i])
    }

    pub(super) fn check(answer: Answer, sheet: &mut Sheet) {
        let weights = [[1.0, -2.0], [0.5, 3.0]];
        for (case, bias, a) in [
            ("both units above zero", [5.0, 0.0], [1.0, 1.0]),
            ("the second unit asleep", [5.0, -9.0], [1.0, 1.0]),
            ("the first unit asleep", [0.0, 0.0], [1.0, 1.0]),
            ("both asleep: the bridge alone", [-5.0, -5.0], [1.0, 1.0]),
            ("a negative input", [1.0, 2.0], [1.0, -0.5]),
        ] {
            let y =
                |a: [f64; 2]| sums(weights, bias, a).iter().zip(a).map(|(s, a)| s.max(0.0) + a).sum::<f64>();
            let expected = [slope(|a0| y([a0, a[1]]), a[0]), slope(|a1| y([a[0], a1]), a[1])];
            sheet.near(case, answer(weights, bias, a), expected);
        }
    }

    /// The gradient with a bridge of `bridge`, where `on(i, j)` tells the weight that unit i passes to input j.
    fn gradient(bridge: f64, on: impl Fn(usize, usize) -> f64) -> [f64; 2] {
        [0, 1].map(|j| bridge + on(0, j) + on(1, j))
    }

    pub(super) const WRONG: &[Wrong<Answer>] = &[
        (
            "to forget the bridge. Each input also reaches the result directly, with a derivative of 1: that is why a \
             gradient still arrives where every unit is asleep.",
            |weights, bias, a| {
                let sums = sums(weights, bias, a);
                gradient(0.0, |i, j| if sums[i] > 0.0 { weights[i][j] } else { 0.0 })
            },
        ),
        (
            "to go back through the rows of the weights. Forward, unit i reads row i; backward, input j collects column \
             j, which is what the units took from it: the transpose.",
            |weights, bias, a| {
                let sums = sums(weights, bias, a);
                gradient(1.0, |i, j| if sums[i] > 0.0 { weights[j][i] } else { 0.0 })
            },
        ),
        (
            "to pass the gradient through every unit. Where the sum is not above zero, relu is flat, and nothing passes.",
            |weights, _, _| gradient(1.0, |i, j| weights[i][j]),
        ),
        (
            "to ask whether the input is above zero. What relu cuts is the sum of the unit, W a + b.",
            |weights, _, a| gradient(1.0, |i, j| if a[i] > 0.0 { weights[i][j] } else { 0.0 }),
        ),
    ];
}

mod descend {
    use super::sigmoid;
    use tests::exercise::{Sheet, Wrong};

    pub(super) type Answer = fn(&dyn Fn([f64; 2]) -> [f64; 2], [f64; 2], f64, usize) -> Vec<[f64; 2]>;

    /// The gradient of the chapter's example.
    fn example(w: [f64; 2]) -> [f64; 2] {
        let z = sigmoid(0.5 * w[0] + w[1]);
        [z * z * (1.0 - z), 2.0 * z * z * (1.0 - z)]
    }

    /// The gradient of w0^2 + w0 w1 + w1^2, a tilted bowl.
    fn bowl([w0, w1]: [f64; 2]) -> [f64; 2] {
        [2.0 * w0 + w1, w0 + 2.0 * w1]
    }

    pub(super) fn check(answer: Answer, sheet: &mut Sheet) {
        let step = answer(&example, [1.0, 2.0], 0.1, 1);
        sheet.near_within(1e-4, "one step of the chapter's example", step, [[1.0, 2.0], [0.9935, 1.987]]);
        let path = [[4.0, 0.0], [2.0, -1.0], [1.25, -1.0], [0.875, -0.8125]];
        sheet.near("a tilted bowl, rate 0.25, 3 steps", answer(&bowl, [4.0, 0.0], 0.25, 3), path);
        sheet.near("no step at all", answer(&bowl, [4.0, 0.0], 0.25, 0), [[4.0, 0.0]]);
    }

    /// Walks with `step`, which gives the next place.
    fn walk(start: [f64; 2], steps: usize, step: impl Fn([f64; 2]) -> [f64; 2]) -> Vec<[f64; 2]> {
        std::iter::successors(Some(start), |w| Some(step(*w))).take(steps + 1).collect()
    }

    /// `w` moved by so many times `g`.
    fn moved(w: [f64; 2], by: f64, g: [f64; 2]) -> [f64; 2] {
        [w[0] + by * g[0], w[1] + by * g[1]]
    }

    pub(super) const WRONG: &[Wrong<Answer>] = &[
        (
            "to add the gradient. It points to where the loss grows fastest, so that climbs; subtract it.",
            |gradient, start, rate, steps| walk(start, steps, |w| moved(w, rate, gradient(w))),
        ),
        (
            "to ask for the gradient once, at the start. The slope is another at every place: ask again at each step.",
            |gradient, start, rate, steps| walk(start, steps, |w| moved(w, -rate, gradient(start))),
        ),
        (
            "to move one weight before asking about the other. Both steps belong to the gradient at one place: find all \
             of it, then move.",
            |gradient, start, rate, steps| {
                walk(start, steps, |[w0, w1]| {
                    let w0 = w0 - rate * gradient([w0, w1])[0];
                    [w0, w1 - rate * gradient([w0, w1])[1]]
                })
            },
        ),
        (
            "to leave out the start. The path has steps + 1 places, and `start` is the first of them.",
            |gradient, start, rate, steps| walk(start, steps, |w| moved(w, -rate, gradient(w))).split_off(1),
        ),
    ];
}
