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
    /// x without its bias, (rows, G·H).
    pub(super) inputs: &'a [T],
    /// h without its bias, (rows, G·H).
    pub(super) recurrent: &'a [T],
    /// Those of x and h, (G·H) each.
    pub(super) biases: [&'a [T]; 2],
    /// The states before, (rows, H); the second is empty where the cell has one.
    pub(super) h: &'a [T],
    pub(super) c: &'a [T],
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
        let (h, gates, kept) = (self.hidden, cell.gates() * self.hidden, cell.kept() * self.hidden);
        for (row, new_h) in self.new_h.chunks_exact_mut(h).enumerate() {
            let [x, r] = [self.inputs, self.recurrent].map(|part| &part[row * gates..][..gates]);
            let (state, kept) = (row * h, &mut self.kept[row * kept..][..kept]);
            match cell {
                Cell::Tanh => {
                    add_up(new_h, x, r, self.biases);
                    new_h.iter_mut().for_each(|h| *h = h.fast_tanh());
                }
                Cell::Relu => {
                    add_up(new_h, x, r, self.biases);
                    // NaN stays NaN
                    new_h.iter_mut().for_each(|h| *h = if *h < T::zero() { T::zero() } else { *h });
                }
                Cell::Gru => gru(x, r, self.biases, &self.h[state..][..h], new_h, kept),
                Cell::Lstm => {
                    let c = &self.c[state..][..h];
                    let before = lstm::Before { inputs: x, recurrent: r, biases: self.biases, c };
                    lstm::lstm(before, kept, new_h, &mut self.new_c[state..][..h]);
                }
            }
        }
    }
}

/// The gates before their functions: x + h, biases included.
#[inline(always)]
fn add_up<T: Smooth>(gates: &mut [T], x: &[T], h: &[T], [bias_x, bias_h]: [&[T]; 2]) {
    let terms = x.iter().zip(h).zip(bias_x.iter().zip(bias_h));
    for (gate, ((x, h), (bias_x, bias_h))) in gates.iter_mut().zip(terms) {
        *gate = (*x + *bias_x) + (*h + *bias_h);
    }
}

// ANCHOR: gru_cell
/// r, z = σ(x + h); n = tanh(x + r·h); h' = n + z·(h − n).
#[inline(always)]
fn gru<T: Smooth>(x: &[T], h: &[T], [bias_x, bias_h]: [&[T]; 2], old: &[T], new: &mut [T], kept: &mut [T]) {
    let both = 2 * old.len();
    add_up(&mut kept[..both], &x[..both], &h[..both], [&bias_x[..both], &bias_h[..both]]);
    let [r, z, n, h_n] = quarters(kept);
    sigmoid(r);
    sigmoid(z);
    for (h_n, (h, bias)) in h_n.iter_mut().zip(h[both..].iter().zip(&bias_h[both..])) {
        *h_n = *h + *bias;
    }
    let terms = x[both..].iter().zip(&bias_x[both..]).zip(r.iter().zip(h_n.iter()));
    for (n, ((x, bias), (r, h_n))) in n.iter_mut().zip(terms) {
        *n = (*x + *bias + *r * *h_n).fast_tanh();
    }
    for (new, ((n, z), old)) in new.iter_mut().zip(n.iter().zip(z.iter()).zip(old)) {
        *new = *n + *z * (*old - *n);
    }
}
// ANCHOR_END: gru_cell

/// The gradients of one step of a few rows.
pub(super) struct Backward<'a, T> {
    /// H.
    pub(super) hidden: usize,
    /// What the forward pass kept, (rows, K·H).
    pub(super) kept: &'a [T],
    /// The states before, (rows, H), and after.
    pub(super) h: &'a [T],
    pub(super) c: &'a [T],
    pub(super) new_h: &'a [T],
    pub(super) new_c: &'a [T],
    /// The gradients of the states after, which become those of the states before, but for the way through the gates.
    pub(super) grad_h: &'a mut [T],
    pub(super) grad_c: &'a mut [T],
    /// Where those of x go, (rows, G·H), and those of h if they differ.
    pub(super) grad_inputs: &'a mut [T],
    pub(super) grad_recurrent: &'a mut [T],
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
        let (h, gates, kept) = (self.hidden, cell.gates() * self.hidden, cell.kept() * self.hidden);
        for (row, grad_x) in self.grad_inputs.chunks_exact_mut(gates).enumerate() {
            let (state, kept) = (row * h..(row + 1) * h, &self.kept[row * kept..][..kept]);
            let grad_h = &mut self.grad_h[state.clone()];
            match cell {
                Cell::Tanh => {
                    tanh_grad(grad_x, grad_h, &self.new_h[state]);
                    grad_h.fill(T::zero());
                }
                Cell::Relu => {
                    relu_grad(grad_x, grad_h, &self.new_h[state]);
                    grad_h.fill(T::zero());
                }
                Cell::Gru => {
                    let grad_r = &mut self.grad_recurrent[row * gates..][..gates];
                    gru_grad(kept, &self.h[state], grad_h, grad_x, grad_r);
                }
                Cell::Lstm => {
                    let (c, new_c) = (&self.c[state.clone()], &self.new_c[state.clone()]);
                    let after = lstm::After { gates: kept, c, new_c, grad_h };
                    lstm::lstm_grad(after, &mut self.grad_c[state], grad_x);
                    grad_h.fill(T::zero());
                }
            }
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

#[inline(always)]
fn sigmoid<T: Smooth>(x: &mut [T]) {
    x.iter_mut().for_each(|x| *x = x.fast_sigmoid());
}

/// Four slices of one length.
#[inline(always)]
fn quarters<T>(x: &mut [T]) -> [&mut [T]; 4] {
    let (first, last) = x.split_at_mut(x.len() / 2);
    let (a, b) = first.split_at_mut(first.len() / 2);
    let (c, d) = last.split_at_mut(last.len() / 2);
    [a, b, c, d]
}
