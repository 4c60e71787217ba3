// Products of matrices, a tile of the result at a time: what matmul.cl and conv.cl share.
//
// A work-group computes TILE_M x TILE_N numbers of a product x · y, and each of its work-items WORK_M x
// WORK_N of those, in registers. It goes along k in steps of TILE_K: what the tile needs of x and of y is
// fetched from global memory into local memory, where many work-items read it. So a number of x is fetched
// once for TILE_N products rather than for one, and read from local memory once for WORK_N of them.
//
// There are two tiles of each operand: while one is multiplied, the next is on its way.
//
// An operand is fetched in pieces of X_WIDTH or Y_WIDTH numbers: 4, or 1 where four do not lie side by side
// at a multiple of four. X_ALONG_K and Y_ALONG_K say whether it is along k that they lie side by side.

#ifdef TILE_M

#ifdef IS_F64
typedef double4 T4;
#else
typedef float4 T4;
#endif

// An array stays in registers only where no function is called with it, and where each index is known to the
// compiler, so loops over it are written out.
#define UNROLL _Pragma("unroll")
#define INLINE static inline __attribute__((always_inline))

#define ITEMS_M (TILE_M / WORK_M)
#define ITEMS_N (TILE_N / WORK_N)
#define GROUP (ITEMS_M * ITEMS_N)

// A tile in local memory is a line for each k. Lines are four longer than need be, so that numbers of
// different lines, put there at the same time, go to different banks.
#define LINE_M (TILE_M + 4)
#define LINE_N (TILE_N + 4)

// How many pieces of a tile each work-item brings.
#define PIECES(tile, width) ((tile * TILE_K + GROUP * width - 1) / (GROUP * width))
#define X_PIECES PIECES(TILE_M, X_WIDTH)
#define Y_PIECES PIECES(TILE_N, Y_WIDTH)

// Where in a tile a work-item's piece number `i` lies: (k, place along the tile).
INLINE uint2 piece_place(uint item, uint i, uint width, uint along_k) {
    uint lines = along_k ? TILE_K / width : TILE_K;
    uint abreast = GROUP / lines;
    if (along_k)
        return (uint2)(item % lines * width, item / lines + i * abreast);
    return (uint2)(item / abreast, (item % abreast + i * abreast) * width);
}

// A piece of a matrix, or zeros.
INLINE T4 fetch(global const T *numbers, uint at, uint width, bool inside) {
    T4 piece = 0;
    if (inside && width == 4)
        piece = *(global const T4 *)(numbers + at);
    else if (inside)
        piece.x = numbers[at];
    return piece;
}

// Puts a piece into a tile.
INLINE void put(local T *tile, uint line, uint2 place, T4 piece, uint width, uint along_k) {
    local T *to = tile + place.x * line + place.y;
    if (width == 1) {
        to[0] = piece.x;
    } else if (along_k) {
        to[0] = piece.x;
        to[line] = piece.y;
        to[2 * line] = piece.z;
        to[3 * line] = piece.w;
    } else {
        *(local T4 *)to = piece;
    }
}

// Which of the ITEMS_M x ITEMS_N work-items this is. Those that run at the same time, 32 in number on many
// devices, stand in a block of 4 x 8 or 8 x 4, so that together they read few numbers; neighbours read the
// same numbers of y.
INLINE uint2 place_of_item(uint item) {
    const uint wide = ITEMS_N < 8 ? ITEMS_N : 8, high = 32 / wide, blocks = ITEMS_N / wide;
    uint block = item / 32, lane = item % 32;
    uint i = lane % 2 + lane / (2 * wide) * 2, j = lane / 2 % wide;
    return (uint2)(block / blocks * high + i, block % blocks * wide + j);
}

// Row `i` and column `j` of a work-item's numbers, within the tile: they come in blocks of 4 x 4, and blocks
// of the same number lie beside each other.
INLINE uint tile_row(uint2 own, uint i) {
    return (i / 4 * ITEMS_M + own.x) * 4 + i % 4;
}

INLINE uint tile_column(uint2 own, uint j) {
    return (j / 4 * ITEMS_N + own.y) * 4 + j % 4;
}

// Four numbers, one by one.
INLINE void spread(T4 four, T *to) {
    to[0] = four.x;
    to[1] = four.y;
    to[2] = four.z;
    to[3] = four.w;
}

