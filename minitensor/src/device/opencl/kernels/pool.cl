// Pooling: of every window of a plane, the largest number or the mean; and the gradients.
//
// Along an axis, windows follow a rule (step, before, after, divisor): window i reaches from floor((i step −
// before) / divisor) up to but without floor((i step + after) / divisor), cut to what is inside. `sizes` are
// the height and width of a plane, then those of its pooled one.
//
// A window that is large, as where a whole plane becomes one number, is given to a work-group; others to a
// work-item each.

// In what a rule is computed: 32 bits, or 64 if numbers are so large.
#ifndef COUNT
#define COUNT uint
#endif

static inline COUNT divided(COUNT x, uint by) {
    return by == 1 ? x : x / by;
}

// Window `i` of an axis: its first index and the one past its last.
static inline uint2 window_of(uint4 rule, uint size, uint i) {
    COUNT at = (COUNT)i * rule.x;
    uint begin = at > rule.y ? divided(at - rule.y, rule.w) : 0;
    return (uint2)(begin, min((uint)divided(at + rule.z, rule.w), size));
}

// How long it is, with what of it is padding, which is as wide as windows begin before the first index.
static inline uint padded_length(uint4 rule, uint size, uint i) {
    uint2 window = window_of(rule, size, i);
    COUNT at = (COUNT)i * rule.x;
    return rule.w == 1 ? min(at + rule.z, (COUNT)size + rule.y) + rule.y - at : window.y - window.x;
}

// The windows that hold index `y`: those that end behind it, up to the first that begins behind it.
static inline uint2 windows_with(uint4 rule, uint count, uint y) {
    COUNT behind = (COUNT)(y + 1) * rule.w;
    uint from = behind > rule.z ? (behind - rule.z + rule.x - 1) / rule.x : 0;
    return (uint2)(from, min((uint)((behind + rule.y + rule.x - 1) / rule.x), count));
}

// What the numbers of a window are divided by.
static inline T area(uint4 sizes, uint4 down, uint4 across, int include_pad, uint row, uint column) {
    uint2 rows = window_of(down, sizes.x, row), columns = window_of(across, sizes.y, column);
    if (include_pad)
        return padded_length(down, sizes.x, row) * padded_length(across, sizes.y, column);
    return (rows.y - rows.x) * (columns.y - columns.x);
}

// The largest number of each window, and where it stands in its plane: of equal ones the first; NaN is larger
// than everything.
kernel void max_pool(uint n, uint4 sizes, uint4 down, uint4 across, global const T *in, global T *out,
                     global long *positions) {
    uint i = get_global_id(0);
    if (i >= n)
        return;
    uint2 rows = window_of(down, sizes.x, i / sizes.w % sizes.z);
    uint2 columns = window_of(across, sizes.y, i % sizes.w);
    in += i / sizes.w / sizes.z * sizes.x * sizes.y;
    uint position = rows.x * sizes.y + columns.x;
    T largest = -INFINITY;
    for (uint y = rows.x; y < rows.y; y++) {
        for (uint x = columns.x; x < columns.y; x++) {
            T value = in[y * sizes.y + x];
            if (value > largest || isnan(value)) {
                largest = value;
                position = y * sizes.y + x;
            }
        }
    }
    out[i] = largest;
    positions[i] = position;
}

// Whether `b` at place `j` goes before `a` at place `i`. Of several NaN it is the last.
static inline bool is_larger(T b, uint j, T a, uint i) {
    if (isnan(a) || isnan(b))
        return isnan(b) && (!isnan(a) || j > i);
    return b > a || (b == a && j < i);
}

