// Attention by tiles (Dao et al., 2022): scores of some queries with some keys at a time, which are never written to memory.
//
//   scores  = q kᵀ · scale + mask, minus infinity for what is not seen
//   weights = e^(scores − log sum) with log sum = log Σ e^scores of a query
//   output  = weights · v
//
// and, with the gradient dO of the output and D = rows of (dO ∘ output) summed, the gradients
//
//   dV = weightsᵀ · dO,   slopes = weights ∘ (dO vᵀ − D) · scale,   dQ = slopes · k,   dK = slopesᵀ · q
//
// A tile has HEIGHT rows and BREADTH columns. In `attention`, and in `gradient` of the queries, a row is a query and a column
// is a key; in `gradient` of the keys and values it is the other way round. A work-group has the rows of a tile and goes
// along all columns; what it adds up in the end is its own, so that no two groups write to one place.
//
// Its LINES · ACROSS work-items stand in lines of ACROSS. One has 4·FOURS neighbouring rows and, of the columns, every
// ACROSS-th: four scores of each row. The factors of a product are brought to local memory piece by piece.

#define ACROSS 16
#define ROWS (4 * FOURS)        // of a work-item
#define HEIGHT (LINES * ROWS)
#define BREADTH (4 * ACROSS)
#define SHARES (4 / FOURS)      // LINES * ACROSS / HEIGHT
#define CHUNK 16                // of the numbers that are multiplied to one score, so many are in local memory at a time
#define PAIR (2 * ACROSS)       // columns of which a work-item has two
#define PAIRS (WIDTH / PAIR)    // and how many of them are added up at a time
#ifdef IS_F64
typedef double2 T2;
typedef double4 T4;
#define DEPTH (1024 / WIDTH)    // rows of values in local memory at a time
#else
typedef float2 T2;
typedef float4 T4;
#define DEPTH (2048 / WIDTH)
#endif

// Local memory, in fours. A column has one more four than it needs, so that columns do not begin in the same bank.
#define TALL (HEIGHT / 4 + 1)
#define BROAD (BREADTH / 4 + 1)
#define FACTORS (CHUNK * (TALL + BROAD))
#define VALUES (DEPTH * WIDTH / 4)
#define STAGE (FACTORS > VALUES ? FACTORS : VALUES)
#define LOWEST (T)-INFINITY

// Scores are the same bits in all kernels, or weights of 1 would not be 1 again: what is to be rounded once says `fma`.
#pragma OPENCL FP_CONTRACT OFF

// A matrix of one head, in any layout.
typedef struct {
    global const T *start;
    uint rows, columns;
    uint down, along; // steps to the next row, and to the next column
} Matrix;

// What decides whether a query sees a key, and how well.
typedef struct {
    global const uchar *seen; // 0 hides a key
    global const T *added;    // to the score; one of the two is null, or both
    uint down, along;
    uint queries, keys;
    int causal; // query t sees keys 0 to t
    T scale;
} Sight;

static inline T score_of(const Sight *sight, T product, uint query, uint key) {
    uint at = query * sight->down + key * sight->along;
    bool outside = query >= sight->queries || key >= sight->keys || (sight->causal && key > query);
    if (outside || (sight->seen && !sight->seen[at]))
        return LOWEST;
    T score = product * sight->scale;
    return sight->added ? score + sight->added[at] : score;
}

// Where a work-item stands.
#define LINE ((uint)get_local_id(0) / ACROSS)
#define PLACE ((uint)get_local_id(0) % ACROSS)

// Copies CHUNK columns of `count` rows to local memory, where a column is `height` long and row r of it is at AT(r); zeros
// beyond the edges. With VECTORS, four columns lie together in memory, and are inside or outside together.
#ifdef VECTORS
#define COPY_TURNED(to, height, matrix, row, count, column, AT) \
    for (uint i = get_local_id(0); i < (count) * (CHUNK / 4); i += get_local_size(0)) { \
        uint r = i / (CHUNK / 4), c = i % (CHUNK / 4) * 4; \
        T4 x = four_of(matrix, (row) + r, (column) + c); \
        (to)[c * (height) + AT(r)] = x.x; \
        (to)[(c + 1) * (height) + AT(r)] = x.y; \
        (to)[(c + 2) * (height) + AT(r)] = x.z; \
        (to)[(c + 3) * (height) + AT(r)] = x.w; \
    }

