//! What happens in one step of a recurrent layer, beside the product with the weight: loops over a row's hidden units,
//! each short enough to become vectors.

use crate::device::rnn::Cell;

use super::super::math::Smooth;
use super::super::parallel::vectorised;
use super::lstm;

/// One step of a few rows.
pub(super) struct Forward<'a, T> {
    /// H.
    pub(super) hidden: usize,
    /// How far apart the rows of x and h lie.
    pub(super) width: usize,
    /// What the inputs and the state come to in the gates, (rows, width), biases included: x + h, or x alone and then h.
    pub(super) x: &'a [T],
    pub(super) h: &'a [T],
    /// The states before, (rows, H); the second is empty where the cell has one.
    pub(super) old_h: &'a [T],
    pub(super) old_c: &'a [T],
    /// The states after.
    pub(super) new_h: &'a mut [T],
    pub(super) new_c: &'a mut [T],
    /// (rows, K·H)
    pub(super) kept: &'a mut [T],
}

impl<T: Smooth> Forward<'_, T> {
    /// Writes what the step comes to.
    pub(super) fn run(self, cell: Cell) {
        vectorised(
            #[inline(always)]
            || self.rows(cell),
        );
    }

    #[inline(always)]
    fn rows(self, cell: Cell) {
        let (hidden, kept) = (self.hidden, cell.kept() * self.hidden);
        for (row, x) in self.x.chunks_exact(self.width).enumerate() {
            let (state, kept) = (row * hidden..(row + 1) * hidden, &mut self.kept[row * kept..][..kept]);
            let new_h = &mut self.new_h[state.clone()];
            match cell {
                Cell::Tanh => {
                    for (h, x) in new_h.iter_mut().zip(x) {
                        *h = x.fast_tanh();
                    }
                }
                Cell::Relu => {
                    for (h, x) in new_h.iter_mut().zip(x) {
                        *h = if *x < T::zero() { T::zero() } else { *x }; // NaN stays NaN
                    }
                }
                Cell::Gru => {
                    let h = &self.h[row * self.width..][..self.width];
                    gru(x, h, &self.old_h[state], new_h, kept);
                }
                Cell::Lstm => lstm::gates(x, &self.old_c[state.clone()], kept, &mut self.new_c[state]),
            }
        }
        if cell == Cell::Lstm {
            let states = self.new_c.chunks_exact(hidden).zip(self.new_h.chunks_exact_mut(hidden));
            for ((c, h), kept) in states.zip(self.kept.chunks_exact_mut(kept)) {
                lstm::output(c, kept, h);
            }
        }
    }
}

// ANCHOR: gru_cell
/// r, z = σ(x + h); n = tanh(x + r·h); h' = n + z·(h − n).
#[inline(always)]
fn gru<T: Smooth>(x: &[T], h: &[T], old: &[T], new: &mut [T], kept: &mut [T]) {
    let len = old.len();
    let [x_r, x_z, x_n] = [0, 1, 2].map(|gate| &x[gate * len..][..len]);
    let [h_r, h_z, of_n] = [0, 1, 2].map(|gate| &h[gate * len..][..len]);
    let [r, z, n, h_n] = quarters(kept);
    for j in 0..len {
        r[j] = (x_r[j] + h_r[j]).fast_sigmoid();
    }
    for j in 0..len {
        z[j] = (x_z[j] + h_z[j]).fast_sigmoid();
    }
    h_n.copy_from_slice(of_n);
    for j in 0..len {
        n[j] = (x_n[j] + r[j] * h_n[j]).fast_tanh();
        new[j] = n[j] + z[j] * (old[j] - n[j]);
    }
}
// ANCHOR_END: gru_cell

/// The gradients of one step of a few rows.
pub(super) struct Backward<'a, T> {
    /// H.
    pub(super) hidden: usize,
    /// How far apart the rows of the gates' gradients lie.
    pub(super) width: usize,
    /// What the forward pass kept, (rows, K·H).
    pub(super) kept: &'a [T],
    /// The states before, (rows, H), and after.
    pub(super) h: &'a [T],
    pub(super) c: &'a [T],
    pub(super) new_h: &'a [T],
    /// The gradients of the states after, which become those of the states before, but for the way through the gates.
    pub(super) grad_h: &'a mut [T],
    pub(super) grad_c: &'a mut [T],
    /// Where those of x go, (rows, width), and those of h if they differ.
    pub(super) grad_x: &'a mut [T],
    pub(super) grad_of_h: &'a mut [T],
}

