//! A tensor that is a list of places: it knows what a view should read, and no strides.

use minitensor::Tensor;
use proptest::prelude::*;

/// A tensor as the oracle knows it: which element of the base is at each place, in row-major order.
#[derive(Clone, Debug)]
pub(crate) struct Oracle {
    pub(crate) shape: Vec<usize>,
    pub(crate) elements: Vec<usize>,
}

/// One step of a view. The numbers are drawn before the shape is known, and are taken modulo what fits.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Transpose(usize, usize),
    Narrow(usize, usize, usize),
    Select(usize, usize),
    Every(usize, usize),
    Flip(usize),
    Unsqueeze(usize),
    Squeeze(usize),
    Expand(usize, usize),
    Flatten(usize, usize),
    Split(usize),
}

impl Oracle {
    pub(crate) fn base(shape: &[usize]) -> Oracle {
        Oracle { shape: shape.to_vec(), elements: (0..shape.iter().product()).collect() }
    }

    /// The tensor of this shape whose element at each index is the one that `source` names in this one.
    fn picked(&self, shape: Vec<usize>, source: impl Fn(&[usize]) -> Vec<usize>) -> Oracle {
        let elements = indices(&shape).iter().map(|index| self.at(&source(index))).collect();
        Oracle { shape, elements }
    }

    pub(crate) fn at(&self, index: &[usize]) -> usize {
        self.elements[index.iter().zip(&self.shape).fold(0, |flat, (i, size)| flat * size + i)]
    }
}

/// Every index of a shape, in row-major order.
pub(crate) fn indices(shape: &[usize]) -> Vec<Vec<usize>> {
    shape.iter().fold(vec![vec![]], |partial, &size| {
        partial.iter().flat_map(|index| (0..size).map(move |i| [&index[..], &[i]].concat())).collect()
    })
}

/// An index, or a shape, with one entry changed.
fn changed(index: &[usize], dim: usize, to: usize) -> Vec<usize> {
    let mut index = index.to_vec();
    index[dim] = to;
    index
}

/// Takes a step on both sides; a step that means nothing for this shape is left out.
pub(crate) fn take(step: &Step, x: Tensor, oracle: Oracle) -> (Tensor, Oracle) {
    match *step {
        Step::Unsqueeze(at) => {
            let d = at % (oracle.shape.len() + 1);
            let mut shape = oracle.shape.clone();
            shape.insert(d, 1);
            (x.unsqueeze(d as isize), Oracle { shape, ..oracle })
        }
        _ if oracle.shape.is_empty() => (x, oracle),
        Step::Squeeze(_) | Step::Flatten(..) | Step::Split(_) => regroup(step, x, oracle),
        _ => pick(step, x, oracle),
    }
}

/// A dimension as ops are told it: half of them are counted from the end.
fn named(d: usize, rank: usize) -> isize {
    if d.is_multiple_of(2) { d as isize } else { d as isize - rank as isize }
}

/// Steps that keep all elements in their order.
fn regroup(step: &Step, x: Tensor, oracle: Oracle) -> (Tensor, Oracle) {
    let rank = oracle.shape.len();
    let mut shape = oracle.shape.clone();
    let y = match *step {
        Step::Squeeze(d) => {
            if shape[d % rank] == 1 {
                shape.remove(d % rank);
            }
            x.squeeze(named(d % rank, rank))
        }
        Step::Flatten(a, b) => {
            let (start, end) = ((a % rank).min(b % rank), (a % rank).max(b % rank));
            let one = shape[start..=end].iter().product();
            shape.splice(start..=end, [one]);
            x.flatten(named(start, rank), named(end, rank))
        }
        Step::Split(d) if shape[d % rank].is_multiple_of(2) => {
            let half = shape[d % rank] / 2;
            shape.splice(d % rank..=d % rank, [2, half]);
            x.reshape(shape.clone())
        }
        _ => x,
    };
    (y, Oracle { shape, ..oracle })
}

/// Steps that choose, repeat or reorder elements.
fn pick(step: &Step, x: Tensor, oracle: Oracle) -> (Tensor, Oracle) {
    let rank = oracle.shape.len();
    let swapped = |index: &[usize], a: usize, b: usize| {
        let mut index = index.to_vec();
        index.swap(a, b);
        index
    };
    match *step {
        Step::Transpose(a, b) => {
            let (a, b) = (a % rank, b % rank);
            let turned = oracle.picked(swapped(&oracle.shape, a, b), |index| swapped(index, a, b));
            (x.transpose(named(a, rank), named(b, rank)), turned)
        }
        Step::Narrow(d, start, len) => {
            let d = d % rank;
            let start = start % (oracle.shape[d] + 1);
            let len = len % (oracle.shape[d] - start + 1);
            let part =
                oracle.picked(changed(&oracle.shape, d, len), |index| changed(index, d, index[d] + start));
            (x.narrow(named(d, rank), start, len), part)
        }
        Step::Select(d, at) if oracle.shape[d % rank] > 0 => {
            let d = d % rank;
            let at = at % oracle.shape[d];
            let shape = [&oracle.shape[..d], &oracle.shape[d + 1..]].concat();
            let slice = oracle.picked(shape, |index| [&index[..d], &[at], &index[d..]].concat());
            (x.select(named(d, rank), at), slice)
        }
        Step::Every(d, step) => {
            let (d, step) = (d % rank, step % 3 + 1);
            let shape = changed(&oracle.shape, d, oracle.shape[d].div_ceil(step));
            let thinned = oracle.picked(shape, |index| changed(index, d, index[d] * step));
            (x.step(named(d, rank), step), thinned)
        }
        Step::Flip(d) => {
            let (d, size) = (d % rank, oracle.shape[d % rank]);
            let mirrored =
                oracle.picked(oracle.shape.clone(), |index| changed(index, d, size - 1 - index[d]));
            (x.flip(named(d, rank)), mirrored)
        }
        Step::Expand(d, size) if oracle.shape[d % rank] == 1 => {
            let shape = changed(&oracle.shape, d % rank, size % 4);
            (x.expand(shape.clone()), oracle.picked(shape, |index| changed(index, d % rank, 0)))
        }
        _ => (x, oracle),
    }
}

pub(crate) fn any_step() -> impl Strategy<Value = Step> {
    let n = || 0..12usize;
    prop_oneof![
        (n(), n()).prop_map(|(a, b)| Step::Transpose(a, b)),
        (n(), n(), n()).prop_map(|(d, start, len)| Step::Narrow(d, start, len)),
        (n(), n()).prop_map(|(d, at)| Step::Select(d, at)),
        (n(), n()).prop_map(|(d, step)| Step::Every(d, step)),
        n().prop_map(Step::Flip),
        n().prop_map(Step::Unsqueeze),
        n().prop_map(Step::Squeeze),
        (n(), n()).prop_map(|(d, size)| Step::Expand(d, size)),
        (n(), n()).prop_map(|(a, b)| Step::Flatten(a, b)),
        n().prop_map(Step::Split),
    ]
}
