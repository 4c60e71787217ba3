//! A graph of single numbers.

use micrograd::Value;

/// A neuron with half as many inputs as there are operations, forward and backward: each input is multiplied and added.
pub(crate) fn step(ops: usize) {
    let weights: Vec<Value> = (0..16).map(|i| Value::new(f64::from(i) / 16.0)).collect();
    let mut sum = Value::new(0.0);
    for i in 0..ops / 2 {
        sum = &sum + &(&weights[i % 16] * &weights[(i + 1) % 16]);
    }
    sum.backward();
}
