//! Recurrent layers, step by step, or with all steps in one launch.

use super::matmul::matmul;
use super::{Launch, OpenClStorage, Source, source};
use crate::device::{
    Cell, Kernels, Recurrence, ReduceOp, RnnGradients, RnnKernels, RnnNeeded, RnnPass, RnnWeights,
};
use crate::shape::Layout;

const RNN: Source = source!("rnn");

/// So many rows of a batch a group takes through the sequence at most.
const MOST_ROWS: usize = 4;
/// So many groups for each compute unit are still faster than a launch, and a product, for each step.
const GROUPS_OF_UNIT: usize = 4;

impl RnnKernels for OpenClStorage {
    fn rnn(&self, rnn: &Recurrence, initial: &[&Self], weights: RnnWeights<'_, Self>) -> (Self, Self) {
        let units = rnn.batch * rnn.hidden;
        let mut states = self.like(rnn.cell.states() * (rnn.steps + 1) * units);
        let kept = self.like(rnn.steps * rnn.batch * rnn.kept());
        for (s, initial) in initial.iter().enumerate() {
            let at = s * (rnn.steps + 1) + rnn.state(0);
            let start = Layout { offset: at * units, ..Layout::contiguous([units]) };
            states.write(&start, initial, &Layout::contiguous([units]));
        }
        let weight_ih = turned([rnn.gates(), rnn.inputs]);
        let x = matmul((self, &rows(rnn, rnn.inputs)), (weights.weight_ih, &weight_ih), None);
        let biases = weights.biases.map_or([None; 2], |biases| biases.map(Some));
        match self.rows_of_group(rnn) {
            Some(rows) => x.all_steps(rnn, rows, weights.weight_hh, biases, [&states, &kept]),
            None => x.each_step(rnn, weights.weight_hh, biases, [&states, &kept]),
        }
        (states, kept)
    }

    fn rnn_grad(&self, rnn: &Recurrence, pass: RnnPass<'_, Self>, needed: RnnNeeded) -> RnnGradients<Self> {
        let parts = rnn.cell.parts();
        let gates = self.like(parts * rnn.steps * rnn.batch * rnn.gates());
        let initial = self.zeros(rnn.cell.states() * rnn.batch * rnn.hidden);
        self.backward(rnn, [pass.states, pass.kept, pass.weight_hh], [&gates, &initial]);

        let of_part = |p: usize| {
            let contiguous = rows(rnn, rnn.gates());
            Layout { offset: p * contiguous.numel(), ..contiguous } // (T·B, G·H), of x and of h
        };
        let weight = |p: usize, x: (&Self, &Layout)| matmul((&gates, &of_part(p).permute(&[1, 0])), x, None);
        // the state that each step started from: all but the last
        let first = usize::from(rnn.reverse) * rnn.batch * rnn.hidden;
        let before = Layout { offset: first, ..rows(rnn, rnn.hidden) };
        let weight_ih = Layout::contiguous([rnn.gates(), rnn.inputs]);
        let each = Layout::contiguous([parts, rnn.steps * rnn.batch, rnn.gates()]);
        RnnGradients {
            inputs: needed.inputs.then(|| matmul((&gates, &of_part(0)), (pass.weight_ih, &weight_ih), None)),
            weight_ih: needed.weight_ih.then(|| weight(0, (pass.inputs, &rows(rnn, rnn.inputs)))),
            weight_hh: needed.weight_hh.then(|| weight(parts - 1, (pass.states, &before))),
            biases: gates.reduce(ReduceOp::Sum, &each, &[1]),
            initial,
        }
    }
}

impl OpenClStorage {
    /// How many rows a group takes through the sequence, if that is the faster way: a group needs a work-item for each
    /// hidden unit, and the device should have few groups to get through.
    fn rows_of_group(&self, rnn: &Recurrence) -> Option<usize> {
        let units = self.runtime.info.compute_units.max(1);
        let rows = rnn.batch.div_ceil(units).next_power_of_two().min(MOST_ROWS);
        let few = rnn.batch.div_ceil(rows) <= GROUPS_OF_UNIT * units;
        (few && rnn.hidden <= self.runtime.group(rnn.hidden)).then_some(rows)
    }

    /// Writes the gradients of the gates, (P, T, B, G·H), and of the states at the start, (S, B, H).
    fn backward(&self, rnn: &Recurrence, [states, kept, weight]: [&Self; 3], [gates, initial]: [&Self; 2]) {
        let Some(rows) = self.rows_of_group(rnn) else {
            return self.each_step_grad(rnn, [states, kept, weight], [gates, initial]);
        };
        let launch = self.all_steps_launch("all_steps_grad", rnn, rows).buffer(self);
        let launch = launch.buffer(states).buffer(kept).buffer(weight).buffer(gates).buffer(initial);
        let shared = rnn.gates() * rows * self.dtype.size_in_bytes();
        let group = self.runtime.group(rnn.hidden);
        launch.local(shared).groups([rnn.batch.div_ceil(rows), 1, 1], [group, 1, 1]);
    }

