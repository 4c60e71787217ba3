//! A number times another, plus a third.

use super::{UNTOUCHED, numbers, run, some, there, untouched};
use minitensor::device::opencl::KernelArgument::{F32, Tensor as Numbers, U32};
use tests::exercise::{Sheet, Wrong};

pub(crate) type Answer = fn() -> &'static str;

pub(crate) fn check(answer: Answer, sheet: &mut Sheet) {
    let source = answer();
    // Buffers of 128 numbers, of which n count.
    let x = some(1, 128).reshape([128]);
    let y = &x * -0.5 + 1.0;
    let expected = &x * 3.0 + &y;
    for n in [128, 100, 1] {
        let out = untouched(128);
        let given = [U32(n as u32), F32(3.0), Numbers(&there(&x)), Numbers(&there(&y)), Numbers(&out)];
        run(source, "saxpy", &given, &[128], &[32]);
        let got = out.to_vec::<f32>();
        let most = 100.min(n);
        let [first, last] = [0, most - 1].map(|i| f64::from(got[i]));
        let wanted = expected.to_vec::<f32>();
        sheet.near(format!("3 x + y of {n}: the first"), first, wanted[0]);
        sheet.near(format!("    number {most}"), last, wanted[most - 1]);
        let right = got[..n].iter().zip(&wanted).filter(|(got, wanted)| got == wanted).count();
        sheet.same("    right numbers", right, n);
        let kept = got[n..].iter().filter(|&&number| f64::from(number) == UNTOUCHED).count();
        sheet.same("    left alone, beyond", kept, 128 - n);
    }
    let (x, y) = (some(1, 4), some(1, 4));
    let out = untouched(4);
    let given = [U32(4), F32(-1.0), Numbers(&there(&x)), Numbers(&there(&y)), Numbers(&out)];
    run(source, "saxpy", &given, &[4], &[4]);
    sheet.near("-x + x", numbers(&out), [0.0; 4]);
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "that nothing stops the work-items beyond the last number. Here they write over other numbers of the same buffer; \
         elsewhere they write over another tensor, and no error says so.",
        || {
            "kernel void saxpy(uint n, float a, global const float *x, global const float *y, global float *out) {
                uint i = get_global_id(0);
                out[i] = a * x[i] + y[i];
            }"
        },
    ),
    (
        "to ask for the local id, which begins at 0 in every group: all groups do the work of the first.",
        || {
            "kernel void saxpy(uint n, float a, global const float *x, global const float *y, global float *out) {
                uint i = get_local_id(0);
                if (i < n)
                    out[i] = a * x[i] + y[i];
            }"
        },
    ),
    ("one too many: number n is the first that there is not, since they count from 0.", || {
        "kernel void saxpy(uint n, float a, global const float *x, global const float *y, global float *out) {
                uint i = get_global_id(0);
                if (i <= n)
                    out[i] = a * x[i] + y[i];
            }"
    }),
    ("a bracket: a (x + y) multiplies y as well.", || {
        "kernel void saxpy(uint n, float a, global const float *x, global const float *y, global float *out) {
                uint i = get_global_id(0);
                if (i < n)
                    out[i] = a * (x[i] + y[i]);
            }"
    }),
];
