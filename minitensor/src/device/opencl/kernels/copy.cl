// Numbers moved, chosen, or made those of another type.

// Overwrites `out` where the grid's first operand says with `in` where its second says.
kernel void write_grid(uint n, Grid grid, global const T *in, global T *out) {
    uint i = get_global_id(0);
    if (i >= n)
        return;
    uint2 at = positions2(&grid, i);
    out[at.x] = in[at.y];
}

// The elements in row-major order.
kernel void pack(uint n, Grid grid, global const T *in, global T *out) {
    uint i = get_global_id(0);
    if (i < n)
        out[i] = in[position(&grid, 0, i)];
}

// `a` where the mask is not 0, else `b`.
kernel void where_mask(uint n, Grid grid, global const uchar *mask, global const T *a, global const T *b, global T *out) {
    uint i = get_global_id(0);
    if (i >= n)
        return;
    uint3 at = positions3(&grid, i);
    out[i] = mask[at.x] ? a[at.y] : b[at.z];
}

// To integers the fraction is dropped. What no 64-bit integer can hold becomes 0, and what no byte can hold the nearest one
// that does; NaN becomes 0.
#ifdef FLOATING
#define TO_LONG(x) (fabs(x) < (T)9223372036854775808.0 ? (long)(x) : 0)
#define TO_BYTE(x) (isnan(x) ? (uchar)0 : convert_uchar_sat_rtz(x))
#else
#define TO_LONG(x) ((long)(x))
#define TO_BYTE(x) convert_uchar_sat(x)
#endif

#define CAST_KERNEL(name, O, value) \
    kernel void cast_##name(uint n, Grid grid, global const T *in, global O *out) { \
        uint i = get_global_id(0); \
        if (i >= n) \
            return; \
        T x = in[position(&grid, 0, i)]; \
        out[i] = value; \
    }

CAST_KERNEL(f32, float, (float)x)
#ifdef HAS_F64
CAST_KERNEL(f64, double, (double)x)
#endif
CAST_KERNEL(i64, long, TO_LONG(x))
CAST_KERNEL(u8, uchar, TO_BYTE(x))
