// Convolution and its gradients, three ways: by the definition, by the matrix of im2col, and by tiles that
// look numbers up where they lie.
//
// A convolution adds up what the taps of its filters see:
//
//   out[image][group][row][place] = Σ over channels and taps of
//       weight[group][row][channel][tap] · what the tap sees of source[image][group][channel] from the place
//
// Forward, the source is the input and a row is a filter. The gradient of the input is a convolution as well:
// the source is the gradient of the output, and a row is a channel of the input, whose pixels are seen
// through the same taps from the other side. With a stride, only some taps reach a pixel, the same ones for
// every pixel of a phase (y mod stride, x mod stride), so each phase is a convolution of its own, and its
// results lie a stride apart.
//
// These describe it; where there are two numbers for one thing, the first is down, the second across:
//
//   counts   images, groups, channels of the source and rows of the result in a group
//   planes   size of a plane of the source, then of the grid of places
//   window   taps, then the steps in the source between neighbouring places
//   shift    where in the source the first tap of the first place looks, then the steps between taps
//   target   size of a plane of the result, where the first place lies there, and how far apart places are
//   strides  of the weight: between rows, channels, taps down and taps across
//
// They count in 32 bits. What lies before a plane's first number has wrapped around, and so is beyond the
// last.

// More than any plane is high.
#define FAR (1u << 30)

// The sum of two spots, of a tap and of a place, is what the tap sees from there: (position in the source,
// row, column). The spot of tap `k` in the order (channel, tap down, tap across).
static inline uint3 spot_of_tap(uint4 planes, uint4 window, uint4 shift, uint k) {
    uint taps = window.x * window.y, tap = k % taps;
    uint y = tap / window.y * shift.z, x = tap % window.y * shift.w;
    return (uint3)((k / taps * planes.x + y) * planes.y + x, y, x);
}

// The spot of place `j` in the order (image, row, column), where the first tap looks from there in the
// group's first channel.
static inline uint3 spot_of_place(uint4 counts, uint4 planes, uint4 window, uint4 shift, uint group, uint j) {
    uint places = planes.z * planes.w, place = j % places;
    uint plane = (j / places * counts.y + group) * counts.z;
    uint y = place / planes.w * window.z + shift.x, x = place % planes.w * window.w + shift.y;
    return (uint3)((plane * planes.x + y) * planes.y + x, y, x);
}

static inline bool is_inside(uint4 planes, uint3 at) {
    return at.y < planes.x && at.z < planes.y;
}

// Where in the result a place of the grid lies, from the first number of its plane.
static inline uint target_of_place(uint4 planes, uint4 target, uint place) {
    return target.y + place / planes.w * target.z + place % planes.w * target.w;
}

// ANCHOR: conv_direct
// By the definition: a work-item for each result.
kernel void conv_direct(uint n, uint first_weight, uint4 counts, uint4 planes, uint4 window, uint4 shift,
                        uint4 target, uint4 strides, uint group_stride, global const T *source,
                        global const T *weight, global const T *bias, global T *out) {
    uint i = get_global_id(0);
    if (i >= n)
        return;
    uint places = planes.z * planes.w, place = i % places, plane = i / places;
    uint row = plane % counts.w, group = plane / counts.w % counts.y, image = plane / counts.w / counts.y;
    uint3 spot = spot_of_place(counts, planes, window, shift, group, image * places + place);
    weight += first_weight + group * group_stride + row * strides.x;
    T total = bias ? bias[group * counts.w + row] : 0;
    for (uint channel = 0; channel < counts.z; channel++) {
        T sum = 0;
        for (uint y = 0; y < window.x; y++) {
            for (uint x = 0; x < window.y; x++) {
                uint down = y * shift.z, across = x * shift.w;
                uint3 at = spot + (uint3)(down * planes.y + across, down, across);
                if (is_inside(planes, at))
                    sum += weight[channel * strides.y + y * strides.z + x * strides.w] * source[at.x];
            }
        }
        total += sum;
        spot.x += planes.x * planes.y;
    }
    out[plane * target.x + target_of_place(planes, target, place)] = total;
}

static inline T product_at(global const T *source, global const T *grad, uint4 planes, uint3 at, uint place) {
    return is_inside(planes, at) ? source[at.x] * grad[place] : 0;
}

