//! The steps of all optimisers, each as one pass over memory.

use crate::device::optim::{OptimKernels, Update};
use crate::dtype::Float;

use super::CpuStorage;
use super::parallel::{MIN_CHUNK, vectorised};
use super::tasks::{Disjoint, for_each_task};
use super::typed::{of, of_mut, with_float};

impl OptimKernels for CpuStorage {
    fn update(&mut self, update: &Update, grad: &Self, memory: &mut [&mut Self]) {
        with_float!(self, T => {
            let mut memory: Vec<&mut [T]> = memory.iter_mut().map(|storage| of_mut(storage)).collect();
            step(update, of_mut(self), of(grad), &mut memory);
        });
    }
}

fn step<T: Float>(update: &Update, w: &mut [T], g: &[T], memory: &mut [&mut [T]]) {
    let t = T::from_f64;
    match *update {
        Update::Lerp { amount } => {
            let amount = t(amount);
            each(w, g, memory, move |w, g, []| (w + amount * (g - w), []));
        }
        Update::Descend { lr, weight_decay } => {
            let [lr, decay] = [lr, weight_decay].map(t);
            each(w, g, memory, move |w, g, []| (w - lr * (g + decay * w), []));
        }
        Update::Momentum { lr, weight_decay, momentum, take, nesterov } => {
            let [lr, decay, momentum, take] = [lr, weight_decay, momentum, take].map(t);
            each(w, g, memory, move |w, g, [v]| {
                let g = g + decay * w;
                let v = momentum * v + take * g;
                let d = if nesterov { g + momentum * v } else { v };
                (w - lr * d, [v])
            });
        }
        Update::Adam { .. } => adam(update, w, g, memory),
        Update::RmsProp { .. } => rms_prop(update, w, g, memory),
        Update::Adagrad { lr, weight_decay, eps } => {
            let [lr, decay, eps] = [lr, weight_decay, eps].map(t);
            each(w, g, memory, move |w, g, [s]| {
                let g = g + decay * w;
                let s = s + g * g;
                (w - lr * g / (s.sqrt() + eps), [s])
            });
        }
        Update::Adadelta { lr, weight_decay, rho, eps } => {
            let [lr, decay, rho, fresh, eps] = [lr, weight_decay, rho, 1.0 - rho, eps].map(t);
            each(w, g, memory, move |w, g, [s, u]| {
                let g = g + decay * w;
                let s = rho * s + fresh * g * g;
                let d = g * (u + eps).sqrt() / (s + eps).sqrt();
                (w - lr * d, [s, rho * u + fresh * d * d])
            });
        }
    }
}

fn adam<T: Float>(update: &Update, w: &mut [T], g: &[T], memory: &mut [&mut [T]]) {
    let Update::Adam { lr, weight_decay, keep, beta1, beta2, root, eps, amsgrad } = *update else { return };
    let [lr, decay, keep, root, eps] = [lr, weight_decay, keep, root, eps].map(T::from_f64);
    let [beta1, fresh1, beta2, fresh2] = [beta1, 1.0 - beta1, beta2, 1.0 - beta2].map(T::from_f64);
    let means = move |w: T, g: T, m: T, s: T| {
        let g = g + decay * w;
        (beta1 * m + fresh1 * g, beta2 * s + fresh2 * g * g)
    };
    let moved = move |w: T, m: T, s: T| keep * w - lr * m / (root * s.sqrt() + eps);
    match amsgrad {
        false => each(w, g, memory, move |w, g, [m, s]| {
            let (m, s) = means(w, g, m, s);
            (moved(w, m, s), [m, s])
        }),
        true => each(w, g, memory, move |w, g, [m, s, largest]| {
            let (m, s) = means(w, g, m, s);
            let largest = if s > largest { s } else { largest };
            (moved(w, m, largest), [m, s, largest])
        }),
    }
}

fn rms_prop<T: Float>(update: &Update, w: &mut [T], g: &[T], memory: &mut [&mut [T]]) {
    let Update::RmsProp { lr, weight_decay, alpha, eps, momentum, centered } = *update else { return };
    let pushed = momentum != 0.0;
    let [lr, decay, eps, momentum] = [lr, weight_decay, eps, momentum].map(T::from_f64);
    let [alpha, fresh] = [alpha, 1.0 - alpha].map(T::from_f64);
    let mean = move |m: T, x: T| alpha * m + fresh * x;
    // rounding can leave a variance of about 0 below it
    let deviation = move |s: T, m: T| (if s > m * m { s - m * m } else { T::zero() }).sqrt() + eps;
    match (centered, pushed) {
        (false, false) => each(w, g, memory, move |w, g, [s]| {
            let g = g + decay * w;
            let s = mean(s, g * g);
            (w - lr * g / (s.sqrt() + eps), [s])
        }),
        (true, false) => each(w, g, memory, move |w, g, [s, m]| {
            let g = g + decay * w;
            let (s, m) = (mean(s, g * g), mean(m, g));
            (w - lr * g / deviation(s, m), [s, m])
        }),
        (false, true) => each(w, g, memory, move |w, g, [s, v]| {
            let g = g + decay * w;
            let s = mean(s, g * g);
            let v = momentum * v + g / (s.sqrt() + eps);
            (w - lr * v, [s, v])
        }),
        (true, true) => each(w, g, memory, move |w, g, [s, m, v]| {
            let g = g + decay * w;
            let (s, m) = (mean(s, g * g), mean(m, g));
            let v = momentum * v + g / deviation(s, m);
            (w - lr * v, [s, m, v])
        }),
    }
}

/// Puts what `f` makes of each weight, its gradient and its memory in their places, on all threads.
fn each<T: Float, const M: usize>(
    w: &mut [T],
    g: &[T],
    memory: &mut [&mut [T]],
    f: impl Fn(T, T, [T; M]) -> (T, [T; M]) + Sync + Send,
) {
    let len = w.len();
    let kept = memory.len();
    let Ok(memory) = <&mut [&mut [T]; M]>::try_from(memory) else {
        unreachable!("an update that remembers {M} numbers a weight was given {kept}")
    };
    let (w, memory) = (Disjoint::new(w), memory.each_mut().map(|slice| Disjoint::new(slice)));
    for_each_task(len.div_ceil(MIN_CHUNK), true, |i| {
        let first = i * MIN_CHUNK;
        let n = MIN_CHUNK.min(len - first);
        // SAFETY: pieces start a whole chunk apart and none is longer than one.
        let (w, memory) = unsafe { (w.part(first, n), memory.each_ref().map(|m| m.part(first, n))) };
        let g = &g[first..first + n];
        vectorised(
            #[inline(always)]
            || {
                let memory = memory;
                for j in 0..n {
                    let (to, kept) = f(w[j], g[j], std::array::from_fn(|k| memory[k][j]));
                    w[j] = to;
                    for k in 0..M {
                        memory[k][j] = kept[k];
                    }
                }
            },
        );
    });
}
