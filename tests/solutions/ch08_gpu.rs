//! Chapter 8: Writing a GPU kernel
//!
//! Put your answers in place of each `todo!`, then run `cargo exercise 8`.
//! Stuck? `cargo exercise hint 8.1` gives a hint, and another when asked again.
//!
//! Each function returns the text of a kernel in OpenCL C, between `r#"` and `"#`. It is compiled for the first OpenCL
//! device of this machine, which may be PoCL on the processor, and its results are compared with those of the CPU.
//! Keep the parameters as they are given. What the compiler says of your text is shown.
//!
//! You may add functions and `use` lines; leave the lines `// === Exercise 8.1 ===` where they are.

// === Exercise 8.1 ===

/// `out[i] = a x[i] + y[i]` for each `i` below `n`: the classic first kernel, called *saxpy*.
///
/// It is started over more work-items than there are numbers, since a whole number of work-groups must start. Those that
/// have no number must leave everything as it is.
///
/// ```text
/// kernel void saxpy(uint n, float a, global const float *x, global const float *y, global float *out)
/// ```
pub fn saxpy() -> &'static str {
    // TASK: a work-item for each number, and nothing done beyond the last one
    // HINT: `get_global_id(0)` is the number of the work-item among all of them. In that place of `x` and `y` lies its work.
    // HINT: The buffers may be longer than `n`. Let a work-item whose number is `n` or more `return`.
    // HINT: `uint i = get_global_id(0); if (i >= n) return; out[i] = a * x[i] + y[i];`
    r#"
kernel void saxpy(uint n, float a, global const float *x, global const float *y, global float *out) {
    uint i = get_global_id(0);
    if (i >= n)
        return;
    out[i] = a * x[i] + y[i];
}
"#
    // END
}

// === Exercise 8.2 ===

/// The transpose of a matrix, through local memory: reads and writes both go along rows, so both are coalesced.
///
/// Work-groups are squares of 16 x 16: `get_local_id(0)` and `get_group_id(0)` go along the columns of `in`,
/// `get_local_id(1)` and `get_group_id(1)` along its rows. A group reads a square of `in`, waits, and writes it, turned, to
/// where it belongs in `out`. The edges of the matrix may cut through a square.
///
/// # Shapes
/// `in`: (rows, columns), `out`: (columns, rows).
///
/// ```text
/// kernel void transpose(uint rows, uint columns, global const float *in, global float *out)
/// ```
pub fn transpose() -> &'static str {
    // TASK: read a square along its rows, wait, write it along the rows of the result
    // HINT: Inside the kernel, `local float square[16][16];` is memory that the group shares. First each work-item puts its
    //       number there, if it has one; `barrier(CLK_LOCAL_MEM_FENCE);` waits until all have; then each takes another's.
    // HINT: To read: row `get_group_id(1) * 16 + get_local_id(1)`, column `get_group_id(0) * 16 + get_local_id(0)`. To write,
    //       the groups change places and the local ids do not: row `get_group_id(0) * 16 + get_local_id(1)` of `out`, column
    //       `get_group_id(1) * 16 + get_local_id(0)`. So neighbours write neighbours.
    // HINT: What is written is `square[get_local_id(0)][get_local_id(1)]`, if its row of `out` is below `columns` and its
    //       column below `rows`. The barrier stands outside of every `if`: all must reach it.
    r#"
kernel void transpose(uint rows, uint columns, global const float *in, global float *out) {
    local float square[16][16];
    uint x = get_local_id(0), y = get_local_id(1);
    uint row = get_group_id(1) * 16 + y, column = get_group_id(0) * 16 + x;
    if (row < rows && column < columns)
        square[y][x] = in[row * columns + column];
    barrier(CLK_LOCAL_MEM_FENCE);
    uint to_row = get_group_id(0) * 16 + y, to_column = get_group_id(1) * 16 + x;
    if (to_row < columns && to_column < rows)
        out[to_row * rows + to_column] = square[x][y];
}
"#
    // END
}

// === Exercise 8.3 ===

/// The sum of each work-group's numbers: `out[group]` is the sum of `x[i]` over the work-items `i` of the group.
///
/// A work-item has one number, or none if `i` is `n` or more. The size of a group is a power of two, and `shared` has a
/// place for each of its work-items. Fold: half of the work-items add the other half's numbers to theirs, then a quarter,
/// then an eighth, until one has it all.
///
/// ```text
/// kernel void group_sum(uint n, global const float *x, global float *out, local float *shared)
/// ```
pub fn group_sum() -> &'static str {
    // TASK: fold the numbers of a group two by two in local memory, with a barrier before each turn
    // HINT: `shared[own] = i < n ? x[i] : 0;` with `own = get_local_id(0)`. A work-item without a number must not return: the
    //       others would wait for it at the barrier.
    // HINT: `for (uint reach = get_local_size(0) / 2; reach > 0; reach /= 2)`: in each turn those with `own < reach` add
    //       `shared[own + reach]`. What was written in the turn before must be there by then.
    // HINT: In the loop, first `barrier(CLK_LOCAL_MEM_FENCE);`, then `if (own < reach) shared[own] += shared[own + reach];`.
    //       At the end, the work-item with `own == 0` writes `shared[0]` to `out[get_group_id(0)]`.
    r#"