// The same, a work-group for each window.
kernel void max_pool_group(uint4 sizes, uint4 down, uint4 across, global const T *in, global T *out,
                           global long *positions, local T *values, local uint *places) {
    uint i = get_group_id(0), own = get_local_id(0), many = get_local_size(0);
    uint2 rows = window_of(down, sizes.x, i / sizes.w % sizes.z);
    uint2 columns = window_of(across, sizes.y, i % sizes.w);
    uint width = columns.y - columns.x, length = (rows.y - rows.x) * width;
    in += i / sizes.w / sizes.z * sizes.x * sizes.y;
    uint position = rows.x * sizes.y + columns.x;
    T largest = -INFINITY;
    for (uint e = own; e < length; e += many) {
        uint place = (rows.x + e / width) * sizes.y + columns.x + e % width;
        T value = in[place];
        if (value > largest || isnan(value)) {
            largest = value;
            position = place;
        }
    }
    values[own] = largest;
    places[own] = position;
    for (uint other = many / 2; other > 0; other /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (own < other && is_larger(values[own + other], places[own + other], values[own], places[own])) {
            values[own] = values[own + other];
            places[own] = places[own + other];
        }
    }
    if (own == 0) {
        out[i] = values[0];
        positions[i] = places[0];
    }
}

// The gradient of each pixel: the sum of those of the windows it has won, among the windows that hold it.
kernel void max_pool_grad(uint n, uint4 sizes, uint4 down, uint4 across, global const T *grad,
                          global const long *positions, global T *out) {
    uint i = get_global_id(0);
    if (i >= n)
        return;
    uint plane = i / sizes.y / sizes.x, pixel = i % (sizes.x * sizes.y);
    uint2 rows = windows_with(down, sizes.z, pixel / sizes.y);
    uint2 columns = windows_with(across, sizes.w, pixel % sizes.y);
    T sum = 0;
    for (uint y = rows.x; y < rows.y; y++) {
        for (uint x = columns.x; x < columns.y; x++) {
            uint window = (plane * sizes.z + y) * sizes.w + x;
            if (positions[window] == pixel)
                sum += grad[window];
        }
    }
    out[i] = sum;
}

// The mean of each window.
kernel void avg_pool(uint n, uint4 sizes, uint4 down, uint4 across, int include_pad, global const T *in,
                     global T *out) {
    uint i = get_global_id(0);
    if (i >= n)
        return;
    uint row = i / sizes.w % sizes.z, column = i % sizes.w;
    uint2 rows = window_of(down, sizes.x, row), columns = window_of(across, sizes.y, column);
    in += i / sizes.w / sizes.z * sizes.x * sizes.y;
    T total = 0;
    for (uint y = rows.x; y < rows.y; y++) {
        T sum = 0;
        for (uint x = columns.x; x < columns.y; x++)
            sum += in[y * sizes.y + x];
        total += sum;
    }
    out[i] = total / area(sizes, down, across, include_pad, row, column);
}

// The same, a work-group for each window, whose work-items take turns.
kernel void avg_pool_group(uint4 sizes, uint4 down, uint4 across, int include_pad, global const T *in,
                           global T *out, local T *totals) {
    uint i = get_group_id(0), own = get_local_id(0), many = get_local_size(0);
    uint row = i / sizes.w % sizes.z, column = i % sizes.w;
    uint2 rows = window_of(down, sizes.x, row), columns = window_of(across, sizes.y, column);
    uint width = columns.y - columns.x, length = (rows.y - rows.x) * width;
    in += i / sizes.w / sizes.z * sizes.x * sizes.y;
    T total = 0;
    ADD_UP(T, total, e, own, many, length, in[(rows.x + e / width) * sizes.y + columns.x + e % width])
    total = sum_across(totals, many, total);
    if (own == 0)
        out[i] = total / area(sizes, down, across, include_pad, row, column);
}

// The gradient of each pixel: its share in each window that holds it.
kernel void avg_pool_grad(uint n, uint4 sizes, uint4 down, uint4 across, int include_pad,
                          global const T *grad, global T *out) {
    uint i = get_global_id(0);
    if (i >= n)
        return;
    uint plane = i / sizes.y / sizes.x, pixel = i % (sizes.x * sizes.y);
    uint2 rows = windows_with(down, sizes.z, pixel / sizes.y);
    uint2 columns = windows_with(across, sizes.w, pixel % sizes.y);
    T sum = 0;
    for (uint y = rows.x; y < rows.y; y++) {
        for (uint x = columns.x; x < columns.y; x++)
            sum += grad[(plane * sizes.z + y) * sizes.w + x] / area(sizes, down, across, include_pad, y, x);
    }
    out[i] = sum;
}
