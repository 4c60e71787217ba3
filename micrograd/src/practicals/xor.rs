//! "Exclusive or": one or the other, but not both. No straight line tells its answers apart; the hidden layer folds
//! the plane until one does. The picture shows the plane before and after.

use super::journal::Journal;
use super::learning::{batches, train_epoch};
use super::{Options, accuracy, model_json, open_run, predict};
use micrograd::{Activation, Graph, Mlp, Sgd, Value, binary_cross_entropy_with_logits};
use minitensor::lab::plot::{Chart, Color, Figure, Grid};
use minitensor::lab::{Outcome, Plan, Run, Table, loss, percent};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use serde::Serialize;
use serde_json::json;
use std::time::Duration;

#[derive(Serialize)]
struct Row {
    epoch: usize,
    train_loss: f64,
    train_accuracy: f64,
    seconds: f64,
}

const INPUTS: [[f64; 2]; 4] = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
/// How long an epoch takes.
const AN_EPOCH: Duration = Duration::from_micros(100);
/// Keeps the weights small, so that the hidden layer folds the plane softly and can be seen to do so.
const DECAY: f64 = 0.003;
const ANSWERS: [f64; 4] = [0.0, 1.0, 1.0, 0.0];

pub(crate) fn run(options: &Options) -> Outcome {
    let (epochs, lr) = (options.epochs.unwrap_or(500), options.lr.unwrap_or(0.5));
    let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
    let net = Mlp::new(&[2, 2, 1], Activation::Tanh, &mut rng);

    let run = open_run("xor", &options.out)?;
    run.config(&json!({
        "epochs": epochs, "batch_size": options.batch_size.unwrap_or(4), "lr": lr, "seed": options.seed,
    }))?;
    let plan = Plan::new("Learning \"exclusive or\"").on("all of its 4 cases");
    let plan = plan.parameters(net.parameters().len()).epochs(epochs);
    plan.device("cpu", 1).takes(AN_EPOCH.mul_f64(epochs as f64)).print();

    let mut journal = Journal::begin(&run, epochs, lr, &["epoch", "loss", "right"])?;
    let sgd = Sgd::new(net.parameters(), lr);
    for epoch in 1..=epochs {
        let batches = batches(INPUTS.len(), options.batch_size, &mut rng);
        let train_loss = train_epoch(&sgd, &batches, |batch| {
            let scores: Vec<Value> = batch.iter().map(|&i| predict(&net, INPUTS[i])).collect();
            let answers: Vec<f64> = batch.iter().map(|&i| ANSWERS[i]).collect();
            let squares: Value = net.parameters().iter().map(|w| w.powi(2)).sum();
            binary_cross_entropy_with_logits(&scores, &answers) + squares * DECAY
        });
        let go_on = journal.epoch(epoch, INPUTS.len(), train_loss, |seconds| {
            let train_accuracy = right(&net);
            (Row { epoch, train_loss, train_accuracy, seconds }, vec![percent(train_accuracy)])
        })?;
        if !go_on {
            break;
        }
    }
    draw(&run, &net, journal.rows())?;
    run.write("graph.svg", graph(&net).svg())?;
    run.write("graph.dot", graph(&net).dot())?;
    run.write("model.json", model_json(&net))?;
    drop(journal);
    summarize(&run, &net, options.seed);
    Ok(())
}

/// The fraction of the four cases that the network gets right.
fn right(net: &Mlp) -> f64 {
    let scores = INPUTS.map(|x| predict(net, x));
    accuracy(&scores, &ANSWERS.map(|answer| 2.0 * answer - 1.0))
}

/// Where the hidden layer puts a point.
fn hidden(net: &Mlp, x: f64, y: f64) -> (f64, f64) {
    let h = net.layers[0].forward(&[x, y].map(Value::new));
    (h[0].data(), h[1].data())
}

