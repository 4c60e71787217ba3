//! A tensor that is a list of places: it knows what a view should read, and no strides.

use minitensor::ops::PadMode;
use minitensor::{Index, Tensor};
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
    Unfold(usize, usize, usize),
    Roll(usize, usize),
    Repeat(usize, usize),
    Interleave(usize, usize),
    Pad(usize, usize, usize, usize),
    Diagonal(usize),
    /// `x.i(…)` with a range, or with the numbers of a tensor.
    Part(usize, isize, isize, usize),
    Chosen(usize, Vec<isize>),
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
        Step::Transpose(..) | Step::Narrow(..) | Step::Select(..) => pick(step, x, oracle),
        Step::Every(..) | Step::Flip(_) | Step::Expand(..) => pick(step, x, oracle),
        // a few of these make large tensors
        _ if oracle.elements.len() > 500 => (x, oracle),
        _ => rearrange(step, x, oracle),
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

/// Steps that read elements more than once, or by an index.
fn rearrange(step: &Step, x: Tensor, oracle: Oracle) -> (Tensor, Oracle) {
    let rank = oracle.shape.len();
    // along dimension d, the element that `source` names for each place
    let along = |d: usize, size: usize, source: &dyn Fn(usize) -> usize| {
        oracle.picked(changed(&oracle.shape, d, size), |index| changed(index, d, source(index[d])))
    };
    let at = |d: usize| (d % rank, oracle.shape[d % rank]);
    match *step {
        Step::Unfold(d, size, stride) => {
            let ((d, n), stride) = (at(d), stride % 3 + 1);
            let size = size % (n.min(3) + 1);
            let shape = [&changed(&oracle.shape, d, (n - size) / stride + 1)[..], &[size]].concat();
            let windows =
                oracle.picked(shape, |index| changed(&index[..rank], d, index[d] * stride + index[rank]));
            (x.unfold(named(d, rank), size, stride), windows)
        }
        Step::Roll(d, shift) => {
            let (d, n) = at(d);
            let rolled = along(d, n, &|i| (i + 12 * n - shift) % n);
            (x.roll(shift as isize - 12 * n as isize * (shift % 2) as isize, named(d, rank)), rolled)
        }
        Step::Repeat(d, times) => {
            let ((d, n), times) = (at(d), times % 3);
            let counts = changed(&vec![1; rank], d, times);
            (x.repeat(counts), along(d, n * times, &|i| i % n))
        }
        Step::Interleave(d, times) => {
            let ((d, n), times) = (at(d), times % 3);
            (x.repeat_interleave(times, named(d, rank)), along(d, n * times, &|i| i / times))
        }
        Step::Pad(d, before, after, mode) => padded(at(d), [before, after], mode, x, &oracle),
        Step::Diagonal(shift) if rank > 1 => {
            let (rows, columns) = (oracle.shape[rank - 2], oracle.shape[rank - 1]);
            let offset = shift as isize % 5 - 2;
            let (down, right) = ((-offset).max(0) as usize, offset.max(0) as usize);
            let size = (0..rows).filter(|&r| r >= down && r - down + right < columns).count();
            let line = oracle.picked([&oracle.shape[..rank - 2], &[size]].concat(), |index| {
                let (i, before) = (index[rank - 2], &index[..rank - 2]);
                [before, &[i + down, i + right]].concat()
            });
            (x.diagonal(offset, -2, -1), line)
        }
        Step::Part(d, start, end, stride) => {
            let ((d, n), stride) = (at(d), stride % 3 + 1);
            // Python's rule, said by counting: of all numbers in the range, those that the dimension has
            let from = if start < 0 { start + n as isize } else { start };
            let to = if end < 0 { end + n as isize } else { end };
            let kept: Vec<usize> =
                (0..n).filter(|&i| (from..to).contains(&(i as isize))).step_by(stride).collect();
            let part = Index::Range { start: Some(start), end: Some(end), step: stride };
            (x.i(index_at(d, part)), along(d, kept.len(), &|i| kept[i]))
        }
        Step::Chosen(d, ref numbers) if oracle.shape[d % rank] > 0 => {
            let (d, n) = at(d);
            let chosen: Vec<usize> = numbers.iter().map(|i| i.rem_euclid(n as isize) as usize).collect();
            // half of them counted from the end
            let told = chosen.iter().map(|&i| if i % 2 == 0 { i as i64 } else { i as i64 - n as i64 });
            let told = Tensor::from_vec(told.collect(), [chosen.len()]);
            (x.i(index_at(d, Index::from(&told))), along(d, chosen.len(), &|i| chosen[i]))
        }
        _ => (x, oracle),
    }
}

/// All of the dimensions before, and this of dimension `d`.
fn index_at(d: usize, index: Index) -> Vec<Index> {
    let mut indices = vec![Index::from(..); d];
    indices.push(index);
    indices
}

fn padded(
    (d, n): (usize, usize),
    [before, after]: [usize; 2],
    mode: usize,
    x: Tensor,
    oracle: &Oracle,
) -> (Tensor, Oracle) {
    let (before, after) = (before % n.clamp(1, 3), after % n.clamp(1, 3));
    let rank = oracle.shape.len();
    if n == 0 {
        return (x, oracle.clone());
    }
    let mut amounts = vec![0; 2 * (rank - 1 - d)];
    amounts.extend([before as isize, after as isize]);
    let (n, first) = (n as isize, before as isize);
    let (mode, source): (PadMode, fn(isize, isize) -> isize) = match mode % 3 {
        0 => (PadMode::Replicate, |i, n| i.max(0).min(n - 1)),
        1 => (PadMode::Circular, |i, n| (i + n) % n),
        _ => (PadMode::Reflect, |i, n| (n - 1) - ((n - 1) - i.abs()).abs()),
    };
    let shape = changed(&oracle.shape, d, before + n as usize + after);
    let wider =
        oracle.picked(shape, |index| changed(index, d, source(index[d] as isize - first, n) as usize));
    (x.pad(&amounts, mode), wider)
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
        (n(), n(), n()).prop_map(|(d, size, step)| Step::Unfold(d, size, step)),
        (n(), n()).prop_map(|(d, shift)| Step::Roll(d, shift)),
        (n(), n()).prop_map(|(d, times)| Step::Repeat(d, times)),
        (n(), n()).prop_map(|(d, times)| Step::Interleave(d, times)),
        (n(), n(), n(), n()).prop_map(|(d, before, after, mode)| Step::Pad(d, before, after, mode)),
        n().prop_map(Step::Diagonal),
        (n(), -6..6isize, -6..6isize, n()).prop_map(|(d, start, end, step)| Step::Part(d, start, end, step)),
        (n(), prop::collection::vec(-6..6isize, 0..4)).prop_map(|(d, numbers)| Step::Chosen(d, numbers)),
    ]
}
