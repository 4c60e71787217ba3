//! The gradients of a recurrent layer: back through all steps, a block of rows at a time, then those of the weights, which
//! all steps share, in one product over all of them.

use crate::device::rnn::{Recurrence, RnnGradients, RnnNeeded, RnnPass};
use crate::shape::Layout;

use super::super::CpuStorage;
use super::super::buffer;
use super::super::math::Smooth;
use super::super::matmul::{self, Number};
use super::super::parallel::vectorised;
use super::super::tasks::Disjoint;
use super::super::typed::{of, written};
use super::cells::Backward;
use super::weight::weight_gradient;
use super::{Block, Panels, Start, blocks, for_each_block, part, whole_vectors};

/// All gradients; `grad` is that of the states.
pub(super) fn gradients<T: Smooth + Number>(
    rnn: &Recurrence,
    grad: &[T],
    pass: RnnPass<'_, CpuStorage>,
    needed: RnnNeeded,
) -> RnnGradients<CpuStorage> {
    let (rows, parts) = (rnn.steps * rnn.batch, rnn.cell.parts());
    let width = whole_vectors::<T>(rnn.gates());
    let mut gates = buffer::stale::<T>(parts * rows * width);
    let mut biases = buffer::full(blocks(rnn) * parts * width, T::zero());
    let mut initial = buffer::full(rnn.cell.states() * rnn.batch * rnn.hidden, T::zero());
    backward(rnn, grad, &pass, &mut gates, &mut biases, &mut initial);

    // of x and of h, (T·B, width)
    let [of_x, of_h] = [0, parts - 1].map(|p| &gates[p * rows * width..][..rows * width]);
    // the state that each step started from: all but the last
    let before =
        &of::<T>(pass.states)[usize::from(rnn.reverse) * rnn.batch * rnn.hidden..][..rows * rnn.hidden];
    let weight = |x: &[T], m: usize, grad: &[T]| {
        CpuStorage::from_vec(weight_gradient(x, m, grad, [rnn.gates(), width]))
    };
    let inputs = || {
        let grad =
            Layout { strides: [width, 1].as_slice().into(), ..Layout::contiguous([rows, rnn.gates()]) };
        let weight = Layout::contiguous([rnn.gates(), rnn.inputs]);
        CpuStorage::from_vec(matmul::float(of_x, &grad, of(pass.weight_ih), &weight, None)) // grad · W_ih
    };
    // First, since it is spread over threads, and those of the backward pass are still awake.
    let weight_hh = needed.weight_hh.then(|| weight(before, rnn.hidden, of_h));
    let grads = RnnGradients {
        inputs: needed.inputs.then(inputs),
        weight_ih: needed.weight_ih.then(|| weight(of(pass.inputs), rnn.inputs, of_x)),
        weight_hh,
        biases: total(rnn, &biases, width),
        initial: CpuStorage::from_vec(initial),
    };
    buffer::give_back(gates);
    buffer::give_back(biases);
    grads
}

// ANCHOR: rnn_backward
/// Backpropagation through time (Werbos, 1990): from the last step to the first, the gradient of a state is that of
/// whoever read it, `grad` (S, T + 1, B, H), and that of the next step. Writes the gradients of the gates
/// (P, T, B, width), adds to those of the biases, (blocks, P, width), and to those of the states at the start (S, B, H).
fn backward<T: Smooth>(
    rnn: &Recurrence,
    grad: &[T],
    pass: &RnnPass<'_, CpuStorage>,
    gates: &mut [T],
    biases: &mut [T],
    initial: &mut [T],
) {
    let (gates, biases, initial) = (Disjoint::new(gates), Disjoint::new(biases), Disjoint::new(initial));
    let (hidden, parts) = (rnn.hidden, rnn.cell.parts());
    let (states, kept) = (of::<T>(pass.states), of::<T>(pass.kept));
    let weight = Panels::new(of::<T>(pass.weight_hh), [rnn.gates(), hidden]);
    let width = whole_vectors::<T>(rnn.gates());
    for_each_block(rnn, |block| {
        // SAFETY: a block's rows are its own, and a step uses no row twice.
        let [grad_h, grad_c] = [0, 1].map(|s| unsafe { part(&initial, block.plane(s, hidden)) });
        T::with_scratch(block.count * weight.width(), |through| {
            for n in (0..rnn.steps).rev() {
                add_readers(&block, n + 1, grad, grad_h, grad_c);
                let t = rnn.input(n);
                // SAFETY: as above.
                let gate = |p: usize| unsafe { part(&gates, block.rows(p * rnn.steps + t, width)) };
                let step = Backward {
                    hidden,
                    width,
                    kept: &kept[block.rows(t, rnn.kept())],
                    h: &states[block.state(0, n)],
                    c: &states[block.state(1, n)],
                    new_h: &states[block.state(0, n + 1)],
                    grad_h: &mut *grad_h,
                    grad_c: &mut *grad_c,
                    grad_x: gate(0),
                    grad_of_h: if parts == 2 { gate(1) } else { &mut [] },
                };
                step.run(rnn.cell);
                for p in 0..parts {
                    let bias = block.index * parts + p;
                    // SAFETY: as above, of one row that a block has.
                    add_rows(unsafe { part(&biases, bias * width..(bias + 1) * width) }, gate(p));
                }
                // the step before is reached through the gates, too: grad · W
                weight.product(gate(parts - 1), width, Start::Zero, through);
                add(grad_h, through, hidden, weight.width());
            }
        });
        add_readers(&block, 0, grad, grad_h, grad_c);
    });
}
// ANCHOR_END: rnn_backward

/// Adds the gradients of whoever read the states after `n` steps.
fn add_readers<T: Smooth>(block: &Block<'_>, n: usize, grad: &[T], grad_h: &mut [T], grad_c: &mut [T]) {
    let hidden = block.rnn.hidden;
    add(grad_h, &grad[block.state(0, n)], hidden, hidden);
    add(grad_c, &grad[block.state(1, n)], hidden, hidden);
}

/// Adds rows that lie `stride` apart to rows of `len` one after the other.
fn add<T: Smooth>(sums: &mut [T], terms: &[T], len: usize, stride: usize) {
    vectorised(
        #[inline(always)]
        || {
            for (sums, terms) in sums.chunks_exact_mut(len).zip(terms.chunks_exact(stride)) {
                for (sum, term) in sums.iter_mut().zip(terms) {
                    *sum += *term;
                }
            }
        },
    );
}

/// Adds all rows to one.
fn add_rows<T: Smooth>(sum: &mut [T], rows: &[T]) {
    vectorised(
        #[inline(always)]
        || {
            for row in rows.chunks_exact(sum.len()) {
                for (sum, term) in sum.iter_mut().zip(row) {
                    *sum += *term;
                }
            }
        },
    );
}

/// The sum of all blocks' gradients of the biases, (P, G·H).
fn total<T: Smooth>(rnn: &Recurrence, biases: &[T], width: usize) -> CpuStorage {
    let (parts, gates) = (rnn.cell.parts(), rnn.gates());
    let mut sums = vec![T::zero(); parts * width];
    add_rows(&mut sums, biases);
    written::<T>(parts * gates, |total| {
        for (total, sums) in total.chunks_exact_mut(gates).zip(sums.chunks_exact(width)) {
            total.copy_from_slice(&sums[..gates]);
        }
    })
}
