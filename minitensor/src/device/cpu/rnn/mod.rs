//! Recurrent layers. A block of a batch's rows goes through all steps on one thread: its state stays in the cache, and
//! no block waits for another.

mod cells;
mod lstm;

use std::ops::Range;

use faer::Accum;
use faer::traits::ComplexField;

use crate::device::rnn::{Recurrence, RnnKernels};

use super::CpuStorage;
use super::buffer;
use super::math::Smooth;
use super::matmul::product;
use super::tasks::{Disjoint, for_each_task};
use super::typed::{of, with_float, written};
use cells::{Backward, Forward};

/// Rows in a block: enough that reading the weight for a step is little beside multiplying with it.
const BLOCK: usize = 32;

/// Below this many multiplications in all, a second thread does not pay.
const MIN_WORK: usize = 1 << 20;

impl RnnKernels for CpuStorage {
    fn rnn(
        &self,
        rnn: &Recurrence,
        initial: &[&Self],
        weight: &Self,
        biases: Option<[&Self; 2]>,
    ) -> (Self, Self) {
        with_float!(self, T => {
            let initial: Vec<&[T]> = initial.iter().map(|state| of(state)).collect();
            let zeros = vec![0.0; rnn.gates()];
            let biases = biases.map_or([&zeros[..]; 2], |biases| biases.map(of));
            let mut kept = buffer::stale(rnn.steps * rnn.batch * rnn.kept());
            let states = rnn.cell.states() * (rnn.steps + 1) * rnn.batch * rnn.hidden;
            let states = written::<T>(states, |states| {
                forward(rnn, of(self), &initial, of(weight), biases, states, &mut kept);
            });
            (states, CpuStorage::from_vec::<T>(kept))
        })
    }

    fn rnn_grad(&self, rnn: &Recurrence, states: &Self, kept: &Self, weight: &Self) -> (Self, Self) {
        with_float!(self, T => {
            let mut initial = vec![0.0; rnn.cell.states() * rnn.batch * rnn.hidden];
            let gates = written::<T>(rnn.cell.parts() * rnn.steps * rnn.batch * rnn.gates(), |gates| {
                backward(rnn, of(self), of(states), of(kept), of(weight), gates, &mut initial);
            });
            (gates, CpuStorage::from_vec::<T>(initial))
        })
    }
}

// ANCHOR: rnn_forward
/// Writes all states (S, T + 1, B, H), and what the gradients need of the gates (T, B, K·H).
fn forward<T: Smooth + ComplexField>(
    rnn: &Recurrence,
    inputs: &[T],
    initial: &[&[T]],
    weight: &[T],
    biases: [&[T]; 2],
    states: &mut [T],
    kept: &mut [T],
) {
    let (states, kept) = (Disjoint::new(states), Disjoint::new(kept));
    let (hidden, gates) = (rnn.hidden, rnn.gates());
    for_each_block(rnn, |block| {
        // SAFETY: a block's rows are its own, and a step uses no row twice.
        let state = |s, n| unsafe { part(&states, block.state(s, n)) };
        for (s, initial) in initial.iter().enumerate() {
            state(s, 0).copy_from_slice(&initial[block.rows(0, hidden)]);
        }
        T::with_scratch(block.count * gates, |recurrent| {
            for n in 0..rnn.steps {
                let h_before = (&*state(0, n), (hidden, 1));
                product(recurrent, [hidden, gates], h_before, (weight, (1, hidden)), Accum::Replace); // h · Wᵀ
                let t = rnn.input(n);
                let step = Forward {
                    hidden,
                    inputs: &inputs[block.rows(t, gates)],
                    recurrent,
                    biases,
                    h: state(0, n),
                    c: state(1, n),
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

// ANCHOR: rnn_backward
/// Backpropagation through time (Werbos, 1990): from the last step to the first, the gradient of a state is that of
/// whoever read it, `grad` (S, T + 1, B, H), and that of the next step. Writes the gradients of the gates
/// (P, T, B, G·H) and of the states at the start (S, B, H).
fn backward<T: Smooth + ComplexField>(
    rnn: &Recurrence,
    grad: &[T],
    states: &[T],
    kept: &[T],
    weight: &[T],
    grad_gates: &mut [T],
    initial: &mut [T],
) {
    let (grad_gates, initial) = (Disjoint::new(grad_gates), Disjoint::new(initial));
    let (hidden, gates, parts) = (rnn.hidden, rnn.gates(), rnn.cell.parts());
    for_each_block(rnn, |block| {
        // SAFETY: a block's rows are its own, and a step uses no row twice.
        let [grad_h, grad_c] = [0, 1].map(|s| unsafe { part(&initial, block.plane(s, hidden)) });
        let add_readers = |n, grad_h: &mut [T], grad_c: &mut [T]| {
            add(grad_h, &grad[block.state(0, n)]);
            add(grad_c, &grad[block.state(1, n)]);
        };
        for n in (0..rnn.steps).rev() {
            add_readers(n + 1, grad_h, grad_c);
            let t = rnn.input(n);
            // SAFETY: as above.
            let gate = |p: usize| unsafe { part(&grad_gates, block.rows(p * rnn.steps + t, gates)) };
            let step = Backward {
                hidden,
                kept: &kept[block.rows(t, rnn.kept())],
                h: &states[block.state(0, n)],
                c: &states[block.state(1, n)],
                new_h: &states[block.state(0, n + 1)],
                new_c: &states[block.state(1, n + 1)],
                grad_h: &mut *grad_h,
                grad_c: &mut *grad_c,
                grad_inputs: gate(0),
                grad_recurrent: if parts == 2 { gate(1) } else { &mut [] },
            };
            step.run(rnn.cell);
            // the step before is reached through the gates, too: grad · W
            let through = (&*gate(parts - 1), (gates, 1));
            product(grad_h, [gates, hidden], through, (weight, (hidden, 1)), Accum::Add);
        }
        add_readers(0, grad_h, grad_c);
    });
}
// ANCHOR_END: rnn_backward

/// Neighbouring rows of a batch.
struct Block<'a> {
    rnn: &'a Recurrence,
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

/// Calls `work` with every block, on all cores.
fn for_each_block(rnn: &Recurrence, work: impl Fn(Block<'_>) + Sync + Send) {
    let parallel = rnn.steps * rnn.batch * rnn.gates() * rnn.hidden > MIN_WORK;
    for_each_task(rnn.batch.div_ceil(BLOCK), parallel, |task| {
        let first = task * BLOCK;
        work(Block { rnn, first, count: BLOCK.min(rnn.batch - first) });
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

fn add<T: Smooth>(sum: &mut [T], terms: &[T]) {
    sum.iter_mut().zip(terms).for_each(|(sum, term)| *sum += *term);
}
