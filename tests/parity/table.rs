//! The worst error of each op, written as a table where the environment variable `PARITY_TABLE` names a file. The one that
//! the book shows is TABLE.md beside this file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use minitensor::{DType, Device};

use crate::fixture::Fixture;

/// The worst errors of an op in one dtype, forward and backward.
type Worst = [Option<f64>; 2];

/// By topic and op, then by dtype.
static WORST: Mutex<BTreeMap<(String, String), BTreeMap<DType, Worst>>> = Mutex::new(BTreeMap::new());

pub(crate) fn forward(topic: &str, op: &str, dtype: DType, error: f64) {
    note(topic, op, dtype, 0, error);
}

pub(crate) fn backward(topic: &str, op: &str, dtype: DType, error: f64) {
    note(topic, op, dtype, 1, error);
}

fn note(topic: &str, op: &str, dtype: DType, pass: usize, error: f64) {
    if Device::current() != Device::Cpu {
        return; // the book's table is of the CPU
    }
    let mut worst = WORST.lock().unwrap_or_else(PoisonError::into_inner);
    let op = worst.entry((topic.to_owned(), op.to_owned())).or_default();
    let entry = &mut op.entry(dtype).or_default()[pass];
    *entry = Some(entry.unwrap_or(0.0).max(error));
}

/// Writes what is known so far; the topics run in parallel, and the last one to end leaves the whole table.
pub(crate) fn write() {
    let Some(path) = std::env::var_os("PARITY_TABLE") else { return };
    // cargo runs a test in its package's folder, and the reader is at the top
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    let worst = WORST.lock().unwrap_or_else(PoisonError::into_inner);
    let mut text = String::from(
        "| topic | op | f32, forward | f32, backward | f64, forward | f64, backward |\n|---|---|---|---|---|---|\n",
    );
    for ((topic, op), dtypes) in worst.iter() {
        let cell = |dtype: DType, pass: usize| match dtypes.get(&dtype).and_then(|worst| worst[pass]) {
            Some(0.0) => "exact".to_owned(),
            Some(error) => format!("{error:.0e}"),
            None => "–".to_owned(),
        };
        let [a, b, c, d] =
            [(DType::F32, 0), (DType::F32, 1), (DType::F64, 0), (DType::F64, 1)].map(|(d, p)| cell(d, p));
        writeln!(text, "| {topic} | `{op}` | {a} | {b} | {c} | {d} |").expect("a string takes text");
    }
    std::fs::write(&path, text).unwrap_or_else(|e| panic!("PARITY_TABLE {}: {e}", path.display()));
}

/// A case that was added or removed since the table was made is a row that is missing or too many.
#[test]
fn the_table_of_the_book_lists_every_op() {
    let made: BTreeSet<String> =
        include_str!("TABLE.md").lines().skip(2).map(|row| row.split('|').take(3).collect()).collect();
    let mut wanted = BTreeSet::new();
    for topic in crate::TOPICS {
        let ops = Fixture::open(topic).description().cases.into_values().map(|case| case.op);
        wanted.extend(ops.map(|op| format!(" {topic}  `{op}` ")));
    }
    let differ: Vec<_> = made.symmetric_difference(&wanted).collect();
    assert!(
        differ.is_empty(),
        "TABLE.md is not of these fixtures (README.md says how it is made): {differ:?}"
    );
}
