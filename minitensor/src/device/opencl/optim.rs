//! The steps of the optimisers, one kernel each.

use super::{Launch, OpenClStorage, Source, source};
use crate::device::{OptimKernels, Update};

const OPTIM: Source = source!("optim");

impl OptimKernels for OpenClStorage {
    fn update(&mut self, update: &Update, grad: &Self, memory: &mut [&mut Self]) {
        let (name, numbers) = call(update);
        let launch = self.kernel(&OPTIM, name).size(self.numel);
        let launch = numbers.into_iter().fold(launch, Launch::real);
        let launch = match *update {
            Update::Momentum { nesterov, .. } => launch.int(i32::from(nesterov)),
            _ => launch,
        };
        let launch = launch.buffer(grad).buffer(self);
        remembered(update, memory).into_iter().fold(launch, Launch::maybe).over(self.numel);
    }
}

/// The kernel of an update, and its numbers.
fn call(update: &Update) -> (&'static str, Vec<f64>) {
    match *update {
        Update::Lerp { amount } => ("lerp", vec![amount]),
        Update::Descend { lr, weight_decay } => ("descend", vec![lr, weight_decay]),
        Update::Momentum { lr, weight_decay, momentum, take, nesterov: _ } => {
            ("momentum_step", vec![lr, weight_decay, momentum, take])
        }
        Update::Adam { lr, weight_decay, keep, beta1, beta2, root, eps, amsgrad: _ } => {
            ("adam", vec![lr, weight_decay, keep, beta1, 1.0 - beta1, beta2, 1.0 - beta2, root, eps])
        }
        Update::RmsProp { lr, weight_decay, alpha, eps, momentum, centered: _ } => {
            ("rms_prop", vec![lr, weight_decay, alpha, 1.0 - alpha, eps, momentum])
        }
        Update::Adagrad { lr, weight_decay, eps } => ("adagrad", vec![lr, weight_decay, eps]),
        Update::Adadelta { lr, weight_decay, rho, eps } => {
            ("adadelta", vec![lr, weight_decay, rho, 1.0 - rho, eps])
        }
    }
}

/// The memory in the order of the kernel's parameters, with gaps for what this update does not remember.
fn remembered<'a>(update: &Update, memory: &'a [&mut OpenClStorage]) -> Vec<Option<&'a OpenClStorage>> {
    let places = match *update {
        Update::Lerp { .. } | Update::Descend { .. } => vec![],
        Update::Momentum { .. } | Update::Adagrad { .. } => vec![true],
        Update::Adadelta { .. } => vec![true, true],
        Update::Adam { amsgrad, .. } => vec![true, true, amsgrad],
        Update::RmsProp { momentum, centered, .. } => vec![true, centered, momentum != 0.0],
    };
    let wanted = places.iter().filter(|there| **there).count();
    if wanted != memory.len() {
        unreachable!("an update that remembers {wanted} numbers a weight was given {}", memory.len())
    }
    let mut memory = memory.iter().map(|storage| &**storage);
    places.into_iter().map(|there| if there { memory.next() } else { None }).collect()
}
