//! The walks that elementwise kernels share.
//!
//! A walk is compiled anew for each function it applies. The fast ones, [`map`] and [`zip`], are several loops for
//! several instruction sets each, so they are for functions that training spends its time in; the `plain` ones are one
//! loop.

use crate::dtype::{DType, Element};
use crate::shape::Layout;

use super::buffer::{self, Buffer};
use super::parallel::{even_chunk, for_chunks, vectorised};
use super::rows::Rows;
use super::stream;

// ANCHOR: map
/// `f(x)` for each element, in row-major order.
pub(crate) fn map<T: Element, U: Element>(
    x: &[T],
    layout: &Layout,
    f: impl Fn(T) -> U + Copy + Sync,
) -> Buffer<U> {
    let (rows, numel) = (Rows::new([layout]), layout.numel());
    fill(&rows, numel, &|out, [a]| match rows.strides {
        [1] if stream::is_large::<U>(numel) => stream_map(out, &x[a..], f),
        [1] => wide::<T>(
            #[inline(always)]
            || {
                let own = f;
                for (o, &v) in out.iter_mut().zip(&x[a..]) {
                    *o = own(v);
                }
            },
        ),
        [s] => wide::<T>(
            #[inline(always)]
            || {
                let own = f;
                for (i, o) in out.iter_mut().enumerate() {
                    *o = own(x[a + i * s]);
                }
            },
        ),
    })
}
// ANCHOR_END: map

/// [`map`] as one loop.
pub(crate) fn map_plain<T: Element, U: Element>(
    x: &[T],
    layout: &Layout,
    f: impl Fn(T) -> U + Copy + Sync,
) -> Buffer<U> {
    let rows = Rows::new([layout]);
    let [s] = rows.strides;
    fill(&rows, layout.numel(), &|out, [a]| {
        out.iter_mut().enumerate().for_each(|(i, o)| *o = f(x[a + i * s]));
    })
}

/// `f(x, y)` for each pair, in row-major order.
pub(crate) fn zip<T: Element, U: Element>(
    x: &[T],
    x_layout: &Layout,
    y: &[T],
    y_layout: &Layout,
    f: impl Fn(T, T) -> U + Copy + Sync,
) -> Buffer<U> {
    let (rows, numel) = (Rows::new([x_layout, y_layout]), x_layout.numel());
    fill(&rows, numel, &|out, [a, b]| match rows.strides {
        [1, 1] if stream::is_large::<U>(numel) => stream_zip(out, &x[a..], &y[b..], f),
        [1, 1] => wide::<T>(
            #[inline(always)]
            || {
                let own = f;
                for (o, (&u, &v)) in out.iter_mut().zip(x[a..].iter().zip(&y[b..])) {
                    *o = own(u, v);
                }
            },
        ),
        [1, 0] => wide::<T>(
            #[inline(always)]
            || {
                let own = f;
                for (o, &u) in out.iter_mut().zip(&x[a..]) {
                    *o = own(u, y[b]);
                }
            },
        ),
        [0, 1] => wide::<T>(
            #[inline(always)]
            || {
                let own = f;
                for (o, &v) in out.iter_mut().zip(&y[b..]) {
                    *o = own(x[a], v);
                }
            },
        ),
        [s, t] => wide::<T>(
            #[inline(always)]
            || {
                let own = f;
                for (i, o) in out.iter_mut().enumerate() {
                    *o = own(x[a + i * s], y[b + i * t]);
                }
            },
        ),
    })
}

/// [`zip`] as one loop.
pub(crate) fn zip_plain<T: Element, U: Element>(
    x: &[T],
    x_layout: &Layout,
    y: &[T],
    y_layout: &Layout,
    f: impl Fn(T, T) -> U + Copy + Sync,
) -> Buffer<U> {
    let rows = Rows::new([x_layout, y_layout]);
    let [s, t] = rows.strides;
    fill(&rows, x_layout.numel(), &|out, [a, b]| {
        out.iter_mut().enumerate().for_each(|(i, o)| *o = f(x[a + i * s], y[b + i * t]));
    })
}

