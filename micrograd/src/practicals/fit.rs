//! Fits x² with a layer of tanh neurons, and draws the fit as it learns.

use super::journal::Journal;
use super::learning::{batches, train_epoch};
use super::{model_json, open_run, predict};
use clap::builder::RangedU64ValueParser;
use micrograd::{Activation, Mlp, Sgd, Value, mse_loss};
use minitensor::lab::plot::{Chart, Color, Figure};
use minitensor::lab::{Outcome, Plan, Run, Table, count, loss};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use serde::Serialize;
use serde_json::json;
use std::time::Duration;

#[derive(Clone, clap::Args)]
pub(crate) struct FitOptions {
    /// Neurons in the hidden layer: more of them bend the line in more places
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=1000), default_value_t = 8)]
    hidden: usize,
    #[command(flatten)]
    common: super::Options,
}

#[derive(Serialize)]
struct Row {
    epoch: usize,
    train_loss: f64,
    test_loss: f64,
    seconds: f64,
}

const POINTS: usize = 40;
/// How long an epoch takes.
const AN_EPOCH: Duration = Duration::from_micros(250);
/// The epochs after which the fit is drawn.
const SNAPSHOTS: [usize; 5] = [0, 10, 100, 1000, 10_000];

pub(crate) fn run(options: &FitOptions) -> Outcome {
    let (epochs, lr) = (options.common.epochs.unwrap_or(3000), options.common.lr.unwrap_or(0.1));
    let mut rng = ChaCha8Rng::seed_from_u64(options.common.seed);
    let net = Mlp::new(&[1, options.hidden, 1], Activation::Tanh, &mut rng);
    let xs: Vec<f64> = between(-2.0, 2.0, POINTS);
    let targets: Vec<f64> = xs.iter().map(|x| x * x).collect();

    let run = open_run("fit", &options.common.out)?;
    run.config(&json!({
        "hidden": options.hidden, "epochs": epochs, "batch_size": options.common.batch_size.unwrap_or(POINTS),
        "lr": lr, "seed": options.common.seed,
    }))?;
    let plan = Plan::new("Fitting x²").on(format!("{POINTS} points from -2 to 2"));
    let plan = plan.parameters(net.parameters().len()).epochs(epochs);
    plan.device("cpu", 1).takes(AN_EPOCH.mul_f64(epochs as f64)).print();

    let mut journal = Journal::begin(&run, epochs, lr, &["epoch", "train loss", "test loss"])?;
    let mut snapshots = vec![(0, curve(&net))];
    let sgd = Sgd::new(net.parameters(), lr);
    for epoch in 1..=epochs {
        let batches = batches(POINTS, options.common.batch_size, &mut rng);
        // ANCHOR: fit_loss
        let train_loss = train_epoch(&sgd, &batches, |batch| {
            let predictions: Vec<Value> = batch.iter().map(|&i| predict(&net, [xs[i]])).collect();
            let targets: Vec<f64> = batch.iter().map(|&i| targets[i]).collect();
            mse_loss(&predictions, &targets)
        });
        // ANCHOR_END: fit_loss
        let go_on = journal.epoch(epoch, POINTS, train_loss, |seconds| {
            let test_loss = test_loss(&net);
            (Row { epoch, train_loss, test_loss, seconds }, vec![loss(test_loss)])
        })?;
        if SNAPSHOTS.contains(&epoch) || !go_on {
            snapshots.push((epoch, curve(&net)));
        }
        if !go_on {
            break;
        }
    }
    draw(&run, &xs, &targets, &snapshots, journal.rows())?;
    run.write("model.json", model_json(&net))?;
    drop(journal);
    summarize(&run, &net, &snapshots);
    Ok(())
}

/// `count` numbers from `low` to `high`, evenly spaced.
fn between(low: f64, high: f64, count: usize) -> Vec<f64> {
    (0..count).map(|i| low + (high - low) * i as f64 / (count - 1) as f64).collect()
}

/// The loss on points that lie between those of the training.
fn test_loss(net: &Mlp) -> f64 {
    let step = 4.0 / (POINTS - 1) as f64;
    let xs = between(-2.0 + step / 2.0, 2.0 - step / 2.0, POINTS - 1);
    xs.iter().map(|&x| (predict(net, [x]).data() - x * x).powi(2)).sum::<f64>() / xs.len() as f64
}

/// What the network says from -3 to 3: outside of -2 to 2, nobody told it.
fn curve(net: &Mlp) -> Vec<(f64, f64)> {
    between(-3.0, 3.0, 121).into_iter().map(|x| (x, predict(net, [x]).data())).collect()
}

fn draw(
    run: &Run,
    xs: &[f64],
    targets: &[f64],
    snapshots: &[(usize, Vec<(f64, f64)>)],
    rows: &[Row],
) -> Outcome {
    let data = xs.iter().copied().zip(targets.iter().copied());
    let mut fit = Chart::new("x² and the fit as it learns").x("x").x_range(-3.0..=3.0).y_range(-1.0..=9.0);
    fit = fit.size(640.0, 400.0).points("data", data).colored(Color::Ink);
    fit = fit.dashed("x²", between(-3.0, 3.0, 121).into_iter().map(|x| (x, x * x))).colored(Color::Muted);
    for (i, (epoch, curve)) in snapshots.iter().enumerate() {
        let shade = (i + 1) as f64 / snapshots.len() as f64;
        fit = fit.line(format!("epoch {epoch}"), curve.iter().copied()).colored(Color::Ramp(shade));
    }
    run.write("fit.svg", &fit)?;
    let by_epoch = |of: fn(&Row) -> f64| rows.iter().map(move |row| (row.epoch as f64, of(row)));
    let curves = Chart::new("mean squared error").x("epoch").log_y();
    let curves =
        curves.line("train", by_epoch(|row| row.train_loss)).dashed("test", by_epoch(|row| row.test_loss));
    run.write("curves.svg", Figure::new(1).with(curves))?;
    Ok(())
}

fn summarize(run: &Run, net: &Mlp, snapshots: &[(usize, Vec<(f64, f64)>)]) {
    let worst = |inside: bool, curve: &[(f64, f64)]| {
        let seen = curve.iter().filter(|(x, _)| (x.abs() <= 2.0) == inside);
        seen.map(|(x, y)| (y - x * x).abs()).fold(0.0, f64::max)
    };
    let Some((epoch, curve)) = snapshots.last() else { return };
    let mut summary = Table::summary();
    summary.row(["epochs", &count(*epoch)]);
    summary.row(["test loss", &loss(test_loss(net))]);
    summary.row(["largest error from -2 to 2", &format!("{:.2}", worst(true, curve))]);
    summary.row(["largest error from -3 to 3", &format!("{:.2}", worst(false, curve))]);
    summary.row(["pictures", &format!("{}, {}", run.path("fit.svg").display(), "curves.svg")]);
    print!("\n{summary}");
}