// The gradient of each weight, by a work-group: the sum over images and places of the gradient there times
// what the tap sees.
kernel void conv_weight_direct(uint4 counts, uint4 planes, uint4 window, uint4 shift, global const T *source,
                               global const T *grad, global T *out, local T *totals) {
    uint own = get_local_id(0), many = get_local_size(0), length = counts.z * window.x * window.y;
    uint i = get_group_id(0), tap = i % length, row = i / length % counts.w, group = i / length / counts.w;
    uint places = planes.z * planes.w, n = counts.x * places;
    uint3 seen = spot_of_tap(planes, window, shift, tap);
    T total = 0;
    ADD_UP(T, total, j, own, many, n,
           product_at(source, grad, planes, seen + spot_of_place(counts, planes, window, shift, group, j),
                      ((j / places * counts.y + group) * counts.w + row) * places + j % places))
    total = sum_across(totals, many, total);
    if (own == 0)
        out[i] = total;
}
// ANCHOR_END: conv_direct

// ANCHOR: im2col
// Each place's window as a column: columns[image][channel, tap][place]. A convolution is then a product of
// matrices, and so are its gradients; but each number is written once for every tap that sees it.
kernel void im2col(uint n, uint4 counts, uint4 planes, uint4 window, uint4 shift, global const T *source,
                   global T *columns) {
    uint i = get_global_id(0);
    if (i >= n)
        return;
    uint places = planes.z * planes.w, place = i % places;
    uint length = counts.z * window.x * window.y, tap = i / places % length, image = i / places / length;
    uint3 at = spot_of_place(counts, planes, window, shift, 0, image * places + place);
    at += spot_of_tap(planes, window, shift, tap);
    columns[i] = is_inside(planes, at) ? source[at.x] : 0;
}

// The way back: each pixel is the sum of the columns' numbers that were copies of it, found from the pixel,
// so that no two work-items write to one place.
kernel void col2im(uint n, uint4 counts, uint4 planes, uint4 window, uint4 shift, global const T *columns,
                   global T *out) {
    uint i = get_global_id(0);
    if (i >= n)
        return;
    uint column = i % planes.y, row = i / planes.y % planes.x, plane = i / planes.y / planes.x;
    uint places = planes.z * planes.w, taps = window.x * window.y;
    T sum = 0;
    for (uint tap = 0; tap < taps; tap++) {
        uint down = row - shift.x - tap / window.y * shift.z;
        uint across = column - shift.y - tap % window.y * shift.w;
        uint y = down / window.z, x = across / window.w;
        bool is_whole = y * window.z == down && x * window.w == across;
        if (is_whole && y < planes.z && x < planes.w)
            sum += columns[(plane * taps + tap) * places + y * planes.w + x];
    }
    out[i] = sum;
}
// ANCHOR_END: im2col

#ifdef TILE_M
// What taps see from places: four numbers where a filter is a single pixel, so that places that are
// neighbours see neighbours.
INLINE T4 fetch_seen(global const T *source, uint4 planes, uint3 at, bool wanted) {
    return fetch(source, at.x, Y_WIDTH, wanted && is_inside(planes, at));
}

// Where in its row of the weight the number for tap `k` is.
INLINE uint weight_at(uint4 window, uint4 strides, uint k) {
    uint taps = window.x * window.y, tap = k % taps;
    // in the order of k itself?
    if (X_WIDTH == 4)
        return k;
    return k / taps * strides.y + tap / window.y * strides.z + tap % window.y * strides.w;
}

// Where the result of row 0 for place `j` of (images, places) goes.
INLINE uint out_at(uint4 counts, uint4 planes, uint4 target, uint group, uint j) {
    uint places = planes.z * planes.w, plane = (j / places * counts.y + group) * counts.w;
    return plane * target.x + target_of_place(planes, target, j % places);
}

// Writes a work-item's results, four at a time where four places are neighbours in the result.
INLINE void store_places(global T *out, uint4 counts, uint4 planes, uint4 target, uint group, uint2 first,
                         uint2 own, T sums[WORK_M][WORK_N], global const T *bias) {
    uint places = planes.z * planes.w, n = counts.x * places;
    bool neighbours = places % 4 == 0 && target.x == places && target.w == 1;
    UNROLL
    for (uint j = 0; j < WORK_N; j++) {
        uint column = first.y + tile_column(own, j);
        if (column >= n || (neighbours && j % 4 != 0))
            continue;
        uint at = out_at(counts, planes, target, group, column);
        UNROLL
        for (uint i = 0; i < WORK_M; i++) {
            uint row = first.x + tile_row(own, i);
            if (row >= counts.w)
                continue;
            T more = bias ? bias[group * counts.w + row] : 0;
            const uint q = j / 4 * 4;
            T4 four = (T4)(sums[i][q], sums[i][q + 1], sums[i][q + 2], sums[i][q + 3]);
            if (neighbours)
                *(global T4 *)(out + at + row * target.x) = more + four;
            else
                out[at + row * target.x] = more + sums[i][j];
        }
    }
}

