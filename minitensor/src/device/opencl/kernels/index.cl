// Elements chosen and placed by indices. A wrong index is left out and noted; see fault.rs.

// Along a dimension, the element that `index` names. The grid has the shape of `index`: where the index lies, and where the
// line of `in` starts that it chooses from.
kernel void gather(uint n, Grid grid, uint size, uint stride, global const long *index, global const T *in, global T *out,
                   global long *faults, int op) {
    uint i = get_global_id(0);
    if (i >= n)
        return;
    uint2 at = positions2(&grid, i);
    long chosen = index[at.x];
    if (chosen < 0 || chosen >= size) {
        note_fault(faults, op, chosen, size);
        out[i] = 0;
        return;
    }
    out[i] = in[at.y + (uint)chosen * stride];
}

// Along a dimension, elements of `source` put, or added, where `index` says. The grid has the other dimensions: where the
// lines of `out`, `index` and `source` start. A work-item has one element of `out` and looks through the whole line of
// indices, so that the order is always the same and no two write to one place.
kernel void scatter(uint n, uint lines, Grid grid, int adds, uint size, uint stride, uint length, uint index_stride,
                    uint source_stride, global const long *index, global const T *source, global T *out,
                    global long *faults, int op) {
    uint i = get_global_id(0);
    if (i >= n)
        return;
    uint own = i / lines;
    uint3 at = positions3(&grid, i % lines);
    T value = out[at.x + own * stride];
    for (uint e = 0; e < length; e++) {
        long target = index[at.y + e * index_stride];
        if (target == own) {
            T given = source[at.z + e * source_stride];
            value = adds ? value + given : given;
        }
        if (own == 0 && (target < 0 || target >= size))
            note_fault(faults, op, target, size);
    }
    out[at.x + own * stride] = value;
}

// The same where lines are so long that looking through them for each element takes too much. The indices of each line are
// `targets`, and `order` says where they are from the smallest to the largest, equal ones in their order: so those of one
// target are neighbours. A work-item at the first of them puts, or adds, them all. The grid has the lines of `out`, of
// `targets` and `order`, and of `source`; neighbouring work-items have neighbouring lines.
kernel void scatter_sorted(uint n, uint lines, Grid grid, int adds, uint size, uint stride, uint length, uint source_stride,
                           global const long *targets, global const long *order, global const T *source, global T *out,
                           global long *faults, int op) {
    uint i = get_global_id(0);
    if (i >= n)
        return;
    uint e = i / lines;
    uint3 at = positions3(&grid, i % lines);
    targets += at.y;
    order += at.y;
    long target = targets[order[e]];
    if (e > 0 && targets[order[e - 1]] == target)
        return;
    if (target < 0 || target >= size) {
        note_fault(faults, op, target, size);
        return;
    }
    uint own = at.x + (uint)target * stride;
    T value = out[own];
    for (; e < length && targets[order[e]] == target; e++) {
        T given = source[at.z + (uint)order[e] * source_stride];
        value = adds ? value + given : given;
    }
    out[own] = value;
}
