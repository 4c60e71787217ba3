//! Two rings, one inside the other: no straight line tells them apart, so one neuron on x and y is lost. Given the
//! radius and the angle instead, it only has to find a threshold. The right features can replace a network.

use super::data::{Points, rings};
use super::journal::Journal;
use super::learning::{batches, train_epoch};
use super::{Options, accuracy, model_json, open_run, predict};
use micrograd::{Activation, Mlp, Sgd, Value, binary_cross_entropy_with_logits};
use minitensor::lab::plot::{Chart, Figure, Grid};
use minitensor::lab::{Outcome, Plan, Run, Table, percent};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use serde::Serialize;
use serde_json::json;
use std::time::Duration;

#[derive(Serialize)]
struct Row {
    epoch: usize,
    /// Of the neuron that is given radius and angle.
    train_loss: f64,
    train_accuracy: f64,
    test_accuracy: f64,
    /// Of the neuron that is given x and y.
    train_loss_xy: f64,
    test_accuracy_xy: f64,
    seconds: f64,
}

/// One neuron, and what it is shown of a point.
struct Learner {
    net: Mlp,
    sgd: Sgd,
    features: fn([f64; 2]) -> [f64; 2],
}

const TRAIN: usize = 100;
const TEST: usize = 200;
const NOISE: f64 = 0.15;
/// How long an epoch takes.
const AN_EPOCH: Duration = Duration::from_micros(400);

pub(crate) fn run(options: &Options) -> Outcome {
    let (epochs, lr) = (options.epochs.unwrap_or(300), options.lr.unwrap_or(1.0));
    let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
    let (train, test) = (rings(TRAIN, NOISE, &mut rng), rings(TEST, NOISE, &mut rng));
    let mut learner = |features| {
        let net = Mlp::new(&[2, 1], Activation::Relu, &mut rng);
        Learner { sgd: Sgd::new(net.parameters(), lr), net, features }
    };
    let (plain, polar) = (learner(|x| x), learner(to_polar));

    let run = open_run("rings", &options.out)?;
    run.config(&json!({
        "epochs": epochs, "batch_size": options.batch_size.unwrap_or(TRAIN), "lr": lr, "seed": options.seed,
        "noise": NOISE,
    }))?;
    let plan = Plan::new("Telling two rings apart with one neuron");
    let plan = plan.on(format!("{TRAIN} noisy points ({TEST} more to test)")).parameters(3).epochs(epochs);
    plan.device("cpu", 1).takes(AN_EPOCH.mul_f64(epochs as f64)).print();

    let columns = ["epoch", "train loss", "test accuracy", "given x and y"];
    let mut journal = Journal::begin(&run, epochs, lr, &columns)?;
    for epoch in 1..=epochs {
        let batches = batches(TRAIN, options.batch_size, &mut rng);
        let train_loss_xy = plain.train(&train, &batches);
        let train_loss = polar.train(&train, &batches);
        let go_on = journal.epoch(epoch, TRAIN, train_loss, |seconds| {
            let (train_accuracy, test_accuracy) = (polar.accuracy(&train), polar.accuracy(&test));
            let test_accuracy_xy = plain.accuracy(&test);
            let cells = vec![percent(test_accuracy), percent(test_accuracy_xy)];
            (
                Row {
                    epoch,
                    train_loss,
                    train_accuracy,
                    test_accuracy,
                    train_loss_xy,
                    test_accuracy_xy,
                    seconds,
                },
                cells,
            )
        })?;
        if !go_on {
            break;
        }
    }
    draw(&run, &plain, &polar, &train)?;
    run.write("model.json", model_json(&polar.net))?;
    drop(journal);
    summarize(&run, &plain, &polar, &test);
    Ok(())
}

// ANCHOR: to_polar
/// How far from the middle, and in which direction.
fn to_polar([x, y]: [f64; 2]) -> [f64; 2] {
    [x.hypot(y), y.atan2(x)]
}
// ANCHOR_END: to_polar

impl Learner {
    fn score(&self, x: [f64; 2]) -> Value {
        predict(&self.net, (self.features)(x))
    }

    fn train(&self, points: &Points, batches: &[Vec<usize>]) -> f64 {
        train_epoch(&self.sgd, batches, |batch| {
            let scores: Vec<Value> = batch.iter().map(|&i| self.score(points.x[i])).collect();
            let targets: Vec<f64> = batch.iter().map(|&i| (points.labels[i] + 1.0) / 2.0).collect();
            binary_cross_entropy_with_logits(&scores, &targets)
        })
    }

    fn accuracy(&self, points: &Points) -> f64 {
        let scores: Vec<Value> = points.x.iter().map(|&x| self.score(x)).collect();
        accuracy(&scores, &points.labels)
    }
}

fn draw(run: &Run, plain: &Learner, polar: &Learner, train: &Points) -> Outcome {
    let panel = |title: &str, learner: &Learner| {
        let grid = Grid::new(-2.7..=2.7, -2.7..=2.7);
        let probability = grid.points().map(|(x, y)| learner.score([x, y]).sigmoid().data());
        let chart = Chart::new(title).size(420.0, 420.0).probability(&grid, probability);
        chart.points("inner ring", train.labelled(-1.0)).points("outer ring", train.labelled(1.0))
    };
    let figure = Figure::new(2).with(panel("one neuron, given x and y", plain));
    run.write("boundary.svg", figure.with(panel("one neuron, given radius and angle", polar)))?;
    Ok(())
}

fn summarize(run: &Run, plain: &Learner, polar: &Learner, test: &Points) {
    let neuron = &polar.net.layers[0].neurons[0];
    let [radius, angle] = [&neuron.weights[0], &neuron.weights[1]].map(Value::data);
    let mut summary = Table::summary();
    summary.row(["right on new points, given x and y", &percent(plain.accuracy(test))]);
    summary.row(["right on new points, given radius and angle", &percent(polar.accuracy(test))]);
    summary.row(["its weights for radius and angle", &format!("{radius:.2} and {angle:.2}")]);
    summary.row(["its threshold", &format!("radius {:.2}", -neuron.bias.data() / radius)]);
    summary.row(["picture", &run.path("boundary.svg").display().to_string()]);
    print!("\n{summary}");
}
