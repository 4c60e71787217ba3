//! The tiled product of matrices.

use super::{numbers, run, some, there, untouched, waits};
use minitensor::Tensor;
use minitensor::device::opencl::KernelArgument::{Tensor as Numbers, U32};
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn() -> &'static str;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let source = answer();
    sheet.same("all wait for each other", waits(source), true);
    if !waits(source) {
        return;
    }
    let (x, y) = (Tensor::from([[1.0f32, 2.0], [3.0, 4.0]]), Tensor::from([[5.0f32, 6.0], [7.0, 8.0]]));
    sheet.near("2 x 2 times 2 x 2", numbers(&product(source, &x, &y)), numbers(&x.matmul(&y)));
    for (m, k, n) in [(16, 16, 16), (16, 32, 16), (17, 33, 19), (3, 40, 50), (1, 1, 1)] {
        let (x, y) = (some(m, k), some(k, n));
        let (got, expected) = (product(source, &x, &y), x.matmul(&y));
        let pairs = got.to_vec::<f32>().into_iter().zip(expected.to_vec::<f32>());
        let right = pairs.filter(|(got, expected)| (got - expected).abs() < 1e-3).count();
        sheet.same(format!("{m} x {k} times {k} x {n}: right numbers"), right, m * n);
    }
}

fn product(source: &str, x: &Tensor, y: &Tensor) -> Tensor {
    let ([m, k], n) = (x.dims(), y.size(1));
    let out = untouched(m * n);
    let sizes = [m, n, k].map(|size| U32(size as u32));
    let (x, y) = (there(x), there(y));
    let given = [sizes[0], sizes[1], sizes[2], Numbers(&x), Numbers(&y), Numbers(&out)];
    run(source, "product", &given, &[n.next_multiple_of(16), m.next_multiple_of(16)], &[16, 16]);
    out.reshape([m, n])
}

/// A kernel with another end of the loop, other numbers brought, or other numbers multiplied.
macro_rules! product {
    ($more:literal, $x:literal, $product:literal, $after:literal) => {
        concat!(
            "kernel void product(uint m, uint n, uint k, global const float *x, global const float *y, global float *out) {
                local float xs[16][16], ys[16][16];
                uint column = get_local_id(0), row = get_local_id(1);
                uint j = get_global_id(0), i = get_global_id(1);
                float sum = 0, last = 0;
                for (uint first = 0; ", $more, "; first += 16) {
                    uint p = first + column, q = first + row;
                    xs[row][column] = ", $x, ";
                    ys[row][column] = j < n ? y[min(q, k - 1) * n + j] : 0;
                    barrier(CLK_LOCAL_MEM_FENCE);
                    for (uint p = 0; p < 16; p++)
                        sum += ", $product, ";
                    barrier(CLK_LOCAL_MEM_FENCE);
                    ", $after, "
                }
                if (i < m && j < n)
                    out[i * n + j] = sum + last;
            }"
        )
    };
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "what stands in the squares beyond the end of k. It must be 0, which adds nothing, and not the last number again.",
        || product!("first < k", "i < m ? x[i * k + min(p, k - 1)] : 0", "xs[row][p] * ys[p][column]", ""),
    ),
    ("to leave out the last squares if they are not full. They are filled up with zeros, and count.", || {
        product!("first + 16 <= k", "i < m && p < k ? x[i * k + p] : 0", "xs[row][p] * ys[p][column]", "")
    }),
    (
        "to go along the rows of both squares. A product takes a row of x and a column of y: ys[p][column].",
        || product!("first < k", "i < m && p < k ? x[i * k + p] : 0", "xs[row][p] * ys[column][p]", ""),
    ),
    ("to begin the sum anew with each pair of squares. It goes on along all of k.", || {
        product!(
            "first < k",
            "i < m && p < k ? x[i * k + p] : 0",
            "xs[row][p] * ys[p][column]",
            "last = sum; sum = 0;"
        )
    }),
    (
        "that nobody waits. A work-item multiplies numbers that others bring, or have not brought yet: without a barrier, it is \
         chance which of the two. So it was not run.",
        || {
            "kernel void product(uint m, uint n, uint k, global const float *x, global const float *y, global float *out) {
                uint j = get_global_id(0), i = get_global_id(1);
                if (i < m && j < n) {
                    float sum = 0;
                    for (uint p = 0; p < k; p++)
                        sum += x[i * k + p] * y[p * n + j];
                    out[i * n + j] = sum;
                }
            }"
        },
    ),
];
