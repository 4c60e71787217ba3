//! The sum of a work-group.

use super::{numbers, run, some, there, untouched, waits};
use minitensor::Tensor;
use minitensor::device::opencl::KernelArgument::{Local, Tensor as Numbers, U32};
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn() -> &'static str;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let source = answer();
    sheet.same("all wait for each other", waits(source), true);
    if !waits(source) {
        return;
    }
    let ones = sums(source, &Tensor::ones([256]), 64);
    sheet.near("256 ones in groups of 64", numbers(&ones), [64.0; 4]);
    for (n, size) in [(256, 128), (200, 64), (5, 8), (3, 1)] {
        let x = some(1, n).reshape([n]);
        let padded = Tensor::cat(&[&x, &Tensor::zeros([n.next_multiple_of(size) - n])], 0);
        let expected = padded.reshape([n.div_ceil(size), size]).sum_dim(1, false);
        sheet.near(
            format!("{n} numbers in groups of {size}"),
            numbers(&sums(source, &x, size)),
            numbers(&expected),
        );
    }
}

fn sums(source: &str, x: &Tensor, size: usize) -> Tensor {
    let n = x.numel();
    let out = untouched(n.div_ceil(size));
    let given = [U32(n as u32), Numbers(&there(x)), Numbers(&out), Local(4 * size)];
    run(source, "group_sum", &given, &[n.next_multiple_of(size)], &[size]);
    out
}

/// A kernel that puts a `first` number, and folds in its own way.
macro_rules! group_sum {
    ($first:literal, $fold:literal) => {
        concat!(
            "kernel void group_sum(uint n, global const float *x, global float *out, local float *shared) {
                uint i = get_global_id(0), own = get_local_id(0), size = get_local_size(0);
                shared[own] = ",
            $first,
            ";",
            $fold,
            "
                if (own == 0)
                    out[get_group_id(0)] = shared[0];
            }"
        )
    };
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "that nobody waits. A work-item reads what another has added up, or has not yet: without a barrier, it is chance which \
         of the two, and another run may give another sum. So it was not run.",
        || {
            group_sum!(
                "i < n ? x[i] : 0",
                "for (uint reach = size / 2; reach > 0; reach /= 2)
                    if (own < reach)
                        shared[own] += shared[own + reach];"
            )
        },
    ),
    ("to stop one turn early: the last one has a reach of 1, where number 1 is added to number 0.", || {
        group_sum!(
            "i < n ? x[i] : 0",
            "for (uint reach = size / 2; reach > 1; reach /= 2) {
                    barrier(CLK_LOCAL_MEM_FENCE);
                    if (own < reach)
                        shared[own] += shared[own + reach];
                }"
        )
    }),
    (
        "to fold once. Then half of the numbers are added to the other half, and half as many are left: fold those again.",
        || {
            group_sum!(
                "i < n ? x[i] : 0",
                "barrier(CLK_LOCAL_MEM_FENCE);
                if (own < size / 2)
                    shared[own] += shared[own + size / 2];"
            )
        },
    ),
    (
        "what a work-item without a number takes part with. It must be what changes no sum, 0, and not the last number once \
         more.",
        || {
            group_sum!(
                "x[min(i, n - 1)]",
                "for (uint reach = size / 2; reach > 0; reach /= 2) {
                    barrier(CLK_LOCAL_MEM_FENCE);
                    if (own < reach)
                        shared[own] += shared[own + reach];
                }"
            )
        },
    ),
];