static inline T4 four_of(const Matrix *m, uint row, uint column) {
    bool inside = row < m->rows && column < m->columns;
    return inside ? *(global const T4 *)(m->start + row * m->down + column) : (T4)0;
}
#else
#define COPY_TURNED(to, height, matrix, row, count, column, AT) \
    for (uint i = get_local_id(0); i < (count) * CHUNK; i += get_local_size(0)) \
        (to)[i % CHUNK * (height) + AT(i / CHUNK)] = one_of(matrix, (row) + i / CHUNK, (column) + i % CHUNK);

static inline T one_of(const Matrix *m, uint row, uint column) {
    bool inside = row < m->rows && column < m->columns;
    return inside ? m->start[row * m->down + column * m->along] : (T)0;
}
#endif

#define IN_ORDER(r) (r)
#define IN_FOURS(r) ((r) % ACROSS * 4 + (r) / ACROSS) // those of a work-item, which are ACROSS apart, together

// products = left · rightᵀ of a tile: HEIGHT rows of `left` from `row` on, and BREADTH rows of `right` from `column` on.
static inline void multiply(T4 *products, const Matrix *left, uint row, const Matrix *right, uint column, local T4 *stage) {
    local T4 *lefts = stage, *rights = stage + CHUNK * TALL;
    for (uint r = 0; r < ROWS; r++)
        products[r] = 0;
    uint first = 0;
    do {
        barrier(CLK_LOCAL_MEM_FENCE);
        COPY_TURNED((local T *)lefts, 4 * TALL, left, row, HEIGHT, first, IN_ORDER)
        COPY_TURNED((local T *)rights, 4 * BROAD, right, column, BREADTH, first, IN_FOURS)
        barrier(CLK_LOCAL_MEM_FENCE);
        for (uint c = 0; c < CHUNK; c++) {
            T4 y = rights[c * BROAD + PLACE];
            for (uint f = 0; f < FOURS; f++) {
                T4 x = lefts[c * TALL + LINE * FOURS + f];
                products[4 * f] = fma((T4)x.x, y, products[4 * f]);
                products[4 * f + 1] = fma((T4)x.y, y, products[4 * f + 1]);
                products[4 * f + 2] = fma((T4)x.z, y, products[4 * f + 2]);
                products[4 * f + 3] = fma((T4)x.w, y, products[4 * f + 3]);
            }
        }
        first += CHUNK;
    } while (first < left->columns);
}

