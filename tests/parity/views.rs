//! Views and broadcasting against an oracle that goes one index at a time and knows no strides.

use minitensor::{DType, Tensor};
use proptest::prelude::*;

use crate::oracle::{Oracle, Step, any_step, indices, take};

fn any_shape() -> impl Strategy<Value = Vec<usize>> {
    prop_oneof![
        8 => prop::collection::vec(1..5usize, 0..5),
        1 => prop::collection::vec(0..3usize, 1..4),
    ]
}

/// A base with element i at place i, and a view of it on both sides.
fn any_view() -> impl Strategy<Value = (Tensor, Tensor, Oracle)> {
    (any_shape(), prop::collection::vec(any_step(), 0..7)).prop_map(|(shape, steps)| {
        let base = counted(&shape).requires_grad_();
        let start = (base.clone(), Oracle::base(&shape));
        let (x, oracle) = steps.iter().fold(start, |(x, oracle), step| take(step, x, oracle));
        (base, x, oracle)
    })
}

/// 0, 1, 2, … in this shape.
fn counted(shape: &[usize]) -> Tensor {
    Tensor::from_vec((0..shape.iter().product()).map(|i: usize| i as f64).collect(), shape)
}

/// Two views whose shapes broadcast, and the shape they broadcast to.
fn any_pair() -> impl Strategy<Value = ([(Tensor, Oracle); 2], Vec<usize>)> {
    // For each dimension: its size, and for each side whether it has 1 there; and how many leading ones each lacks.
    let dims = prop::collection::vec((1..4usize, 0..4u8), 0..5);
    (dims, 0..5usize, any::<bool>(), any::<[bool; 2]>()).prop_map(|(dims, missing, left, turned)| {
        let sides = [0, 1].map(|side| {
            let ones = |&(size, ones): &(usize, u8)| if ones == side + 1 { 1 } else { size };
            let shape: Vec<usize> = dims.iter().map(ones).collect();
            let lacks = if left == (side == 0) { missing.min(shape.len()) } else { 0 };
            let shape = &shape[lacks..];
            if !turned[side as usize] {
                return (counted(shape), Oracle::base(shape));
            }
            // Made the other way round and turned back: the same shape with other strides.
            let reversed: Vec<usize> = shape.iter().rev().copied().collect();
            let start = (counted(&reversed), Oracle::base(&reversed));
            let rank = shape.len();
            (0..rank / 2).fold(start, |(x, o), d| take(&Step::Transpose(d, rank - 1 - d), x, o))
        });
        let lacking = missing.min(dims.len());
        let whole = dims.iter().enumerate().map(|(d, &(size, ones))| {
            // Where one side lacks the dimension, only the other one counts.
            let other_is_one = d < lacking && ones == if left { 2 } else { 1 };
            if other_is_one { 1 } else { size }
        });
        let whole = whole.collect();
        (sides, whole)
    })
}

/// The index that a broadcast operand is read at.
fn own_index(index: &[usize], shape: &[usize]) -> Vec<usize> {
    let tail = &index[index.len() - shape.len()..];
    tail.iter().zip(shape).map(|(&i, &size)| if size == 1 { 0 } else { i }).collect()
}