// ANCHOR: tile_multiply
// sums[i][j] += Σₖ x[k][i] · y[k][j] over the TILE_K lines of a tile of x and one of y.
INLINE void multiply(local const T *x, local const T *y, uint2 own, T sums[WORK_M][WORK_N]) {
    UNROLL
    for (uint k = 0; k < TILE_K; k++) {
        T left[WORK_M], right[WORK_N];
        UNROLL
        for (uint i = 0; i < WORK_M; i += 4)
            spread(*(local const T4 *)(x + k * LINE_M + tile_row(own, i)), left + i);
        UNROLL
        for (uint j = 0; j < WORK_N; j += 4)
            spread(*(local const T4 *)(y + k * LINE_N + tile_column(own, j)), right + j);
        UNROLL
        for (uint i = 0; i < WORK_M; i++)
            UNROLL
            for (uint j = 0; j < WORK_N; j++)
                sums[i][j] += left[i] * right[j];
    }
}
// ANCHOR_END: tile_multiply

// Writes four numbers of a row, plus bias, into a matrix of n columns.
INLINE void store(global T *row, uint column, uint n, T4 four, global const T *bias) {
    if (n % 4 == 0 && column < n) {
        *(global T4 *)(row + column) = bias ? four + *(global const T4 *)(bias + column) : four;
        return;
    }
    T one_by_one[4];
    spread(four, one_by_one);
    UNROLL
    for (uint c = 0; c < 4; c++) {
        if (column + c < n)
            row[column + c] = bias ? one_by_one[c] + bias[column + c] : one_by_one[c];
    }
}

// The same for all numbers of a work-item; the matrix has m rows.
INLINE void store_all(global T *out, uint m, uint n, uint2 first, uint2 own, T sums[WORK_M][WORK_N],
                      global const T *bias) {
    UNROLL
    for (uint i = 0; i < WORK_M; i++) {
        uint row = first.x + tile_row(own, i);
        UNROLL
        for (uint j = 0; j < WORK_N; j += 4) {
            T4 four = (T4)(sums[i][j], sums[i][j + 1], sums[i][j + 2], sums[i][j + 3]);
            if (row < m)
                store(out + row * n, first.y + tile_column(own, j), n, four, bias);
        }
    }
}

// ANCHOR: tile_loop
// sums += Σₖ x[i][k] · y[k][j] over from <= k < to, for the tile whose first row and column are given.
// FETCH_X(i, k, row) is piece number `i` of a work-item, which begins at x[row][k], and FETCH_Y(j, k, column)
// one of y; zeros outside.
#define ADD_PRODUCTS(sums, own, first, from, to, x_tiles, y_tiles, FETCH_X, FETCH_Y) \
    for (uint k = from, turn = 0;; k += TILE_K, turn = 1 - turn) { \
        T4 x_next[X_PIECES], y_next[Y_PIECES]; \
        UNROLL for (uint i = 0; i < X_PIECES; i++) { \
            uint2 place = piece_place(get_local_id(0), i, X_WIDTH, X_ALONG_K); \
            x_next[i] = FETCH_X(i, k + place.x, first.x + place.y); \
        } \
        UNROLL for (uint j = 0; j < Y_PIECES; j++) { \
            uint2 place = piece_place(get_local_id(0), j, Y_WIDTH, Y_ALONG_K); \
            y_next[j] = FETCH_Y(j, k + place.x, first.y + place.y); \
        } \
        if (k > from) \
            multiply((local const T *)x_tiles[1 - turn], (local const T *)y_tiles[1 - turn], own, sums); \
        if (k >= to) \
            break; \
        UNROLL for (uint i = 0; i < X_PIECES; i++) { \
            uint2 place = piece_place(get_local_id(0), i, X_WIDTH, X_ALONG_K); \
            if (place.y < TILE_M) \
                put((local T *)x_tiles[turn], LINE_M, place, x_next[i], X_WIDTH, X_ALONG_K); \
        } \
        UNROLL for (uint j = 0; j < Y_PIECES; j++) { \
            uint2 place = piece_place(get_local_id(0), j, Y_WIDTH, Y_ALONG_K); \
            if (place.y < TILE_N) \
                put((local T *)y_tiles[turn], LINE_N, place, y_next[j], Y_WIDTH, Y_ALONG_K); \
        } \
        barrier(CLK_LOCAL_MEM_FENCE); \
    }
// ANCHOR_END: tile_loop

#endif