kernel void group_sum(uint n, global const float *x, global float *out, local float *shared) {
    uint i = get_global_id(0), own = get_local_id(0);
    shared[own] = i < n ? x[i] : 0;
    for (uint reach = get_local_size(0) / 2; reach > 0; reach /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (own < reach)
            shared[own] += shared[own + reach];
    }
    if (own == 0)
        out[get_group_id(0)] = shared[0];
}
"#
    // END
}

// === Exercise 8.4 ===

/// The softmax of each row: a work-group a row, whose width may be larger or smaller than the group.
///
/// `e^(x - max)` over the sum of these, with `max` the largest of the row, so that nothing overflows. The work-items of a
/// group take turns along the row: `own`, `own + size`, `own + 2 size`, …
///
/// # Shapes
/// `in` and `out`: (groups, width); `shared` has a place for each work-item of a group, a power of two.
///
/// ```text
/// kernel void softmax(uint width, global const float *in, global float *out, local float *shared)
/// ```
pub fn softmax() -> &'static str {
    // TASK: the largest of the row, then the sum of exponentials, then each one's share
    // HINT: Three passes over the row. In the first two, each work-item combines the numbers of its turns, and then the group
    //       folds what they have, as in 8.3. The row begins at `in + get_group_id(0) * width`.
    // HINT: Begin the maximum at `-INFINITY`, which a work-item without numbers keeps, and combine with `fmax`. All read the
    //       result from `shared[0]`, so there is a barrier before that, and another before `shared` is written again.
    // HINT: A helper saves writing the fold twice. Without one: `float largest = -INFINITY; for (uint j = own; j < width; j +=
    //       size) largest = fmax(largest, row[j]);`, fold with `fmax`, barrier, `largest = shared[0]`, barrier; then the same
    //       with `total += exp(row[j] - largest)`; then `to[j] = exp(row[j] - largest) / total`.
    r#"
kernel void softmax(uint width, global const float *in, global float *out, local float *shared) {
    uint own = get_local_id(0), size = get_local_size(0);
    global const float *row = in + get_group_id(0) * width;
    global float *to = out + get_group_id(0) * width;

    float largest = -INFINITY;
    for (uint j = own; j < width; j += size)
        largest = fmax(largest, row[j]);
    shared[own] = largest;
    for (uint reach = size / 2; reach > 0; reach /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (own < reach)
            shared[own] = fmax(shared[own], shared[own + reach]);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    largest = shared[0];
    barrier(CLK_LOCAL_MEM_FENCE); // all have read it before it is overwritten

    float total = 0;
    for (uint j = own; j < width; j += size)
        total += exp(row[j] - largest);
    shared[own] = total;
    for (uint reach = size / 2; reach > 0; reach /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (own < reach)
            shared[own] += shared[own + reach];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    total = shared[0];

    for (uint j = own; j < width; j += size)
        to[j] = exp(row[j] - largest) / total;
}
"#
    // END
}

// === Exercise 8.5 ===

/// The product of two matrices of any size, tiled in local memory.
///
/// Work-groups are squares of 16 x 16, each for a square of the result: `get_global_id(0)` is the column, `get_global_id(1)`
/// the row. A group goes along `k` in steps of 16, and brings a square of `x` and one of `y` into local memory each time.
///
/// # Shapes
/// `x`: (m, k), `y`: (k, n), `out`: (m, n).
///
/// ```text
/// kernel void product(uint m, uint n, uint k, global const float *x, global const float *y, global float *out)
/// ```
pub fn product() -> &'static str {
    // TASK: bring a square of x and one of y, wait, add up their products, wait
    // HINT: `local float xs[16][16], ys[16][16];` and a `float sum = 0;` that stays in a register while the squares change.
    // HINT: With `row` and `column` the local ids: its number of `x` is at row `i = get_global_id(1)`, column `first + column`;
    //       that of `y` at row `first + row`, column `j = get_global_id(0)`. Outside of its matrix it puts 0, which adds nothing.
    // HINT: One barrier after the squares are filled; one after they were used, or the next squares overwrite what a slower
    //       work-item still reads. In between: `for (uint p = 0; p < 16; p++) sum += xs[row][p] * ys[p][column];`
    r#"
kernel void product(uint m, uint n, uint k, global const float *x, global const float *y, global float *out) {
    local float xs[16][16], ys[16][16];
    uint column = get_local_id(0), row = get_local_id(1);
    uint j = get_global_id(0), i = get_global_id(1);
    float sum = 0;
    for (uint first = 0; first < k; first += 16) {
        uint p = first + column, q = first + row;
        xs[row][column] = i < m && p < k ? x[i * k + p] : 0;
        ys[row][column] = q < k && j < n ? y[q * n + j] : 0;
        barrier(CLK_LOCAL_MEM_FENCE);
        for (uint p = 0; p < 16; p++)
            sum += xs[row][p] * ys[p][column];
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (i < m && j < n)
        out[i * n + j] = sum;
}
"#
    // END
}
