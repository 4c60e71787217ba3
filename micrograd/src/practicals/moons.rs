//! Tells two half-moons apart, and draws where it sees the boundary between them.

use super::data::{Points, moons};
use super::journal::Journal;
use super::learning::{batches, train_epoch};
use super::{Options, accuracy, model_json, open_run, predict};
use micrograd::{Activation, Mlp, Sgd, Value, hinge_loss};
use minitensor::lab::plot::{Chart, Figure, Grid};
use minitensor::lab::{Outcome, Plan, Run, Table, loss, percent, ratio};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use serde::Serialize;
use serde_json::json;
use std::time::Duration;

#[derive(Serialize)]
struct Row {
    epoch: usize,
    train_loss: f64,
    train_accuracy: f64,
    test_loss: f64,
    test_accuracy: f64,
    seconds: f64,
}

const TRAIN: usize = 100;
const TEST: usize = 200;
const NOISE: f64 = 0.1;
/// How long an epoch takes.
const AN_EPOCH: Duration = Duration::from_millis(10);
/// Large weights bend the boundary around single points; a little of their squares in the loss keeps them small.
const DECAY: f64 = 1e-4;

pub(crate) fn run(options: &Options) -> Outcome {
    let (epochs, lr) = (options.epochs.unwrap_or(200), options.lr.unwrap_or(0.5));
    let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
    let (train, test) = (moons(TRAIN, NOISE, &mut rng), moons(TEST, NOISE, &mut rng));
    let net = Mlp::new(&[2, 16, 16, 1], Activation::Relu, &mut rng);

    let run = open_run("moons", &options.out)?;
    run.config(&json!({
        "epochs": epochs, "batch_size": options.batch_size.unwrap_or(TRAIN), "lr": lr, "seed": options.seed,
        "noise": NOISE, "weight_decay": DECAY,
    }))?;
    let plan = Plan::new("Telling two moons apart").on(format!("{TRAIN} noisy points ({TEST} more to test)"));
    let plan = plan.parameters(net.parameters().len()).epochs(epochs);
    plan.device("cpu", 1).takes(AN_EPOCH.mul_f64(epochs as f64)).print();

    let columns = ["epoch", "train loss", "train accuracy", "test accuracy"];
    let mut journal = Journal::begin(&run, epochs, lr, &columns)?;
    let sgd = Sgd::new(net.parameters(), lr);
    for epoch in 1..=epochs {
        let batches = batches(TRAIN, options.batch_size, &mut rng);
        // ANCHOR: moons_loss
        let train_loss = train_epoch(&sgd, &batches, |batch| {
            let scores: Vec<Value> = batch.iter().map(|&i| predict(&net, train.x[i])).collect();
            let labels: Vec<f64> = batch.iter().map(|&i| train.labels[i]).collect();
            let squares: Value = net.parameters().iter().map(|w| w.powi(2)).sum();
            hinge_loss(&scores, &labels) + squares * DECAY
        });
        // ANCHOR_END: moons_loss
        let go_on = journal.epoch(epoch, TRAIN, train_loss, |seconds| {
            let (_, train_accuracy) = judge(&net, &train);
            let (test_loss, test_accuracy) = judge(&net, &test);
            let row = Row { epoch, train_loss, train_accuracy, test_loss, test_accuracy, seconds };
            (row, vec![percent(train_accuracy), percent(test_accuracy)])
        })?;
        if !go_on {
            break;
        }
    }
    draw(&run, &net, &train, journal.rows())?;
    run.write("model.json", model_json(&net))?;
    summarize(&run, &net, journal, &train, &test);
    Ok(())
}

/// The hinge loss and the accuracy over some points.
fn judge(net: &Mlp, points: &Points) -> (f64, f64) {
    let scores: Vec<Value> = points.x.iter().map(|&x| predict(net, x)).collect();
    (hinge_loss(&scores, &points.labels).data(), accuracy(&scores, &points.labels))
}

fn draw(run: &Run, net: &Mlp, train: &Points, rows: &[Row]) -> Outcome {
    let grid = Grid::new(-1.6..=2.6, -1.2..=1.7);
    let probability = grid.points().map(|(x, y)| predict(net, [x, y]).sigmoid().data());
    let boundary = Chart::new("where the network sees the boundary")
        .size(640.0, 460.0)
        .probability(&grid, probability)
        .points("label -1", train.labelled(-1.0))
        .points("label 1", train.labelled(1.0));
    run.write("boundary.svg", boundary)?;
    let by_epoch = |of: fn(&Row) -> f64| rows.iter().map(move |row| (row.epoch as f64, of(row)));
    let losses = Chart::new("hinge loss").x("epoch").log_y();
    let losses =
        losses.line("train", by_epoch(|row| row.train_loss)).dashed("test", by_epoch(|row| row.test_loss));
    let accuracies = Chart::new("accuracy").x("epoch").percent_y();
    let accuracies = accuracies
        .line("train", by_epoch(|row| row.train_accuracy))
        .dashed("test", by_epoch(|row| row.test_accuracy));
    run.write("curves.svg", Figure::new(2).with(losses).with(accuracies))?;
    Ok(())
}

fn summarize(run: &Run, net: &Mlp, journal: Journal<Row>, train: &Points, test: &Points) {
    let rights = |points: &Points| {
        let (_, accuracy) = judge(net, points);
        ratio((accuracy * points.x.len() as f64).round() as usize, points.x.len())
    };
    let (test_loss, _) = judge(net, test);
    drop(journal);
    let mut summary = Table::summary();
    summary.row(["right on the training points", &rights(train)]);
    summary.row(["right on new points", &rights(test)]);
    summary.row(["loss on new points", &loss(test_loss)]);
    summary.row(["pictures", &format!("{}, curves.svg", run.path("boundary.svg").display())]);
    print!("\n{summary}");
}
