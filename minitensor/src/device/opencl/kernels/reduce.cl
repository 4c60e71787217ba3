// Many numbers made one. A result may be computed in `parts`, each from `part` of its numbers, which another pass then
// combines. Two ways: a work-item for each part, where results that are neighbours lie side by side in memory; or a
// work-group, where the numbers of one result do.

#ifdef FLOATING
#define LOWEST (T)-INFINITY
#define HIGHEST (T)INFINITY
#elif defined(IS_U8)
#define LOWEST 0
#define HIGHEST 255
#else
#define LOWEST LONG_MIN
#define HIGHEST LONG_MAX
#endif

// ANCHOR: fold_table
// name, what no numbers give, and two numbers combined; NaN wins
#define FOLD_TABLE(OP) \
    OP(sum, 0, a + b) \
    OP(prod, 1, a * b) \
    OP(max, LOWEST, a > b || IS_NAN(a) ? a : b) \
    OP(min, HIGHEST, a < b || IS_NAN(a) ? a : b)
// ANCHOR_END: fold_table

// How many numbers are combined before they are added to the total: a sum of many loses digits when each is added to an
// ever larger total, and far fewer when sums of blocks are.
#define BLOCK 64

// Results `o` and their parts `p`: out[p][o].
#define FOLD_EACH(name, start, value) \
    kernel void name##_each(uint n, uint results, uint numel, uint part, Grid kept, Grid gone, global const T *in, \
                            global T *out) { \
        uint i = get_global_id(0); \
        if (i >= n) \
            return; \
        uint at = position(&kept, 0, i % results); \
        uint from = i / results * part, to = min(numel, from + part); \
        T total = start; \
        for (uint first = from; first < to; first += BLOCK) { \
            T block = start; \
            for (uint r = first; r < min(to, first + BLOCK); r++) \
                block = name##_of(block, in[at + position(&gone, 0, r)]); \
            total = name##_of(total, block); \
        } \
        out[i] = total; \
    }

// ANCHOR: fold_group
// The same, by a work-group whose work-items take turns and then combine theirs two by two.
#define FOLD_GROUP(name, start, value) \
    kernel void name##_group(uint results, uint numel, uint part, Grid kept, Grid gone, global const T *in, global T *out, \
                             local T *totals) { \
        uint i = get_group_id(0), own = get_local_id(0), many = get_local_size(0); \
        uint at = position(&kept, 0, i % results); \
        uint from = i / results * part, to = min(numel, from + part); \
        T total = start; \
        for (uint r = from + own; r < to; r += many) \
            total = name##_of(total, in[at + position(&gone, 0, r)]); \
        totals[own] = total; \
        for (uint reach = many / 2; reach > 0; reach /= 2) { \
            barrier(CLK_LOCAL_MEM_FENCE); \
            if (own < reach) \
                totals[own] = name##_of(totals[own], totals[own + reach]); \
        } \
        if (own == 0) \
            out[i] = totals[0]; \
    }
// ANCHOR_END: fold_group

#define COMBINE(name, start, value) static inline T name##_of(T a, T b) { return value; }

FOLD_TABLE(COMBINE)
FOLD_TABLE(FOLD_EACH)
FOLD_TABLE(FOLD_GROUP)

// Whether the number `b` at place `j` stands before `a` at place `i`: the first of equals, and the first NaN before all.
static inline bool before(T b, uint j, T a, uint i, int largest) {
    if (IS_NAN(a) || IS_NAN(b))
        return IS_NAN(b) && (!IS_NAN(a) || j < i);
    if (a == b)
        return j < i;
    return largest ? b > a : b < a;
}

// Where along a line of `length` numbers the largest or smallest is, by a work-group for each line.
kernel void arg_group(uint length, uint stride, int largest, Grid kept, global const T *in, global long *out,
                      local T *values, local uint *places) {
    uint i = get_group_id(0), own = get_local_id(0), many = get_local_size(0);
    uint at = position(&kept, 0, i);
    // those without a number of their own stand for the first
    uint place = own < length ? own : 0;
    T value = in[at + place * stride];
    for (uint j = own + many; j < length; j += many) {
        T other = in[at + j * stride];
        if (before(other, j, value, place, largest)) {
            value = other;
            place = j;
        }
    }
    values[own] = value;
    places[own] = place;
    for (uint reach = many / 2; reach > 0; reach /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (own < reach && before(values[own + reach], places[own + reach], values[own], places[own], largest)) {
            values[own] = values[own + reach];
            places[own] = places[own + reach];
        }
    }
    if (own == 0)
        out[i] = places[0];
}
