//! One row of one step of an LSTM.
//!
//! A row is done in strips of as many units as the widest vector holds, each from its gates to its new state before the
//! next: what passes from one formula to the other stays in registers. The last strip of a row ends where the row ends,
//! and so does some units twice, which costs less than doing the few that are left one by one.

use super::super::math::Smooth;

/// Units in a strip.
const STRIP: usize = 16;

/// What there is before the step: x and h without their biases, (4·H) each, those biases, and c, (H).
#[derive(Clone, Copy)]
pub(super) struct Before<'a, T> {
    pub(super) inputs: &'a [T],
    pub(super) recurrent: &'a [T],
    pub(super) biases: [&'a [T]; 2],
    pub(super) c: &'a [T],
}

/// Writes the gates after their functions, (4·H), and the new states, (H) each.
#[inline(always)]
pub(super) fn lstm<T: Smooth>(before: Before<'_, T>, gates: &mut [T], new_h: &mut [T], new_c: &mut [T]) {
    let hidden = before.c.len();
    if hidden < STRIP {
        for at in 0..hidden {
            strip::<T, 1>(before, at, gates, new_h, new_c);
        }
        return;
    }
    for at in (0..hidden - STRIP).step_by(STRIP) {
        strip::<T, STRIP>(before, at, gates, new_h, new_c);
    }
    strip::<T, STRIP>(before, hidden - STRIP, gates, new_h, new_c);
}

// ANCHOR: lstm_cell
/// i, f, o = σ(x + h), g = tanh(x + h); c' = f·c + i·g, h' = o·tanh(c'), of `N` units.
#[inline(always)]
fn strip<T: Smooth, const N: usize>(
    before: Before<'_, T>,
    at: usize,
    gates: &mut [T],
    new_h: &mut [T],
    new_c: &mut [T],
) {
    let hidden = before.c.len();
    let c = units::<T, N>(before.c, at);
    let mut i = sums::<T, N>(before, at);
    let mut f = sums::<T, N>(before, hidden + at);
    let mut g = sums::<T, N>(before, 2 * hidden + at);
    let mut o = sums::<T, N>(before, 3 * hidden + at);
    let (mut h, mut c_after) = ([T::zero(); N], [T::zero(); N]);
    for n in 0..N {
        i[n] = i[n].fast_sigmoid();
        f[n] = f[n].fast_sigmoid();
        g[n] = g[n].fast_tanh();
        o[n] = o[n].fast_sigmoid();
        c_after[n] = f[n] * c[n] + i[n] * g[n];
        h[n] = o[n] * c_after[n].fast_tanh();
    }
    put(new_h, at, h);
    put(new_c, at, c_after);
    put(gates, at, i);
    put(gates, hidden + at, f);
    put(gates, 2 * hidden + at, g);
    put(gates, 3 * hidden + at, o);
}
// ANCHOR_END: lstm_cell

/// Gates before their functions: x + h, biases included.
#[inline(always)]
fn sums<T: Smooth, const N: usize>(before: Before<'_, T>, at: usize) -> [T; N] {
    let (x, h) = (units::<T, N>(before.inputs, at), units::<T, N>(before.recurrent, at));
    let (bias_x, bias_h) = (units::<T, N>(before.biases[0], at), units::<T, N>(before.biases[1], at));
    let mut sums = [T::zero(); N];
    for n in 0..N {
        sums[n] = (x[n] + bias_x[n]) + (h[n] + bias_h[n]);
    }
    sums
}

/// What the gradients of a step are made of: the gates, (4·H), c before and after the step, and the gradient of h after
/// it, (H) each.
#[derive(Clone, Copy)]
pub(super) struct After<'a, T> {
    pub(super) gates: &'a [T],
    pub(super) c: &'a [T],
    pub(super) new_c: &'a [T],
    pub(super) grad_h: &'a [T],
}

/// Writes the gradients of the gates, (4·H), and turns that of c after the step into that of c before it, (H).
#[inline(always)]
pub(super) fn lstm_grad<T: Smooth>(after: After<'_, T>, grad_c: &mut [T], grad_gates: &mut [T]) {
    let hidden = after.c.len();
    if hidden < STRIP {
        for at in 0..hidden {
            let before = strip_grad::<T, 1>(after, at, grad_c, grad_gates);
            put(grad_c, at, before);
        }
        return;
    }
    // The last strip goes first and waits with what it has for `grad_c`, since another strip reads some of the same units.
    let last = strip_grad::<T, STRIP>(after, hidden - STRIP, grad_c, grad_gates);
    for at in (0..hidden - STRIP).step_by(STRIP) {
        let before = strip_grad::<T, STRIP>(after, at, grad_c, grad_gates);
        put(grad_c, at, before);
    }
    put(grad_c, hidden - STRIP, last);
}

// ANCHOR: lstm_cell_grad
/// The derivatives of [`strip`]: dσ = σ(1 − σ), d tanh = 1 − tanh². Returns the gradient of c before the step.
#[inline(always)]
fn strip_grad<T: Smooth, const N: usize>(
    after: After<'_, T>,
    at: usize,
    grad_c: &[T],
    grad_gates: &mut [T],
) -> [T; N] {
    let hidden = after.c.len();
    let (i, f) = (units::<T, N>(after.gates, at), units::<T, N>(after.gates, hidden + at));
    let (g, o) = (units::<T, N>(after.gates, 2 * hidden + at), units::<T, N>(after.gates, 3 * hidden + at));
    let (c, new_c) = (units::<T, N>(after.c, at), units::<T, N>(after.new_c, at));
    let (grad_h, grad_c) = (units::<T, N>(after.grad_h, at), units::<T, N>(grad_c, at));
    let (one, zeros) = (T::one(), [T::zero(); N]);
    let (mut grad_i, mut grad_f, mut grad_g, mut grad_o, mut before) = (zeros, zeros, zeros, zeros, zeros);
    for n in 0..N {
        let tanh = new_c[n].fast_tanh();
        let grad_c = grad_c[n] + grad_h[n] * o[n] * (one - tanh * tanh);
        grad_i[n] = grad_c * g[n] * i[n] * (one - i[n]);
        grad_f[n] = grad_c * c[n] * f[n] * (one - f[n]);
        grad_g[n] = grad_c * i[n] * (one - g[n] * g[n]);
        grad_o[n] = grad_h[n] * tanh * o[n] * (one - o[n]);
        before[n] = grad_c * f[n];
    }
    put(grad_gates, at, grad_i);
    put(grad_gates, hidden + at, grad_f);
    put(grad_gates, 2 * hidden + at, grad_g);
    put(grad_gates, 3 * hidden + at, grad_o);
    before
}
// ANCHOR_END: lstm_cell_grad

/// `N` units of a row.
#[inline(always)]
fn units<T: Copy, const N: usize>(row: &[T], at: usize) -> [T; N] {
    row[at..at + N].try_into().expect("a range of N")
}

#[inline(always)]
fn put<T: Copy, const N: usize>(row: &mut [T], at: usize, units: [T; N]) {
    row[at..at + N].copy_from_slice(&units);
}