fn draw(run: &Run, net: &Mlp, rows: &[Row]) -> Outcome {
    let grid = Grid::new(-0.5..=1.5, -0.5..=1.5);
    let probability = grid.points().map(|(x, y)| predict(net, [x, y]).sigmoid().data());
    let plane = Chart::new("what the network is given").x("x1").y("x2").size(430.0, 430.0);
    let plane = with_net_and_cases(plane.probability(&grid, probability), |x, y| (x, y));

    let output = &net.layers[1].neurons[0];
    let grid = Grid::new(-1.1..=1.1, -1.1..=1.1);
    let probability = grid.points().map(|(x, y)| output.forward(&[x, y].map(Value::new)).sigmoid().data());
    let folded = Chart::new("what its hidden layer makes of it").x("h1").y("h2").size(430.0, 430.0);
    let folded = with_net_and_cases(folded.probability(&grid, probability), |x, y| hidden(net, x, y));
    run.write("hidden.svg", Figure::new(2).with(plane).with(folded))?;

    let losses = rows.iter().map(|row| (row.epoch as f64, row.train_loss));
    run.write("curves.svg", Chart::new("cross-entropy").x("epoch").log_y().line("", losses))?;
    Ok(())
}

/// Draws the four cases, and a square net over the plane, where `place` puts them.
fn with_net_and_cases(chart: Chart, place: impl Fn(f64, f64) -> (f64, f64)) -> Chart {
    let cases = |answer: f64| {
        let cases = INPUTS.iter().zip(ANSWERS).filter(move |(_, a)| *a == answer);
        cases.map(|(x, _)| place(x[0], x[1])).collect::<Vec<_>>()
    };
    let steps = |n: usize| (0..=n).map(move |i| -0.5 + 2.0 * i as f64 / n as f64);
    let mut net = Vec::new();
    for fixed in steps(5) {
        net.extend(steps(40).map(|x| place(x, fixed)));
        net.push((f64::NAN, f64::NAN)); // lifts the pen
        net.extend(steps(40).map(|y| place(fixed, y)));
        net.push((f64::NAN, f64::NAN));
    }
    let chart = chart.points("answer 0", cases(0.0)).points("answer 1", cases(1.0));
    let mut chart = chart.line("", net).colored(Color::Muted);
    // Lines lie above points, but a line of one point is a dot: so the cases stay visible where the net is narrow.
    for (i, answer) in [0.0, 1.0].into_iter().enumerate() {
        for case in cases(answer) {
            chart = chart.line("", [case]).colored(Color::Series(i));
        }
    }
    chart
}

/// The computation of the case (1, 0), with gradients of its loss.
fn graph(net: &Mlp) -> Graph {
    for (l, layer) in (1..).zip(&net.layers) {
        for (n, neuron) in (1..).zip(&layer.neurons) {
            for (i, w) in (1..).zip(&neuron.weights) {
                w.clone().with_label(format!("w{l}[{n},{i}]"));
            }
            neuron.bias.clone().with_label(format!("b{l}[{n}]"));
        }
    }
    let x = [Value::new(1.0).with_label("x1"), Value::new(0.0).with_label("x2")];
    let score = net.forward(&x).swap_remove(0).with_label("score");
    let loss = (-score).softplus().with_label("loss");
    net.parameters().iter().for_each(Value::zero_grad);
    loss.backward();
    Graph::of(&loss)
}

fn summarize(run: &Run, net: &Mlp, seed: u64) {
    let mut cases = Table::new(["x1", "x2", "wanted", "probability of 1", "h1", "h2"]);
    for (x, answer) in INPUTS.iter().zip(ANSWERS) {
        let (h1, h2) = hidden(net, x[0], x[1]);
        let p = predict(net, *x).sigmoid().data();
        let cells = [x[0], x[1], answer].map(|x| format!("{x:.0}"));
        cases.row(cells.into_iter().chain([p, h1, h2].map(|x| format!("{x:.3}"))));
    }
    print!("\n{cases}");
    if right(net) < 1.0 {
        println!(
            "\nStuck: every small step from here makes it worse. Start elsewhere, with --seed {}.",
            seed + 1
        );
    }
    let all: Vec<Value> = INPUTS.iter().map(|&x| predict(net, x)).collect();
    let mut summary = Table::summary();
    summary.row(["loss", &loss(binary_cross_entropy_with_logits(&all, &ANSWERS).data())]);
    summary.row(["right", &percent(right(net))]);
    summary.row(["pictures", &format!("{}, graph.svg, curves.svg", run.path("hidden.svg").display())]);
    print!("\n{summary}");
}
