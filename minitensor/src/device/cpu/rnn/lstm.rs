//! One row of one step of an LSTM.
//!
//! A row is done in strips of as many units as the widest vector holds: what passes from one formula to the other stays in
//! registers. The last strip of a row ends where the row ends, and so does some units twice, which costs less than doing
//! the few that are left one by one. From the gates to c' and from c' to h' are two passes, since a strip that waited for
//! its own tanh(c') would leave the processor with nothing to do.

use super::super::math::Smooth;

/// Units in a strip.
const STRIP: usize = 16;

/// Calls a strip's function with where each strip begins, in order. A closure would not be compiled for wide vectors.
macro_rules! for_each_strip {
    ($hidden:expr, $strip:ident($($argument:expr),*)) => {
        if $hidden < STRIP {
            for at in 0..$hidden {
                $strip::<T, 1>(at, $($argument),*);
            }
        } else {
            for at in (0..$hidden - STRIP).step_by(STRIP) {
                $strip::<T, STRIP>(at, $($argument),*);
            }
            $strip::<T, STRIP>($hidden - STRIP, $($argument),*);
        }
    };
}

/// From the gates before their functions, (4·H), and c, (H): writes what the gradients need, (5·H), and c'.
#[inline(always)]
pub(super) fn gates<T: Smooth>(x: &[T], c: &[T], kept: &mut [T], new_c: &mut [T]) {
    let hidden = c.len();
    let (x, [i, f, g, o, _], new_c) = (parts(x, hidden), parts_mut(kept, hidden), &mut new_c[..hidden]);
    for_each_strip!(hidden, strip_of_gates(x, c, [&mut *i, &mut *f, &mut *g, &mut *o], new_c));
}

// ANCHOR: lstm_cell
/// i, f, o = σ(x + h), g = tanh(x + h); c' = f·c + i·g, of `N` units.
#[inline(always)]
fn strip_of_gates<T: Smooth, const N: usize>(
    at: usize,
    sums: [&[T]; 4],
    c: &[T],
    gates: [&mut [T]; 4],
    new_c: &mut [T],
) {
    let c = units::<T, N>(c, at);
    let (mut i, mut f) = (units::<T, N>(sums[0], at), units::<T, N>(sums[1], at));
    let (mut g, mut o) = (units::<T, N>(sums[2], at), units::<T, N>(sums[3], at));
    let mut c_after = [T::zero(); N];
    for n in 0..N {
        i[n] = i[n].fast_sigmoid();
        f[n] = f[n].fast_sigmoid();
        g[n] = g[n].fast_tanh();
        o[n] = o[n].fast_sigmoid();
        c_after[n] = f[n] * c[n] + i[n] * g[n];
    }
    put(new_c, at, c_after);
    for (gate, value) in gates.into_iter().zip([i, f, g, o]) {
        put(gate, at, value);
    }
}

/// h' = o·tanh(c'), of `N` units.
#[inline(always)]
fn strip_of_output<T: Smooth, const N: usize>(at: usize, c: &[T], o: &[T], tanh: &mut [T], h: &mut [T]) {
    let (o, mut of_c, mut new_h) = (units::<T, N>(o, at), units::<T, N>(c, at), [T::zero(); N]);
    for n in 0..N {
        of_c[n] = of_c[n].fast_tanh();
        new_h[n] = o[n] * of_c[n];
    }
    put(tanh, at, of_c);
    put(h, at, new_h);
}
// ANCHOR_END: lstm_cell

/// From c', (H), and what is kept so far: writes h', and keeps tanh(c').
#[inline(always)]
pub(super) fn output<T: Smooth>(c: &[T], kept: &mut [T], h: &mut [T]) {
    let hidden = c.len();
    let ([_, _, _, o, tanh], h) = (parts_mut(kept, hidden), &mut h[..hidden]);
    for_each_strip!(hidden, strip_of_output(c, &*o, &mut *tanh, h));
}

