//! The worst error of each op, written as a table where the environment variable `PARITY_TABLE` names a file.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};

use minitensor::DType;

/// Worst error forward and backward, by topic, op and dtype.
type Worst = BTreeMap<(String, String, String), [Option<f64>; 2]>;

static WORST: Mutex<Worst> = Mutex::new(BTreeMap::new());

pub(crate) fn forward(topic: &str, op: &str, dtype: DType, error: f64) {
    note(topic, op, dtype, 0, error);
}

pub(crate) fn backward(topic: &str, op: &str, dtype: DType, error: f64) {
    note(topic, op, dtype, 1, error);
}

fn note(topic: &str, op: &str, dtype: DType, pass: usize, error: f64) {
    let mut worst = WORST.lock().unwrap_or_else(PoisonError::into_inner);
    let entry = worst.entry((topic.to_owned(), op.to_owned(), dtype.to_string())).or_insert([None; 2]);
    entry[pass] = Some(entry[pass].unwrap_or(0.0).max(error));
}

/// Writes what is known so far; the topics run in parallel, and the last one to end leaves the whole table.
pub(crate) fn write() {
    let Some(path) = std::env::var_os("PARITY_TABLE") else { return };
    let worst = WORST.lock().unwrap_or_else(PoisonError::into_inner);
    let mut text = String::from("| topic | op | dtype | forward | backward |\n|---|---|---|---|---|\n");
    for ((topic, op, dtype), [forward, backward]) in worst.iter() {
        let [forward, backward] =
            [forward, backward].map(|error| error.map_or("–".to_owned(), |error| format!("{error:.1e}")));
        writeln!(text, "| {topic} | {op} | {dtype} | {forward} | {backward} |").expect("a string takes text");
    }
    std::fs::write(&path, text).unwrap_or_else(|e| panic!("PARITY_TABLE {}: {e}", path.display()));
}
