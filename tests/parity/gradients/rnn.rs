use serde_json::{Value, json};

use super::{Checks, Expanded, Input, Real, check};
use crate::arms;

/// T, B, inputs and hidden of every check: one step more than a step and its successor.
const X: Input = Real(&[3, 2, 3]);

#[test]
fn rnn() {
    let mut checks: Checks = Vec::new();
    checks.extend([
        ("rnn", layer(1, &[""], json!({})), one::<2>(1, 1)),
        ("rnn", layer(1, &[""], json!({"relu": true})), one::<2>(1, 1)),
        ("gru", layer(1, &[""], json!({})), one::<6>(1, 1)),
        ("lstm", layer(2, &[""], json!({})), one::<8>(2, 1)),
        ("lstm", layer(0, &[""], json!({})), one::<8>(0, 1)),
        ("rnn", layer(1, &["", "_reverse"], json!({"bidirectional": true})), one::<2>(1, 2)),
        ("gru", layer(1, &["", "_reverse"], json!({"bidirectional": true})), one::<6>(1, 2)),
        ("lstm", layer(2, &["", "_reverse"], json!({"bidirectional": true})), one::<8>(2, 2)),
        ("rnn_cell", cell(1), step::<2>(1)),
        ("gru_cell", cell(1), step::<6>(1)),
        ("lstm_cell", cell(2), step::<8>(2)),
    ]);
    check("rnn", arms::rnn::ARMS, checks);
}

/// The arguments of a layer whose passes have these suffixes.
fn layer(state: usize, passes: &[&str], options: Value) -> Value {
    let names = |pass: &&str| NAMES.map(|name| format!("{name}_l0{pass}"));
    let keys: Vec<String> = passes.iter().flat_map(names).collect();
    let mut arguments = json!({"hidden": 2, "state": state, "keys": keys, "joined": true});
    if let (Value::Object(all), Value::Object(more)) = (&mut arguments, options) {
        all.extend(more);
    }
    arguments
}

fn cell(state: usize) -> Value {
    json!({"hidden": 2, "state": state, "keys": NAMES, "joined": true})
}

const NAMES: [&str; 4] = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"];

/// The inputs of a layer of 2 units and ROWS rows of weights, with this many states at the start and passes.
fn one<const ROWS: usize>(states: usize, passes: usize) -> Vec<Input> {
    let state = || if passes == 1 { Real(&[1, 2, 2]) } else { Expanded(&[2, 1, 2], &[2, 2, 2]) };
    let weights = (0..passes).flat_map(|_| weights::<ROWS>());
    [X].into_iter().chain((0..states).map(|_| state())).chain(weights).collect()
}

fn step<const ROWS: usize>(states: usize) -> Vec<Input> {
    let states = (0..states).map(|_| Real(&[2, 2]));
    [Real(&[2, 3])].into_iter().chain(states).chain(weights::<ROWS>()).collect()
}

fn weights<const ROWS: usize>() -> [Input; 4] {
    const { [Real(&[ROWS, 3]), Real(&[ROWS, 2]), Real(&[ROWS]), Real(&[ROWS])] }
}