// Writes what the work-items have of a tile to local memory, column by column; a column is 4 * TALL long.
static inline void publish(const T4 *own, local T4 *tile) {
    barrier(CLK_LOCAL_MEM_FENCE); // what was there may still be read
    for (uint f = 0; f < FOURS; f++) {
        T4 a = own[4 * f], b = own[4 * f + 1], c = own[4 * f + 2], d = own[4 * f + 3];
        local T4 *to = tile + PLACE * TALL + LINE * FOURS + f;
        to[0] = (T4)(a.x, b.x, c.x, d.x);
        to[ACROSS * TALL] = (T4)(a.y, b.y, c.y, d.y);
        to[2 * ACROSS * TALL] = (T4)(a.z, b.z, c.z, d.z);
        to[3 * ACROSS * TALL] = (T4)(a.w, b.w, c.w, d.w);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
}

// What a work-item adds up: for each of its rows, two neighbours of each PAIR columns.
typedef struct {
    T2 of[PAIRS][ROWS];
} Sums;

static inline void clear(Sums *sums) {
#pragma unroll
    for (uint p = 0; p < PAIRS; p++)
        for (uint r = 0; r < ROWS; r++)
            sums->of[p][r] = 0;
}

// sums += weights · values: for each row of a tile, rows of `values` from `row` on, weighed, in WIDTH columns from `column` on.
static inline void combine(Sums *sums, local const T4 *weights, const Matrix *values, uint row, uint column, local T4 *stage) {
    Sums fresh; // a sum of sums of tiles loses fewer digits
    clear(&fresh);
    uint first = 0;
    do {
        barrier(CLK_LOCAL_MEM_FENCE);
#ifdef VECTORS
        for (uint i = get_local_id(0); i < DEPTH * WIDTH / 4; i += get_local_size(0))
            stage[i] = four_of(values, row + first + i / (WIDTH / 4), column + i % (WIDTH / 4) * 4);
#else
        for (uint i = get_local_id(0); i < DEPTH * WIDTH; i += get_local_size(0))
            ((local T *)stage)[i] = one_of(values, row + first + i / WIDTH, column + i % WIDTH);
#endif
        barrier(CLK_LOCAL_MEM_FENCE);
        uint depth = min((uint)DEPTH, values->rows - row - first);
        for (uint k = 0; k < depth; k++)
            for (uint f = 0; f < FOURS; f++) {
                T4 x = weights[(first + k) * TALL + LINE * FOURS + f];
#pragma unroll
                for (uint p = 0; p < PAIRS; p++) {
                    T2 y = ((local T2 *)stage)[(k * PAIRS + p) * ACROSS + PLACE];
                    T2 *four = &fresh.of[p][4 * f];
                    four[0] = fma((T2)x.x, y, four[0]);
                    four[1] = fma((T2)x.y, y, four[1]);
                    four[2] = fma((T2)x.z, y, four[2]);
                    four[3] = fma((T2)x.w, y, four[3]);
                }
            }
        first += DEPTH;
    } while (first < BREADTH && row + first < values->rows);
#pragma unroll
    for (uint p = 0; p < PAIRS; p++)
        for (uint r = 0; r < ROWS; r++)
            sums->of[p][r] += fresh.of[p][r];
}

// Multiplies the sums of each row of a tile by a factor.
static inline void scale_rows(Sums *sums, local const T *factors) {
#pragma unroll
    for (uint p = 0; p < PAIRS; p++)
        for (uint r = 0; r < ROWS; r++)
            sums->of[p][r] *= factors[LINE * ROWS + r];
}

// Writes them, as a tile's rows from `row` on, and WIDTH columns from `column` on, of a contiguous matrix.
static inline void write_sums(const Sums *sums, global T *to, uint rows, uint columns, uint row, uint column) {
#pragma unroll
    for (uint p = 0; p < PAIRS; p++)
        for (uint r = 0; r < ROWS; r++) {
            uint i = row + LINE * ROWS + r, j = column + p * PAIR + 2 * PLACE;
            if (i < rows && j < columns)
                to[i * columns + j] = sums->of[p][r].x;
            if (i < rows && j + 1 < columns)
                to[i * columns + j + 1] = sums->of[p][r].y;
        }
}

// The parameters of all kernels: T, S, E and Ev in `sizes`; of q, k, v and mask the heads, and how far a row and a column are
// from the next. Work-groups are numbered along dimension 0 through all tiles of all heads; dimension 1 has the parts of the
// columns that are added up, where they are too many for one group.
#define HEAD_PARAMETERS \
    uint4 sizes, Grid heads, Grid mask_heads, uint4 strides_qk, uint4 strides_vm, int causal, R scale, global const T *q, \
    global const T *k, global const T *v, global const uchar *seen, global const T *added

#define HEAD_MATRICES(head) \
    uint3 at = positions3(&heads, head); \
    Matrix queries = {q + at.x, sizes.x, sizes.z, strides_qk.x, strides_qk.y}; \
    Matrix keys = {k + at.y, sizes.y, sizes.z, strides_qk.z, strides_qk.w}; \
    Matrix values = {v + at.z, sizes.y, sizes.w, strides_vm.x, strides_vm.y}; \
    uint mask_at = position(&mask_heads, 0, head); \
    Sight sight = {seen ? seen + mask_at : seen, added ? added + mask_at : added, strides_vm.z, strides_vm.w, \
                   sizes.x, sizes.y, causal, (T)scale};

// `output` (…, T, Ev) and `log_sums` (…, T). What a query has read so far is put right when a later tile brings a larger score
// (Milakov and Gimelshein, 2018). A query that sees nothing reads zeros, and its log sum is infinite, so that its weights are
// 0 in the gradients, too. WIDTH columns of `output`, a multiple of PAIR, are for one group.
kernel void attention(HEAD_PARAMETERS, global T *output, global T *log_sums) {
    local T4 stage[STAGE], tile[BREADTH * TALL];
    local T factors[HEIGHT];
    local T *shared = (local T *)stage; // one number of each work-item, while no factors are there
    uint blocks = (sizes.x + HEIGHT - 1) / HEIGHT, head = get_group_id(0) / blocks;
    uint first = (blocks - 1 - get_group_id(0) % blocks) * HEIGHT; // those that see most keys start first
    uint part = get_group_id(1) * WIDTH;
    HEAD_MATRICES(head)

    // For the sums of weights, SHARES work-items share a row, whose largest score all of them know.
    uint own = get_local_id(0), row = own % HEIGHT, share = own / HEIGHT;
    T largest = LOWEST, sum = 0;
    Sums read;
    clear(&read);
    uint end = causal ? min(sizes.y, first + HEIGHT) : sizes.y;
    uint key = 0;
    do {
        T4 products[ROWS];
        multiply(products, &queries, first, &keys, key, stage);
        publish(products, tile);
        local T *scores = (local T *)tile + row;
        T most = LOWEST;
        for (uint c = share; c < BREADTH; c += SHARES) {
            T score = score_of(&sight, scores[c * 4 * TALL], first + row, key + c);
            scores[c * 4 * TALL] = score;
            most = fmax(most, score); // which leaves out NaN
        }
        shared[own] = most;
        barrier(CLK_LOCAL_MEM_FENCE);
        T before = largest;
        for (uint i = 0; i < SHARES; i++)
            largest = fmax(largest, shared[i * HEIGHT + row]);
        // nothing seen so far: any number does, and 0 keeps e^(score - start) from being NaN
        T start = largest == LOWEST ? (T)0 : largest;
        T factor = exp(before - start), more = 0;
        for (uint c = share; c < BREADTH; c += SHARES) {
            T weight = exp(scores[c * 4 * TALL] - start);
            scores[c * 4 * TALL] = weight;
            more += weight;
        }
        sum = fma(sum, factor, more);
        if (share == 0)
            factors[row] = factor;
        barrier(CLK_LOCAL_MEM_FENCE);
        scale_rows(&read, factors);
        combine(&read, tile, &values, key, part, stage);
        key += BREADTH;
    } while (key < end);

    barrier(CLK_LOCAL_MEM_FENCE);
    shared[own] = sum;
    barrier(CLK_LOCAL_MEM_FENCE);
    if (share == 0) {
        for (uint i = 1; i < SHARES; i++)
            sum += shared[i * HEIGHT + row];
        factors[row] = sum == 0 ? (T)0 : 1 / sum;
        if (part == 0 && first + row < sizes.x)
            log_sums[head * sizes.x + first + row] = sum == 0 ? (T)INFINITY : largest + log(sum);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    scale_rows(&read, factors);
    write_sums(&read, output + head * sizes.x * sizes.w, sizes.x, sizes.w, first, part);
}

// D, (…, T): the sum of dO ∘ output of each query, in the order in which `multiply` adds up dO vᵀ. So they are equal where
// they should be, as with a single key, and their difference is 0.
kernel void row_products(uint n, uint width, global const T *output, global const T *grad, global T *out) {
    uint i = get_global_id(0);
    if (i >= n)
        return;
    T sum = 0;
    for (uint e = 0; e < width; e++)
        sum = fma(grad[i * width + e], output[i * width + e], sum);
    out[i] = sum;
}

// --- gradients ---

// Of a row and a column, which is that of the query, and which that of the key; and D of a work-item's four rows number `f` and
// its column number `c`.
#ifdef ROWS_ARE_QUERIES
#define QUERY(row, column) (row)
#define KEY(row, column) (column)
#define DOTS(f, c) ((local const T4 *)dots)[LINE * FOURS + f]
#else
#define QUERY(row, column) (column)
#define KEY(row, column) (row)
#define DOTS(f, c) (T4)dots[PLACE + c * ACROSS]
#endif

// Makes weights slopes, weight ∘ (dO vᵀ − D) · scale, where each work-item has its own products of dO vᵀ.
static inline void turn_to_slopes(local T4 *tile, const T4 *own, local const T *dots, T scale) {
    barrier(CLK_LOCAL_MEM_FENCE); // the weights may still be read
    for (uint f = 0; f < FOURS; f++) {
        T4 a = own[4 * f], b = own[4 * f + 1], c = own[4 * f + 2], d = own[4 * f + 3];
        local T4 *to = tile + PLACE * TALL + LINE * FOURS + f;
        to[0] *= ((T4)(a.x, b.x, c.x, d.x) - DOTS(f, 0)) * scale;
        to[ACROSS * TALL] *= ((T4)(a.y, b.y, c.y, d.y) - DOTS(f, 1)) * scale;
        to[2 * ACROSS * TALL] *= ((T4)(a.z, b.z, c.z, d.z) - DOTS(f, 2)) * scale;
        to[3 * ACROSS * TALL] *= ((T4)(a.w, b.w, c.w, d.w) - DOTS(f, 3)) * scale;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
}

// For WIDTH columns of each: the gradient of the queries, (…, T, E), or of the keys, (…, S, E), in `grad_rows`, if OF_ROWS; and
// that of the values, (…, S, Ev), in `grad_values`, if OF_VALUES. From that of the output, `grad` (…, T, Ev), from `log_sums`,
// and from `along`, which is D.
kernel void gradient(HEAD_PARAMETERS, global const T *grad, global const T *log_sums, global const T *along,
                     global T *grad_rows, global T *grad_values) {
    local T4 stage[STAGE], tile[BREADTH * TALL], dots_in_fours[BREADTH / 4];
    local T *dots = (local T *)dots_in_fours;
    uint rows = QUERY(sizes.x, sizes.y), columns = KEY(sizes.x, sizes.y);
    uint blocks = (rows + HEIGHT - 1) / HEIGHT, head = get_group_id(0) / blocks, block = get_group_id(0) % blocks;
    uint part = get_group_id(1) * WIDTH;
    HEAD_MATRICES(head)
    Matrix grads = {grad + head * sizes.x * sizes.w, sizes.x, sizes.w, sizes.w, 1};
    log_sums += head * sizes.x;
    along += head * sizes.x;
#ifdef ROWS_ARE_QUERIES
    uint first = (blocks - 1 - block) * HEIGHT; // those that see most keys start first
    uint start = 0, end = causal ? min(columns, first + HEIGHT) : columns;
    const Matrix *left = &queries, *right = &keys, *left_value = &grads, *right_value = &values;
#else
    uint first = block * HEIGHT;
    uint start = causal ? first / BREADTH * BREADTH : 0, end = columns; // no earlier query sees these keys
    const Matrix *left = &keys, *right = &queries, *left_value = &values, *right_value = &grads;
#endif
    Sums sums, value_sums;
    clear(&sums);
    clear(&value_sums);
    uint column = start;
    do {
        T4 products[ROWS];
        multiply(products, left, first, right, column, stage);
        publish(products, tile);
        for (uint i = get_local_id(0); i < HEIGHT * BREADTH; i += get_local_size(0)) {
            local T *weight = (local T *)tile + i / HEIGHT * 4 * TALL + i % HEIGHT;
            uint r = first + i % HEIGHT, c = column + i / HEIGHT;
            T score = score_of(&sight, *weight, QUERY(r, c), KEY(r, c));
            *weight = score == LOWEST ? (T)0 : exp(score - log_sums[QUERY(r, c)]);
        }
#ifdef OF_VALUES
        combine(&value_sums, tile, &grads, column, part, stage);
#endif
#ifdef OF_ROWS
        for (uint i = get_local_id(0); i < BREADTH; i += get_local_size(0)) {
            uint query = QUERY(first, column) + i;
            dots[i] = query < sizes.x ? along[query] : (T)0;
        }
        multiply(products, left_value, first, right_value, column, stage);
        turn_to_slopes(tile, products, dots, sight.scale);
        combine(&sums, tile, right, column, part, stage);
#endif
        column += BREADTH;
    } while (column < end);
#ifdef OF_VALUES
    write_sums(&value_sums, grad_values + head * rows * sizes.w, rows, sizes.w, first, part);
#endif
#ifdef OF_ROWS
    write_sums(&sums, grad_rows + head * rows * sizes.z, rows, sizes.z, first, part);
#endif
}
