//! Recurrent layers, step by step, or with all steps in one launch.

use super::matmul::matmul;
use super::{Launch, OpenClStorage, Source, source};
use crate::device::{Cell, Kernels, Recurrence, RnnKernels};
use crate::shape::Layout;

const RNN: Source = source!("rnn");

/// So many rows of a batch a group takes through the sequence at most.
const MOST_ROWS: usize = 4;
/// So many groups for each compute unit are still faster than a launch, and a product, for each step.
const GROUPS_OF_UNIT: usize = 4;

impl RnnKernels for OpenClStorage {
    fn rnn(
        &self,
        rnn: &Recurrence,
        initial: &[&Self],
        weight: &Self,
        biases: Option<[&Self; 2]>,
    ) -> (Self, Self) {
        let units = rnn.batch * rnn.hidden;
        let mut states = self.like(rnn.cell.states() * (rnn.steps + 1) * units);
        let kept = self.like(rnn.steps * rnn.batch * rnn.kept());
        for (s, initial) in initial.iter().enumerate() {
            let at = s * (rnn.steps + 1) + rnn.state(0);
            let start = Layout { offset: at * units, ..Layout::contiguous([units]) };
            states.write(&start, initial, &Layout::contiguous([units]));
        }
        let biases = biases.map_or([None; 2], |biases| biases.map(Some));
        match self.rows_of_group(rnn) {
            Some(rows) => self.all_steps(rnn, rows, weight, biases, [&states, &kept]),
            None => self.each_step(rnn, weight, biases, [&states, &kept]),
        }
        (states, kept)
    }

    fn rnn_grad(&self, rnn: &Recurrence, states: &Self, kept: &Self, weight: &Self) -> (Self, Self) {
        let gates = self.like(rnn.cell.parts() * rnn.steps * rnn.batch * rnn.gates());
        let initial = self.zeros(rnn.cell.states() * rnn.batch * rnn.hidden);
        match self.rows_of_group(rnn) {
            Some(rows) => {
                let launch = self.all_steps_launch("all_steps_grad", rnn, rows).buffer(self);
                let launch =
                    launch.buffer(states).buffer(kept).buffer(weight).buffer(&gates).buffer(&initial);
                let shared = rnn.gates() * rows * self.dtype.size_in_bytes();
                let group = self.runtime.group(rnn.hidden);
                launch.local(shared).groups([rnn.batch.div_ceil(rows), 1, 1], [group, 1, 1]);
            }
            None => self.each_step_grad(rnn, [states, kept, weight], [&gates, &initial]),
        }
        (gates, initial)
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

    fn all_steps(
        &self,
        rnn: &Recurrence,
        rows: usize,
        weight: &Self,
        [bias_x, bias_h]: [Option<&Self>; 2],
        [states, kept]: [&Self; 2],
    ) {
        let turned = weight.contiguous(&turned(rnn)); // neighbouring work-items read neighbouring weights
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
            let recurrent = matmul((states, &before), (weight, &turned(rnn)), None); // h · Wᵀ
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

/// The weight (G·H, H), read as its transpose.
fn turned(rnn: &Recurrence) -> Layout {
    Layout::contiguous([rnn.gates(), rnn.hidden]).permute(&[1, 0])
}