impl<T: Smooth> Backward<'_, T> {
    /// Writes what the step comes to.
    pub(super) fn run(self, cell: Cell) {
        vectorised(
            #[inline(always)]
            || self.rows(cell),
        );
    }

    #[inline(always)]
    fn rows(self, cell: Cell) {
        let (hidden, kept) = (self.hidden, cell.kept() * self.hidden);
        for (row, grad_x) in self.grad_x.chunks_exact_mut(self.width).enumerate() {
            let (state, kept) = (row * hidden..(row + 1) * hidden, &self.kept[row * kept..][..kept]);
            let grad_h = &mut self.grad_h[state.clone()];
            let grad_x = &mut grad_x[..cell.gates() * hidden];
            match cell {
                Cell::Tanh => tanh_grad(grad_x, grad_h, &self.new_h[state]),
                Cell::Relu => relu_grad(grad_x, grad_h, &self.new_h[state]),
                Cell::Gru => {
                    let grad_of_h = &mut self.grad_of_h[row * self.width..][..3 * hidden];
                    gru_grad(kept, &self.h[state], grad_h, grad_x, grad_of_h);
                }
                Cell::Lstm => {
                    lstm::grad(kept, &self.c[state.clone()], grad_h, &mut self.grad_c[state], grad_x);
                }
            }
        }
        if cell != Cell::Gru {
            self.grad_h.fill(T::zero()); // there is no way past the gates
        }
    }
}

/// d tanh(x)/dx = 1 − tanh²(x)
#[inline(always)]
fn tanh_grad<T: Smooth>(grad_x: &mut [T], grad: &[T], y: &[T]) {
    for (grad_x, (grad, y)) in grad_x.iter_mut().zip(grad.iter().zip(y)) {
        *grad_x = *grad * (T::one() - *y * *y);
    }
}

#[inline(always)]
fn relu_grad<T: Smooth>(grad_x: &mut [T], grad: &[T], y: &[T]) {
    for (grad_x, (grad, y)) in grad_x.iter_mut().zip(grad.iter().zip(y)) {
        *grad_x = if *y <= T::zero() { T::zero() } else { *grad };
    }
}

// ANCHOR: gru_cell_grad
/// The derivatives of [`gru`]; what is left in `grad_h` is the way past the gates, z·h.
#[inline(always)]
fn gru_grad<T: Smooth>(kept: &[T], h: &[T], grad_h: &mut [T], grad_x: &mut [T], grad_r: &mut [T]) {
    let one = T::one();
    let len = h.len();
    let [r, z, n, h_n] = [0, 1, 2, 3].map(|k| &kept[k * len..][..len]);
    let (both, x_n) = grad_x.split_at_mut(2 * len);
    let (x_r, x_z) = both.split_at_mut(len);
    for j in 0..len {
        x_z[j] = grad_h[j] * (h[j] - n[j]) * z[j] * (one - z[j]);
        x_n[j] = grad_h[j] * (one - z[j]) * (one - n[j] * n[j]);
        grad_h[j] *= z[j];
    }
    for j in 0..len {
        x_r[j] = x_n[j] * h_n[j] * r[j] * (one - r[j]);
    }
    let (same, grad_h_n) = grad_r.split_at_mut(2 * len);
    same.copy_from_slice(both);
    for j in 0..len {
        grad_h_n[j] = x_n[j] * r[j];
    }
}
// ANCHOR_END: gru_cell_grad

/// Four slices of one length.
#[inline(always)]
fn quarters<T>(x: &mut [T]) -> [&mut [T]; 4] {
    let (first, last) = x.split_at_mut(x.len() / 2);
    let (a, b) = first.split_at_mut(first.len() / 2);
    let (c, d) = last.split_at_mut(last.len() / 2);
    [a, b, c, d]
}
