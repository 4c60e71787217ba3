//! The transpose, a square at a time.

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
    let small = transposed(source, &some(2, 3));
    sheet.near("2 x 3", numbers(&small), numbers(&some(2, 3).t().contiguous()));
    for (rows, columns) in [(16, 16), (32, 32), (17, 40), (40, 17), (1, 50)] {
        let x = some(rows, columns);
        let got = transposed(source, &x).to_vec::<f32>();
        let right = got.iter().zip(x.t().to_vec::<f32>()).filter(|(got, wanted)| **got == *wanted).count();
        sheet.same(format!("{rows} x {columns}: right numbers"), right, rows * columns);
    }
}

fn transposed(source: &str, x: &Tensor) -> Tensor {
    let [rows, columns] = x.dims();
    let out = untouched(rows * columns);
    let given = [U32(rows as u32), U32(columns as u32), Numbers(&there(x)), Numbers(&out)];
    run(source, "transpose", &given, &[columns.next_multiple_of(16), rows.next_multiple_of(16)], &[16, 16]);
    out.reshape([columns, rows])
}

/// A kernel that reads in order, and writes as `to` says.
macro_rules! transpose {
    ($to:literal) => {
        concat!(
            "kernel void transpose(uint rows, uint columns, global const float *in, global float *out) {
                local float square[16][16];
                uint x = get_local_id(0), y = get_local_id(1);
                uint row = get_group_id(1) * 16 + y, column = get_group_id(0) * 16 + x;
                square[y][x] = row < rows && column < columns ? in[row * columns + column] : 0;
                barrier(CLK_LOCAL_MEM_FENCE);",
            $to,
            "}"
        )
    };
}

pub(crate) const WRONG: &[Wrong<Answer>] = &[
    (
        "that nobody waits. In local memory a work-item takes a number that another has put there, or has not yet: without a \
         barrier, it is chance which of the two. And without local memory, neighbours write far apart. So it was not run.",
        || {
            "kernel void transpose(uint rows, uint columns, global const float *in, global float *out) {
                uint row = get_global_id(1), column = get_global_id(0);
                if (row < rows && column < columns)
                    out[column * rows + row] = in[row * columns + column];
            }"
        },
    ),
    (
        "to turn the square and leave it where it was. The square in row 1, column 0 belongs in row 0, column 1.",
        || {
            transpose!(
                "uint to_row = get_group_id(1) * 16 + y, to_column = get_group_id(0) * 16 + x;
                if (to_row < columns && to_column < rows)
                    out[to_row * rows + to_column] = square[x][y];"
            )
        },
    ),
    (
        "to move the squares without turning them: the number to write is the one that stands in row x, column y of the square.",
        || {
            transpose!(
                "uint to_row = get_group_id(0) * 16 + y, to_column = get_group_id(1) * 16 + x;
                if (to_row < columns && to_column < rows)
                    out[to_row * rows + to_column] = square[y][x];"
            )
        },
    ),
    (
        "to ask for the edges of the matrix that is read, where those of the result count: it has `columns` rows.",
        || {
            transpose!(
                "uint to_row = get_group_id(0) * 16 + y, to_column = get_group_id(1) * 16 + x;
                if (to_row < min(rows, columns) && to_column < min(rows, columns))
                    out[to_row * rows + to_column] = square[x][y];"
            )
        },
    ),
];
