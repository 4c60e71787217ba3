// Products of matrices: out[i][j] = Σₚ x[i][p] · y[p][j], plus bias[j], for (…, m, k) · (…, k, n) → (…, m,
// n).
//
// Three ways, each faster than the one before. `strides` are those of x and of y along rows and columns, and
// the grid walks over the leading dimensions of both.

// ANCHOR: matmul_naive
// A work-item for each number of the result.
kernel void matmul_naive(uint numel, uint m, uint n, uint k, Grid batch, uint4 strides, global const T *x,
                         global const T *y, global const T *bias, global T *out) {
    uint number = get_global_id(0);
    if (number >= numel)
        return;
    uint j = number % n, i = number / n % m;
    uint2 start = positions2(&batch, number / n / m);
    T sum = 0;
    for (uint p = 0; p < k; p++)
        sum += x[start.x + i * strides.x + p * strides.y] * y[start.y + p * strides.z + j * strides.w];
    out[number] = bias ? sum + bias[j] : sum;
}
// ANCHOR_END: matmul_naive

// ANCHOR: matmul_tiled
#define SIDE 16

// A work-group for each SIDE x SIDE numbers of the result. It goes along k in steps of SIDE: its work-items
// copy a square of x and one of y into local memory, a number each, and then each reads SIDE numbers of both
// from there.
kernel void matmul_tiled(uint m, uint n, uint k, Grid batch, uint4 strides, global const T *x,
                         global const T *y, global const T *bias, global T *out) {
    local T x_tile[SIDE][SIDE], y_tile[SIDE][SIDE];
    uint across = (n + SIDE - 1) / SIDE, down = (m + SIDE - 1) / SIDE, group = get_group_id(0);
    uint column = get_local_id(0), row = get_local_id(1), b = group / across / down;
    uint j = group % across * SIDE + column, i = group / across % down * SIDE + row;
    uint2 start = positions2(&batch, b);
    T sum = 0;
    for (uint first = 0; first < k; first += SIDE) {
        // zeros beyond the edges add nothing
        uint p = first + column, q = first + row;
        x_tile[row][column] = i < m && p < k ? x[start.x + i * strides.x + p * strides.y] : 0;
        y_tile[row][column] = j < n && q < k ? y[start.y + q * strides.z + j * strides.w] : 0;
        barrier(CLK_LOCAL_MEM_FENCE);
        for (uint p = 0; p < SIDE; p++)
            sum += x_tile[row][p] * y_tile[p][column];
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (i < m && j < n)
        out[(b * m + i) * n + j] = bias ? sum + bias[j] : sum;
}
// ANCHOR_END: matmul_tiled

#ifdef TILE_M
// ANCHOR: tile_order
// The row and column of the tile that a group computes. Groups start one after the other, and those that run at
// the same time should need the same rows of x and columns of y, since one of them fetches what the others then
// find in the cache: so they go down a band of BAND rows of tiles before they go on to the next column.
INLINE uint2 tile_of_group(uint group, uint across, uint down) {
    uint first = group / (BAND * across) * BAND, height = min(down - first, (uint)BAND);
    uint place = group - first * across;
    return (uint2)(first + place % height, place / height);
}
// ANCHOR_END: tile_order

// ANCHOR: matmul_blocked
#define FETCH_X(piece, p, i) \
    fetch(x, start.x + (i) * strides.x + (p) * strides.y, X_WIDTH, (i) < m && (p) < to)
#define FETCH_Y(piece, p, j) \
    fetch(y, start.y + (p) * strides.z + (j) * strides.w, Y_WIDTH, (p) < to && (j) < n)

// A work-group for each tile of the result; see tile.cl. Where the tiles are few and k is long, k is cut into
// parts of `part`, and out[part][batch][i][j] has the sums of each.
kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void
matmul_blocked(uint m, uint n, uint k, uint part, uint batches, Grid batch, uint4 strides, global const T *x,
               global const T *y, global const T *bias, global T *out) {
    local T4 x_tiles[2][TILE_K * LINE_M / 4], y_tiles[2][TILE_K * LINE_N / 4];
    uint across = (n + TILE_N - 1) / TILE_N, down = (m + TILE_M - 1) / TILE_M;
    uint group = get_group_id(0), matrix = group / across / down;
    uint2 first = tile_of_group(group % (across * down), across, down) * (uint2)(TILE_M, TILE_N);
    uint2 own = place_of_item(get_local_id(0)), start = positions2(&batch, matrix % batches);
    uint from = matrix / batches * part, to = min(k, from + part);
    T sums[WORK_M][WORK_N] = {{0}};
    ADD_PRODUCTS(sums, own, first, from, to, x_tiles, y_tiles, FETCH_X, FETCH_Y)
    store_all(out + matrix * m * n, m, n, first, own, sums, bias);
}
// ANCHOR_END: matmul_blocked
#endif

// out[i] = Σₚ parts[p][i], plus bias: the parts of k added up, always in the same order.
kernel void add_parts(uint numel, uint count, uint n, global const T *parts, global const T *bias,
                      global T *out) {
    uint i = get_global_id(0);
    if (i >= numel)
        return;
    T sum = 0;
    for (uint p = 0; p < count; p++)
        sum += parts[p * numel + i];
    out[i] = bias ? sum + bias[i % n] : sum;
}
