//! Recurrent layers. A block of a batch's rows goes through all steps on one thread: its state stays in the cache, and
//! no block waits for another.

mod cells;
mod gradients;
mod lstm;
mod panels;
mod place;
mod tail;
mod weight;

use std::ops::Range;

use crate::device::rnn::{Recurrence, RnnGradients, RnnKernels, RnnNeeded, RnnPass, RnnWeights};

use super::CpuStorage;
use super::buffer;
use super::math::Smooth;
use super::tasks::{Disjoint, for_each_task};
use super::typed::{of, with_float, written};
use cells::Forward;
use gradients::gradients;
use panels::{Panels, Start, whole_vectors};

/// Rows in a block, at most: enough that reading the weight for a step is little beside multiplying with it.
const MOST_ROWS: usize = 32;

/// And at least: fewer would not pay for reading it.
const LEAST_ROWS: usize = 8;

/// Below this many multiplications in all, a second thread does not pay.
const MIN_WORK: usize = 1 << 20;

impl RnnKernels for CpuStorage {
    fn rnn(&self, rnn: &Recurrence, initial: &[&Self], weights: RnnWeights<'_, Self>) -> (Self, Self) {
        with_float!(self, T => {
            let initial: Vec<&[T]> = initial.iter().map(|state| of(state)).collect();
            let mut kept = buffer::stale(rnn.steps * rnn.batch * rnn.kept());
            let states = rnn.cell.states() * (rnn.steps + 1) * rnn.batch * rnn.hidden;
            let states = written::<T>(states, |states| {
                forward(rnn, of(self), &initial, weights, states, &mut kept);
            });
            (states, CpuStorage::from_vec::<T>(kept))
        })
    }

    fn rnn_grad(&self, rnn: &Recurrence, pass: RnnPass<'_, Self>, needed: RnnNeeded) -> RnnGradients<Self> {
        with_float!(self, T => gradients::<T>(rnn, of(self), pass, needed))
    }
}

// ANCHOR: rnn_forward
/// Writes all states (S, T + 1, B, H), and what the gradients need of the gates (T, B, K·H).
fn forward<T: Smooth>(
    rnn: &Recurrence,
    inputs: &[T],
    initial: &[&[T]],
    weights: RnnWeights<'_, CpuStorage>,
    states: &mut [T],
    kept: &mut [T],
) {
    let (states, kept) = (Disjoint::new(states), Disjoint::new(kept));
    let (c, hidden, gates) = (rnn.inputs, rnn.hidden, rnn.gates());
    let weight_ih = Panels::<T>::transposed(of(weights.weight_ih), [gates, c]);
    let weight_hh = Panels::<T>::transposed(of(weights.weight_hh), [gates, hidden]);
    let width = weight_hh.width();
    let [bias_x, bias_h] = biases::<T>(rnn, weights.biases, width);
    for_each_block(rnn, |block| {
        // SAFETY: a block's rows are its own, and a step uses no row twice.
        let state = |s, n| unsafe { part(&states, block.state(s, n)) };
        for (s, initial) in initial.iter().enumerate() {
            state(s, 0).copy_from_slice(&initial[block.rows(0, hidden)]);
        }
        T::with_scratch(rnn.cell.parts() * block.count * width, |scratch| {
            let (x, h) = scratch.split_at_mut(block.count * width);
            for n in 0..rnn.steps {
                let t = rnn.input(n);
                weight_ih.product(&inputs[block.rows(t, c)], c, Start::Row(&bias_x), x);
                match h.len() {
                    0 => weight_hh.product(state(0, n), hidden, Start::Sum, x),
                    _ => weight_hh.product(state(0, n), hidden, Start::Row(&bias_h), h),
                }
                let step = Forward {
                    hidden,
                    width,
                    x,
                    h,
                    old_h: state(0, n),
                    old_c: state(1, n),
                    new_h: state(0, n + 1),
                    new_c: state(1, n + 1),
                    // SAFETY: as above.
                    kept: unsafe { part(&kept, block.rows(t, rnn.kept())) },
                };
                step.run(rnn.cell);
            }
        });
    });
}
// ANCHOR_END: rnn_forward

/// The biases that the gates' parts of x and of h start from; of x both, where the parts are just added.
fn biases<T: Smooth>(rnn: &Recurrence, biases: Option<[&CpuStorage; 2]>, width: usize) -> [Vec<T>; 2] {
    let mut padded = [vec![T::zero(); width], vec![T::zero(); width]];
    if let Some(biases) = biases {
        padded.iter_mut().zip(biases).for_each(|(row, bias)| row[..rnn.gates()].copy_from_slice(of(bias)));
    }
    let [x, h] = &mut padded;
    if rnn.cell.parts() == 1 {
        x.iter_mut().zip(h).for_each(|(x, h)| *x += *h);
    }
    padded
}

/// Neighbouring rows of a batch.
struct Block<'a> {
    rnn: &'a Recurrence,
    index: usize,
    first: usize,
    count: usize,
}

impl Block<'_> {
    /// Where its rows of plane `index` are in (…, B, width).
    fn rows(&self, index: usize, width: usize) -> Range<usize> {
        let start = (index * self.rnn.batch + self.first) * width;
        start..start + self.count * width
    }

    /// Where its rows of state `s` are in (S, B, H); nowhere if the cell has no such state.
    fn plane(&self, s: usize, width: usize) -> Range<usize> {
        if s < self.rnn.cell.states() { self.rows(s, width) } else { 0..0 }
    }

    /// Where its rows of state `s` after `n` steps are in (S, T + 1, B, H); nowhere if the cell has no such state.
    fn state(&self, s: usize, n: usize) -> Range<usize> {
        let index = s * (self.rnn.steps + 1) + self.rnn.state(n);
        if s < self.rnn.cell.states() { self.rows(index, self.rnn.hidden) } else { 0..0 }
    }
}

/// Rows in a block: half of the batch, so that a second thread has one, within the limits.
fn rows_of_block(rnn: &Recurrence) -> usize {
    rnn.batch.div_ceil(2).next_multiple_of(4).clamp(LEAST_ROWS, MOST_ROWS)
}

/// How many blocks there are.
fn blocks(rnn: &Recurrence) -> usize {
    rnn.batch.div_ceil(rows_of_block(rnn))
}

/// Calls `work` with every block, on all cores.
fn for_each_block(rnn: &Recurrence, work: impl Fn(Block<'_>) + Sync + Send) {
    let parallel = rnn.steps * rnn.batch * rnn.gates() * (rnn.inputs + rnn.hidden) > MIN_WORK;
    let rows = rows_of_block(rnn);
    for_each_task(blocks(rnn), parallel, |index| {
        let first = index * rows;
        work(Block { rnn, index, first, count: rows.min(rnn.batch - first) });
    });
}

/// The elements of a range.
///
/// # Safety
///
/// As [`Disjoint::part`].
#[allow(clippy::mut_from_ref, reason = "what `# Safety` asks for makes the references unique")]
unsafe fn part<'a, T>(of: &'a Disjoint<'_, T>, range: Range<usize>) -> &'a mut [T] {
    // SAFETY: as the caller promises.
    unsafe { of.part(range.start, range.len()) }
}