/// Writes the gradients of the gates, (4·H), and turns that of c' into that of c, (H).
#[inline(always)]
pub(super) fn grad<T: Smooth>(kept: &[T], c: &[T], grad_h: &[T], grad_c: &mut [T], grad_x: &mut [T]) {
    let hidden = c.len();
    let (kept, [i, f, g, o], grad_h) = (parts(kept, hidden), parts_mut(grad_x, hidden), &grad_h[..hidden]);
    let grad_c = &mut grad_c[..hidden];
    if hidden < STRIP {
        for at in 0..hidden {
            let before =
                strip_of_grad::<T, 1>(at, kept, c, grad_h, grad_c, [&mut *i, &mut *f, &mut *g, &mut *o]);
            put(grad_c, at, before);
        }
        return;
    }
    // The last strip goes first and waits with what it has for `grad_c`, since another strip reads some of the same units.
    let end = hidden - STRIP;
    let last = strip_of_grad::<T, STRIP>(end, kept, c, grad_h, grad_c, [&mut *i, &mut *f, &mut *g, &mut *o]);
    for at in (0..end).step_by(STRIP) {
        let before =
            strip_of_grad::<T, STRIP>(at, kept, c, grad_h, grad_c, [&mut *i, &mut *f, &mut *g, &mut *o]);
        put(grad_c, at, before);
    }
    put(grad_c, end, last);
}

// ANCHOR: lstm_cell_grad
/// The derivatives of both strips: dσ = σ(1 − σ), d tanh = 1 − tanh². Returns the gradient of c before the step.
#[inline(always)]
fn strip_of_grad<T: Smooth, const N: usize>(
    at: usize,
    kept: [&[T]; 5],
    c: &[T],
    grad_h: &[T],
    grad_c: &[T],
    grads: [&mut [T]; 4],
) -> [T; N] {
    let (i, f) = (units::<T, N>(kept[0], at), units::<T, N>(kept[1], at));
    let (g, o) = (units::<T, N>(kept[2], at), units::<T, N>(kept[3], at));
    let (tanh, c) = (units::<T, N>(kept[4], at), units::<T, N>(c, at));
    let (grad_h, grad_c) = (units::<T, N>(grad_h, at), units::<T, N>(grad_c, at));
    let (one, zeros) = (T::one(), [T::zero(); N]);
    let (mut grad_i, mut grad_f, mut grad_g, mut grad_o, mut before) = (zeros, zeros, zeros, zeros, zeros);
    for n in 0..N {
        let grad_c = grad_c[n] + grad_h[n] * o[n] * (one - tanh[n] * tanh[n]);
        grad_i[n] = grad_c * g[n] * i[n] * (one - i[n]);
        grad_f[n] = grad_c * c[n] * f[n] * (one - f[n]);
        grad_g[n] = grad_c * i[n] * (one - g[n] * g[n]);
        grad_o[n] = grad_h[n] * tanh[n] * o[n] * (one - o[n]);
        before[n] = grad_c * f[n];
    }
    for (grad, value) in grads.into_iter().zip([grad_i, grad_f, grad_g, grad_o]) {
        put(grad, at, value);
    }
    before
}
// ANCHOR_END: lstm_cell_grad

/// The first `P` parts of a row, `len` numbers each.
#[inline(always)]
fn parts<T, const P: usize>(row: &[T], len: usize) -> [&[T]; P] {
    let mut parts = [&row[..0]; P];
    for (p, part) in parts.iter_mut().enumerate() {
        *part = &row[p * len..][..len];
    }
    parts
}

#[inline(always)]
fn parts_mut<T, const P: usize>(row: &mut [T], len: usize) -> [&mut [T]; P] {
    let mut rest = row;
    std::array::from_fn(|_| {
        let (part, after) = std::mem::take(&mut rest).split_at_mut(len);
        rest = after;
        part
    })
}

/// `N` units of a row.
#[inline(always)]
fn units<T: Copy, const N: usize>(row: &[T], at: usize) -> [T; N] {
    row[at..at + N].try_into().expect("a range of N")
}

#[inline(always)]
fn put<T: Copy, const N: usize>(row: &mut [T], at: usize, units: [T; N]) {
    row[at..at + N].copy_from_slice(&units);
}