/// `x` where the mask is not 0, else `y`.
pub(crate) fn where_cond<T: Element>(
    mask: &[u8],
    mask_layout: &Layout,
    x: &[T],
    x_layout: &Layout,
    y: &[T],
    y_layout: &Layout,
) -> Buffer<T> {
    let rows = Rows::new([mask_layout, x_layout, y_layout]);
    let [r, s, t] = rows.strides;
    fill(&rows, mask_layout.numel(), &|out, [m, a, b]| {
        for (i, o) in out.iter_mut().enumerate() {
            *o = if mask[m + i * r] != 0 { x[a + i * s] } else { y[b + i * t] };
        }
    })
}

/// Writes a piece of the result from where it starts in each grid.
type Writer<'a, U, const N: usize> = dyn Fn(&mut [U], [usize; N]) + Sync + 'a;

/// A new buffer, written stretch by stretch on all threads.
///
/// The writer is a `dyn`, so that this walk is compiled once a type and not once an op: a call a row costs little.
fn fill<U: Element, const N: usize>(rows: &Rows<N>, numel: usize, write: &Writer<'_, U, N>) -> Buffer<U> {
    let mut out = buffer::stale(numel);
    for_chunks(&mut out, even_chunk(numel), |first, chunk| {
        let mut rest = &mut *chunk;
        rows.stretches(first, rest.len(), |starts, n| {
            let (piece, after) = std::mem::take(&mut rest).split_at_mut(n);
            rest = after;
            write(piece, starts);
        });
    });
    out
}

/// `f(x)` written past the caches.
fn stream_map<T: Element, U: Element>(out: &mut [U], x: &[T], f: impl Fn(T) -> U + Copy) {
    stream_zip(out, x, x, |v, _| f(v));
}

/// `f(x, y)` written past the caches.
fn stream_zip<T: Element, U: Element>(out: &mut [U], x: &[T], y: &[T], f: impl Fn(T, T) -> U + Copy) {
    let [before, lines, after] = stream::lines(out);
    let (first, last) = (before.len(), before.len() + lines.len());
    wide::<T>(
        #[inline(always)]
        || {
            let own = f;
            for (out, at) in [(before, 0), (after, last)] {
                for (o, (&u, &v)) in out.iter_mut().zip(x[at..].iter().zip(&y[at..])) {
                    *o = own(u, v);
                }
            }
            let (x, y) =
                (x[first..].as_chunks::<{ stream::LINE }>().0, y[first..].as_chunks::<{ stream::LINE }>().0);
            for ((line, x), y) in lines.as_chunks_mut().0.iter_mut().zip(x).zip(y) {
                let mut values = [U::zero(); stream::LINE];
                for i in 0..stream::LINE {
                    values[i] = own(x[i], y[i]);
                }
                stream::write(line, values);
            }
        },
    );
    stream::finish();
}

/// Runs a loop on the widest registers there are, if it is one of `f32`: what models compute in is worth the code.
///
/// Only what is inlined into the function that has those registers uses them: hence `for` loops, and closures that say
/// so. Each takes a copy of `f`, whose constants then stay in registers: read through a reference, they could change with
/// every number written.
#[inline(always)]
fn wide<T: Element>(f: impl FnOnce()) {
    if const { matches!(T::DTYPE, DType::F32) } { vectorised(f) } else { f() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_results_are_those_of_one_loop() {
        let numel = (12 << 18) + 37;
        let x: Vec<f32> = (0..=numel).map(|i| i as f32).collect();
        let layout = Layout::contiguous([numel]);
        assert!(stream::is_large::<f32>(numel) || cfg!(not(target_arch = "x86_64")));
        let sums = zip(&x, &layout, &x[1..], &layout, |u, v| u + 2.0 * v);
        assert_eq!(sums, zip_plain(&x, &layout, &x[1..], &layout, |u, v| u + 2.0 * v));
        assert_eq!(map(&x[1..], &layout, |v| v * v), map_plain(&x[1..], &layout, |v| v * v));
    }
}
