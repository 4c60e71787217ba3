//! The worked example of chapter 1: one neuron, one example, and every number on the way from the loss back to the
//! weights. Then the same step again and again.

use super::journal::check_loss;
use super::open_run;
use micrograd::{Graph, Sgd, Value};
use minitensor::lab::plot::Chart;
use minitensor::lab::{LiveTable, Outcome, Plan, Run, Stop, Table, at_least_one, positive};
use serde::Serialize;
use serde_json::json;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Clone, clap::Args)]
pub(crate) struct BackpropOptions {
    /// How often to repeat the step
    #[arg(long, value_name = "N", value_parser = at_least_one, default_value_t = 1000)]
    epochs: usize,
    /// Learning rate
    #[arg(long, value_name = "RATE", value_parser = positive, allow_negative_numbers = true, default_value_t = 0.1)]
    lr: f64,
    /// Folder for what the run writes [default: runs/micrograd-backprop]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Rows that a long run leaves in `metrics.csv`.
const ROWS_KEPT: usize = 1000;

#[derive(Serialize)]
struct Row {
    step: usize,
    z: f64,
    train_loss: f64,
    w1: f64,
    w2: f64,
}

// ANCHOR: example
/// z = sigmoid(w1 x1 + w2 x2) should be y; the loss is how far it is, squared.
struct Example {
    x: [Value; 2],
    y: Value,
    w: [Value; 2],
}

/// Every value on the way from the inputs to the loss.
struct Forward {
    products: [Value; 2],
    s: Value,
    z: Value,
    error: Value,
    loss: Value,
}

impl Example {
    fn new() -> Self {
        Self {
            x: [Value::new(0.5).with_label("x1"), Value::new(1.0).with_label("x2")],
            y: Value::new(0.0).with_label("y"),
            w: [Value::new(1.0).with_label("w1"), Value::new(2.0).with_label("w2")],
        }
    }

