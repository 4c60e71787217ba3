//! Softmax, a work-group a row.

use super::{numbers, run, some, there, untouched, waits};
use minitensor::Tensor;
use minitensor::device::opencl::KernelArgument::{Local, Tensor as Numbers, U32};
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn() -> &'static str;

/// Work-items of a group.
const SIZE: usize = 16;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let source = answer();
    sheet.same("all wait for each other", waits(source), true);
    if !waits(source) {
        return;
    }
    let cases = [
        ("two scores a row", Tensor::from([[0.0f32, 0.0], [1.0, 3.0]])),
        ("a row as wide as the group", some(1, SIZE)),
        ("rows wider than the group", some(2, 20)),
        ("scores of a thousand", Tensor::from([[1000.0f32, 1001.0, 999.0]])),
        ("scores of minus a thousand", Tensor::from([[-1000.0f32, -1001.0, -1003.0]])),
    ];
    for (case, x) in cases {
        // A device's exp may be some units off in the last of its seven digits.
        sheet.near_within(1e-5, case, numbers(&softmax(source, &x)), numbers(&x.softmax(-1)));
    }
}

fn softmax(source: &str, x: &Tensor) -> Tensor {
    let [rows, width] = x.dims();
    let out = untouched(rows * width);
    let given = [U32(width as u32), Numbers(&there(x)), Numbers(&out), Local(4 * SIZE)];
    run(source, "softmax", &given, &[rows * SIZE], &[SIZE]);
    out.reshape([rows, width])
}

/// A kernel with another first value of the maximum, step along the row, or result.
macro_rules! softmax {
    ($lowest:literal, $step:literal, $largest:literal, $result:literal) => {
        concat!(
            "#define FOLD(combined) \\
                for (uint reach = size / 2; reach > 0; reach /= 2) { \\
                    barrier(CLK_LOCAL_MEM_FENCE); \\
                    if (own < reach) { \\
                        float a = shared[own], b = shared[own + reach]; \\
                        shared[own] = combined; \\
                    } \\
                } \\
                barrier(CLK_LOCAL_MEM_FENCE);
            kernel void softmax(uint width, global const float *in, global float *out, local float *shared) {
                uint own = get_local_id(0), size = get_local_size(0), row = get_group_id(0) * width;
                float largest = ", $lowest, ", total = 0;
                for (uint j = own; j < width; j += ", $step, ")
                    largest = fmax(largest, in[row + j]);
                shared[own] = largest;
                FOLD(fmax(a, b))
                largest = ", $largest, ";
                barrier(CLK_LOCAL_MEM_FENCE);
                for (uint j = own; j < width; j += ", $step, ")
                    total += exp(in[row + j] - largest);
                shared[own] = total;
                FOLD(a + b)
                for (uint j = own; j < width; j += ", $step, ")
                    out[row + j] = ", $result, ";
            }"
        )
    };
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "to leave out the maximum. e^1000 is more than a float can hold, and infinity over infinity is not a number.",
        || softmax!("-INFINITY", "size", "0", "exp(in[row + j] - largest) / shared[0]"),
    ),
    (
        "to give each work-item one number. The group has 16, and the row may be wider: each takes every 16th.",
        || softmax!("-INFINITY", "width", "shared[0]", "exp(in[row + j] - largest) / shared[0]"),
    ),
    (
        "to begin the maximum at 0. Where all scores are far below that, their exponentials are all 0, and 0 over 0 is not a \
         number.",
        || softmax!("0", "size", "shared[0]", "exp(in[row + j] - largest) / shared[0]"),
    ),
    ("to leave out the division. A softmax adds up to 1 over the row.", || {
        softmax!("-INFINITY", "size", "shared[0]", "exp(in[row + j] - largest)")
    }),
    (
        "that nobody waits. The largest of a row is known when all work-items have looked at theirs, and without a barrier \
         nobody knows when that is. So it was not run.",
        || {
            "kernel void softmax(uint width, global const float *in, global float *out, local float *shared) {
                shared[get_local_id(0)] = in[get_group_id(0) * width];
            }"
        },
    ),
];