// ANCHOR: conv_tiles
// As a product of matrices, weight (rows, length) · columns (length, images x places) with length = channels
// x taps. But the columns are never written: a work-group looks up what it needs of them. See tile.cl.
#define FETCH_X(piece, k, row) \
    fetch(weight, (row) * strides.x + weight_at(window, strides, k), X_WIDTH, \
          (k) < length && (row) < counts.w)
#define FETCH_Y(piece, k, j) \
    fetch_seen(source, planes, spots[piece] + spot_of_tap(planes, window, shift, k), (k) < length)

kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void
conv_tiles(uint length, uint first_weight, uint4 counts, uint4 planes, uint4 window, uint4 shift,
           uint4 target, uint4 strides, uint group_stride, global const T *source, global const T *weight,
           global const T *bias, global T *out) {
    local T4 x_tiles[2][TILE_K * LINE_M / 4], y_tiles[2][TILE_K * LINE_N / 4];
    uint n = counts.x * planes.z * planes.w, across = (n + TILE_N - 1) / TILE_N;
    uint down = (counts.w + TILE_M - 1) / TILE_M, group = get_group_id(0) / across / down;
    uint2 first = (uint2)(get_group_id(0) / across % down * TILE_M, get_group_id(0) % across * TILE_N);
    uint2 own = place_of_item(get_local_id(0));
    weight += first_weight + group * group_stride;
    // a work-item always looks from the same places
    uint3 spots[Y_PIECES];
    UNROLL
    for (uint piece = 0; piece < Y_PIECES; piece++) {
        uint j = first.y + piece_place(get_local_id(0), piece, Y_WIDTH, Y_ALONG_K).y;
        spots[piece] = spot_of_place(counts, planes, window, shift, group, j);
        spots[piece].y = j < n ? spots[piece].y : FAR;
    }
    T sums[WORK_M][WORK_N] = {{0}};
    ADD_PRODUCTS(sums, own, first, 0, length, x_tiles, y_tiles, FETCH_X, FETCH_Y)
    store_places(out, counts, planes, target, group, first, own, sums, bias);
}
// ANCHOR_END: conv_tiles

#undef FETCH_X
#undef FETCH_Y
#define FETCH_X(piece, k, row) \
    fetch(grad, ((k) / places * planes_apart + (row)) * places + (k) % places, X_WIDTH, \
          (k) < to && (row) < counts.w)
#define FETCH_Y(piece, k, j) \
    fetch_seen(source, planes, spots[piece] + spot_of_place(counts, planes, window, shift, group, k), \
               (k) < to)

// The gradient of the weight is grad (rows, images x places) · columnsᵀ (images x places, length). The sum is
// long, so it is cut into parts: out[part][group][row][tap].
kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void
conv_weight_tiles(uint part, uint4 counts, uint4 planes, uint4 window, uint4 shift, global const T *source,
                  global const T *grad, global T *out) {
    local T4 x_tiles[2][TILE_K * LINE_M / 4], y_tiles[2][TILE_K * LINE_N / 4];
    uint n = counts.z * window.x * window.y, across = (n + TILE_N - 1) / TILE_N;
    uint down = (counts.w + TILE_M - 1) / TILE_M, matrix = get_group_id(0) / across / down;
    uint group = matrix % counts.y;
    uint2 first = (uint2)(get_group_id(0) / across % down * TILE_M, get_group_id(0) % across * TILE_N);
    uint2 own = place_of_item(get_local_id(0));
    uint places = planes.z * planes.w, planes_apart = counts.y * counts.w;
    uint from = matrix / counts.y * part, to = min(counts.x * places, from + part);
    grad += group * counts.w * places;
    // a work-item always looks through the same taps
    uint3 spots[Y_PIECES];
    UNROLL
    for (uint piece = 0; piece < Y_PIECES; piece++) {
        uint j = first.y + piece_place(get_local_id(0), piece, Y_WIDTH, Y_ALONG_K).y;
        spots[piece] = spot_of_tap(planes, window, shift, j);
        spots[piece].y = j < n ? spots[piece].y : FAR;
    }
    T sums[WORK_M][WORK_N] = {{0}};
    ADD_PRODUCTS(sums, own, first, from, to, x_tiles, y_tiles, FETCH_X, FETCH_Y)
    store_all(out + matrix * counts.w * n, counts.w, n, first, own, sums, 0);
}
#endif