    fn all_steps(
        &self,
        rnn: &Recurrence,
        rows: usize,
        weight: &Self,
        [bias_x, bias_h]: [Option<&Self>; 2],
        [states, kept]: [&Self; 2],
    ) {
        let turned = weight.contiguous(&turned([rnn.gates(), rnn.hidden])); // neighbouring work-items read neighbouring weights
        let launch = self.all_steps_launch("all_steps", rnn, rows).buffer(self).buffer(&turned);
        let launch = launch.maybe(bias_x).maybe(bias_h).buffer(states).buffer(kept);
        let shared = rnn.hidden * rows * self.dtype.size_in_bytes();
        let group = self.runtime.group(rnn.hidden);
        launch.local(shared).groups([rnn.batch.div_ceil(rows), 1, 1], [group, 1, 1]);
    }

    fn each_step(
        &self,
        rnn: &Recurrence,
        weight: &Self,
        [bias_x, bias_h]: [Option<&Self>; 2],
        [states, kept]: [&Self; 2],
    ) {
        let (batch, hidden) = (rnn.batch, rnn.hidden);
        for n in 0..rnn.steps {
            let offset = rnn.state(n) * batch * hidden;
            let before = Layout { offset, ..Layout::contiguous([batch, hidden]) };
            let recurrent = matmul((states, &before), (weight, &turned([rnn.gates(), hidden])), None); // h · Wᵀ
            let launch = self.step_launch("one_step", rnn, n).buffer(self).buffer(&recurrent);
            launch.maybe(bias_x).maybe(bias_h).buffer(states).buffer(kept).over(batch * hidden);
        }
    }

    fn each_step_grad(
        &self,
        rnn: &Recurrence,
        [states, kept, weight]: [&Self; 3],
        [gates, initial]: [&Self; 2],
    ) {
        let (units, rows, parts) = (rnn.batch * rnn.hidden, [rnn.batch, rnn.gates()], rnn.cell.parts());
        let mut through: Option<Self> = None;
        for n in (0..rnn.steps).rev() {
            let launch = self.step_launch("one_step_grad", rnn, n).buffer(self).buffer(states).buffer(kept);
            launch.maybe(through.as_ref()).buffer(initial).buffer(gates).over(units);
            // the step before is reached through the gates, too: grad · W
            let offset = ((parts - 1) * rnn.steps + rnn.input(n)) * rnn.batch * rnn.gates();
            let grad = Layout { offset, ..Layout::contiguous(rows) };
            let weight_layout = Layout::contiguous([rnn.gates(), rnn.hidden]);
            through = Some(matmul((gates, &grad), (weight, &weight_layout), None));
        }
        let launch = self.cell_launch("start_grad", rnn.cell).size(units).size(rnn.steps).size(rnn.state(0));
        launch.buffer(self).maybe(through.as_ref()).buffer(initial).over(units);
    }

    /// A kernel of one step, the `n`-th, with the arguments that say where it is.
    fn step_launch(&self, name: &'static str, rnn: &Recurrence, n: usize) -> Launch<'static> {
        let launch = self.cell_launch(name, rnn.cell).size(rnn.batch * rnn.hidden).size(rnn.hidden);
        launch.size(rnn.steps).size(rnn.input(n)).size(rnn.state(n)).size(rnn.state(n + 1))
    }

    /// A kernel of all steps, with the arguments that say how many there are.
    fn all_steps_launch(&self, name: &'static str, rnn: &Recurrence, rows: usize) -> Launch<'static> {
        let launch = self.cell_launch(name, rnn.cell).define("ROWS", rows).size(rnn.batch).size(rnn.hidden);
        launch.size(rnn.steps).int(i32::from(rnn.reverse))
    }

    fn cell_launch(&self, name: &'static str, cell: Cell) -> Launch<'static> {
        let cell = match cell {
            Cell::Tanh => "TANH",
            Cell::Relu => "RELU",
            Cell::Gru => "GRU",
            Cell::Lstm => "LSTM",
        };
        self.kernel(&RNN, name).define("CELL", cell)
    }
}

/// A matrix of this shape, read as its transpose.
fn turned(shape: [usize; 2]) -> Layout {
    Layout::contiguous(shape).permute(&[1, 0])
}

/// What there is of every row of every step, `width` numbers each.
fn rows(rnn: &Recurrence, width: usize) -> Layout {
    Layout::contiguous([rnn.steps * rnn.batch, width])
}