mod each {
    on_each_device! {
        a_view_reads_the_right_elements => crate::views::a_view_reads_the_right_elements(),
        a_gradient_returns_to_the_elements_it_came_from => crate::views::a_gradient_returns_to_the_elements_it_came_from(),
        sums_and_extremes_follow_the_oracle => crate::views::sums_and_extremes_follow_the_oracle(),
        sums_over_several_dimensions_follow_the_oracle => crate::views::sums_over_several_dimensions_follow_the_oracle(),
        broadcasting_pairs_the_right_elements => crate::views::broadcasting_pairs_the_right_elements(),
        matmul_is_the_triple_loop => crate::views::matmul_is_the_triple_loop(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1024, ..ProptestConfig::default() })]

    fn a_view_reads_the_right_elements((_, x, oracle) in any_view()) {
        prop_assert_eq!(&x.shape()[..], &oracle.shape[..]);
        let expected: Vec<f64> = oracle.elements.iter().map(|&i| i as f64).collect();
        prop_assert_eq!(x.to_vec::<f64>(), expected.clone());
        // A kernel reads the view as it lies, and copies make it plain.
        prop_assert_eq!((&x * 1.0).to_vec::<f64>(), expected.clone());
        prop_assert_eq!(x.contiguous().to_vec::<f64>(), expected.clone());
        prop_assert_eq!(x.to_dtype(DType::I64).to_dtype(DType::F64).to_vec::<f64>(), expected);
    }

    fn a_gradient_returns_to_the_elements_it_came_from((base, x, oracle) in any_view()) {
        let weights: Vec<f64> = (0..oracle.elements.len()).map(|i| i as f64 + 1.0).collect();
        (&x * Tensor::from_vec(weights.clone(), oracle.shape.clone())).sum().backward();
        let mut expected = vec![0.0; base.numel()];
        oracle.elements.iter().zip(&weights).for_each(|(&i, w)| expected[i] += w);
        let grad = base.grad().unwrap_or_else(|| base.zeros_like());
        prop_assert_eq!(grad.to_vec::<f64>(), expected);
    }

    fn sums_and_extremes_follow_the_oracle((_, x, oracle) in any_view(), d in 0..4usize, keepdim: bool) {
        if oracle.shape.is_empty() {
            return Ok(());
        }
        let d = d % oracle.shape.len();
        let mut reduced = oracle.shape.clone();
        reduced.remove(d);
        let rows: Vec<Vec<f64>> = indices(&reduced).iter().map(|index| {
            let at = |i| oracle.at(&[&index[..d], &[i], &index[d..]].concat()) as f64;
            (0..oracle.shape[d]).map(at).collect()
        }).collect();
        let sums: Vec<f64> = rows.iter().map(|row| row.iter().sum()).collect();
        let sum = x.sum_dim(d as isize, keepdim);
        prop_assert_eq!(sum.rank(), if keepdim { oracle.shape.len() } else { reduced.len() });
        prop_assert_eq!(sum.to_vec::<f64>(), sums);
        if oracle.shape[d] > 0 {
            let (values, at) = x.max_dim(d as isize, keepdim);
            let largest: Vec<f64> = rows.iter().map(|row| row.iter().copied().fold(f64::MIN, f64::max)).collect();
            let first: Vec<i64> = rows.iter().zip(&largest)
                .map(|(row, m)| row.iter().position(|x| x == m).map_or(-1, |i| i as i64)).collect();
            prop_assert_eq!(values.to_vec::<f64>(), largest);
            prop_assert_eq!(at.to_vec::<i64>(), first);
        }
    }

    fn sums_over_several_dimensions_follow_the_oracle((_, x, oracle) in any_view(), reduced in any::<[bool; 8]>()) {
        let rank = oracle.shape.len();
        prop_assume!(rank <= 8);
        let dims: Vec<isize> = (0..rank).filter(|&d| reduced[d]).map(|d| d as isize).collect();
        let kept = |index: &[usize]| -> Vec<usize> {
            (0..rank).map(|d| if reduced[d] { 0 } else { index[d] }).collect()
        };
        let shape: Vec<usize> = (0..rank).map(|d| if reduced[d] { 1 } else { oracle.shape[d] }).collect();
        let (mut sums, whole) = (vec![0.0; shape.iter().product()], indices(&oracle.shape));
        for index in &whole {
            let flat = kept(index).iter().zip(&shape).fold(0, |flat, (i, size)| flat * size + i);
            sums[flat] += oracle.at(index) as f64;
        }
        prop_assert_eq!(x.sum_dim(dims.as_slice(), true).to_vec::<f64>(), sums);
    }

    fn broadcasting_pairs_the_right_elements((sides, whole) in any_pair()) {
        let [(a, oa), (b, ob)] = sides;
        let y = &a * 100.0 + &b;
        prop_assert_eq!(&y.shape()[..], &whole[..]);
        let expected: Vec<f64> = indices(&whole).iter().map(|index| {
            let (i, j) = (oa.at(&own_index(index, &oa.shape)), ob.at(&own_index(index, &ob.shape)));
            100.0 * i as f64 + j as f64
        }).collect();
        prop_assert_eq!(y.to_vec::<f64>(), expected);
    }

    fn matmul_is_the_triple_loop((m, k, n) in (0..6usize, 0..6usize, 0..6usize), turned: [bool; 2], batch in 1..3usize) {
        let operand = |turned: bool, rows: usize, columns: usize| match turned {
            true => counted(&[batch, columns, rows]).transpose(1, 2),
            false => counted(&[batch, rows, columns]),
        };
        let (a, b) = (operand(turned[0], m, k), operand(turned[1], k, n));
        let (x, y) = (a.to_vec::<f64>(), b.to_vec::<f64>());
        let expected: Vec<f64> = indices(&[batch, m, n]).iter().map(|at| {
            (0..k).map(|p| x[(at[0] * m + at[1]) * k + p] * y[(at[0] * k + p) * n + at[2]]).sum()
        }).collect();
        prop_assert_eq!(a.matmul(&b).to_vec::<f64>(), expected);
    }
}