    fn forward(&self) -> Forward {
        let products = [&self.w[0] * &self.x[0], &self.w[1] * &self.x[1]];
        let s = (&products[0] + &products[1]).with_label("s");
        let z = s.sigmoid().with_label("z");
        let error = &z - &self.y;
        let loss = error.powi(2).with_label("loss");
        Forward { products, s, z, error, loss }
    }
}
// ANCHOR_END: example

pub(crate) fn run(options: &BackpropOptions) -> Outcome {
    let run = open_run("backprop", &options.out)?;
    run.config(&json!({ "epochs": options.epochs, "lr": options.lr }))?;
    let plan = Plan::new("Teaching one neuron one example, step by step").parameters(2).steps(options.epochs);
    plan.device("cpu", 1).takes(Duration::from_millis(10)).print();

    let example = Example::new();
    let sgd = Sgd::new(example.w.to_vec(), options.lr);
    let forward = example.forward();
    print_forward(&example, &forward);
    forward.loss.backward();
    print_backward(&example, &forward);
    run.write("graph.svg", Graph::of(&forward.loss).svg())?;
    run.write("graph.dot", Graph::of(&forward.loss).dot())?;
    print_step(&example, &sgd);
    repeat(&run, &example, &sgd, options.epochs)?;

    let after = example.forward();
    let mut summary = Table::summary();
    summary.row(["z", &format!("{} → {}", short(forward.z.data()), short(after.z.data()))]);
    summary.row(["loss", &format!("{} → {}", short(forward.loss.data()), short(after.loss.data()))]);
    summary.row(["pictures", &format!("{}, curves.svg", run.path("graph.svg").display())]);
    print!("\n{summary}");
    Ok(())
}

fn print_forward(example: &Example, forward: &Forward) {
    let [x1, x2] = &example.x;
    let [w1, w2] = &example.w;
    let Forward { products: [a, b], s, z, error, loss } = forward;
    println!("\nForward: what does the neuron say, and how wrong is it?\n");
    line("w1 x1", format!("{w1} × {x1}"), a.data());
    line("w2 x2", format!("{w2} × {x2}"), b.data());
    line("s = w1 x1 + w2 x2", format!("{a} + {b}"), s.data());
    line("z = sigmoid(s)", format!("1 / (1 + e^-{s})"), z.data());
    line("z - y", format!("{} - {}", short(z.data()), example.y), error.data());
    line("loss = (z - y)²", format!("{}²", short(error.data())), loss.data());
}

fn print_backward(example: &Example, forward: &Forward) {
    let [x1, x2] = &example.x;
    let Forward { s, z, error, loss, .. } = forward;
    println!("\nBackward: how does the loss move when each of these moves?\n");
    line("dl/dl", String::new(), loss.grad());
    line("dl/dz = 2 (z - y)", format!("2 × {}", short(error.data())), z.grad());
    let rest = short(1.0 - z.data());
    let (z_grad, s_grad) = (short(z.grad()), short(s.grad()));
    line("dl/ds = dl/dz × z (1 - z)", format!("{z_grad} × {} × {rest}", short(z.data())), s.grad());
    line("dl/dw1 = dl/ds × x1", format!("{s_grad} × {x1}"), example.w[0].grad());
    line("dl/dw2 = dl/ds × x2", format!("{s_grad} × {x2}"), example.w[1].grad());
}

/// Takes the first step, and shows it.
fn print_step(example: &Example, sgd: &Sgd) {
    println!("\nStep: move each weight against its gradient, at a rate of {:?}\n", sgd.lr);
    let before = example.w.each_ref().map(Value::data);
    sgd.step();
    for ((w, before), name) in example.w.iter().zip(before).zip(["w1", "w2"]) {
        line(name, format!("{before} - {:?} × {}", sgd.lr, short(w.grad())), w.data());
    }
}

/// One line of a calculation: its name, how it goes, what comes out.
fn line(name: &str, how: String, result: f64) {
    println!("  {name:<27}{how:<23}= {}", short(result));
}

/// Three digits after the point are enough to follow by hand, and four near 1, where the weights move by little.
fn short(x: f64) -> String {
    let near_one = (0.99..2.0).contains(&x) && (x - x.round()).abs() < 0.01;
    let text = decimals(x, if near_one { 4 } else { 3 });
    if text.contains('e') { text } else { text.trim_end_matches('0').trim_end_matches('.').to_owned() }
}

fn decimals(x: f64, count: usize) -> String {
    if x.abs() < 1e6 { format!("{x:.count$}") } else { format!("{x:.2e}") }
}

/// Takes the steps after the first, showing ever fewer of them: 1, 10, 100, 1000.
fn repeat(run: &Run, example: &Example, sgd: &Sgd, steps: usize) -> Outcome {
    println!("\nAgain and again, each time from the new weights\n");
    let mut table = LiveTable::new(["steps", "z", "loss", "w1", "w2"]);
    let mut rows = Vec::new();
    let stop = Stop::arm();
    for step in 1..=steps {
        let forward = example.forward();
        let [w1, w2] = example.w.each_ref().map(Value::data);
        let row = Row { step, z: forward.z.data(), train_loss: forward.loss.data(), w1, w2 };
        check_loss(row.train_loss, step, sgd.lr)?;
        let ends = step == steps || stop.requested();
        if ends || 10_usize.pow(step.ilog10()) == step {
            let cells = [row.z, row.train_loss, w1, w2].map(|x| decimals(x, 4));
            table.row([step.to_string()].into_iter().chain(cells));
        }
        if ends || step.is_multiple_of(steps.div_ceil(ROWS_KEPT)) {
            rows.push(row);
        }
        if ends {
            break;
        }
        sgd.zero_grad();
        forward.loss.backward();
        sgd.step();
    }
    let losses: Vec<(f64, f64)> = rows.iter().map(|row| (row.step as f64, row.train_loss)).collect();
    run.write("curves.svg", Chart::new("loss").x("steps").line("", losses))?;
    run.metrics(rows)?;
    Ok(())
}
