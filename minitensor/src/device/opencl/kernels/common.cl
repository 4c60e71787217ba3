// What every file of kernels begins with. A file is compiled once for each element type that needs it:
//
//   T  the type of the elements: float, double, long or uchar
//   R  real numbers beside them: T if it is floating-point, else double, or float where the device has no double
//
// FLOATING, IS_F64, IS_I64 or IS_U8 say which it is, and HAS_F64 whether the device knows double.

#ifdef HAS_F64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

#define MAX_DIMS 12
#define MAX_OPERANDS 3

// Operands of one shape, walked together; dimensions count from the last one, whose index runs fastest. See grid.rs.
typedef struct {
    uint rank;
    uint offsets[MAX_OPERANDS];
    uint sizes[MAX_DIMS];
    uint strides[MAX_OPERANDS][MAX_DIMS];
} Grid;

// Where element number `i`, in row-major order, lies in an operand.
static inline uint position(const Grid *grid, uint operand, uint i) {
    uint at = grid->offsets[operand];
    for (uint d = 0; d + 1 < grid->rank; d++) {
        at += i % grid->sizes[d] * grid->strides[operand][d];
        i /= grid->sizes[d];
    }
    // what is left is the index along the first dimension
    return grid->rank == 0 ? at : at + i * grid->strides[operand][grid->rank - 1];
}

// The same for two operands at once, and for three: dividing is the slow part.
static inline uint2 positions2(const Grid *grid, uint i) {
    uint2 at = (uint2)(grid->offsets[0], grid->offsets[1]);
    for (uint d = 0; d < grid->rank; d++) {
        uint index = d + 1 < grid->rank ? i % grid->sizes[d] : i;
        at += index * (uint2)(grid->strides[0][d], grid->strides[1][d]);
        i /= grid->sizes[d];
    }
    return at;
}

static inline uint3 positions3(const Grid *grid, uint i) {
    uint3 at = (uint3)(grid->offsets[0], grid->offsets[1], grid->offsets[2]);
    for (uint d = 0; d < grid->rank; d++) {
        uint index = d + 1 < grid->rank ? i % grid->sizes[d] : i;
        at += index * (uint3)(grid->strides[0][d], grid->strides[1][d], grid->strides[2][d]);
        i /= grid->sizes[d];
    }
    return at;
}

// Notes a wrong index, if none was noted before. See fault.rs.
static inline void note_fault(global long *faults, int op, long index, uint size) {
    volatile global int *first = (volatile global int *)faults;
    if (atomic_cmpxchg(first, 0, op) == 0) {
        faults[1] = index;
        faults[2] = size;
    }
}

#ifdef FLOATING
#define IS_NAN(x) isnan(x)
#else
#define IS_NAN(x) 0
#endif

#ifdef FLOATING

// Adds up `value`, a `type` that depends on `i`, where i = own, own + step, … below `end`. In blocks, since a
// sum of many loses digits when each number is added to an ever larger total, and far fewer when sums of
// blocks are.
#define ADD_UP(type, total, i, own, step, end, value) \
    for (uint block_start = own; block_start < (end); block_start += 64 * (step)) { \
        type block_total = 0; \
        for (uint i = block_start; i < min((uint)(end), block_start + 64 * (step)); i += (step)) \
            block_total += value; \
        total += block_total; \
    }

// The sum of what `across` neighbours in a work-group hold, for each of them: folded two by two in `shared`,
// which has a place for every work-item. All of the group take part; `across` is a power of two.
static inline T sum_across(local T *shared, uint across, T value) {
    uint me = get_local_id(0), own = me % across;
    barrier(CLK_LOCAL_MEM_FENCE); // the places may still be in use for what was folded before
    shared[me] = value;
    for (uint apart = across / 2; apart > 0; apart /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (own < apart)
            shared[me] += shared[me + apart];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    return shared[me - own];
}

// The same for the largest; NaN does not count.
static inline T max_across(local T *shared, uint across, T value) {
    uint me = get_local_id(0), own = me % across;
    barrier(CLK_LOCAL_MEM_FENCE);
    shared[me] = value;
    for (uint apart = across / 2; apart > 0; apart /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (own < apart)
            shared[me] = fmax(shared[me], shared[me + apart]);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    return shared[me - own];
}

// The sum of what every `columns`-th work-item of a group holds, for each of them: the group stands in lines
// of `columns` work-items, a power of two, and each column is summed.
static inline T sum_down(local T *shared, uint columns, T value) {
    uint me = get_local_id(0);
    barrier(CLK_LOCAL_MEM_FENCE);
    shared[me] = value;
    for (uint apart = get_local_size(0) / 2; apart >= columns; apart /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (me < apart)
            shared[me] += shared[me + apart];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    return shared[me % columns];
}

#endif
