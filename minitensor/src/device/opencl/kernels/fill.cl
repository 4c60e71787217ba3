// ANCHOR: fill
// The same value everywhere.
kernel void fill(uint n, R value, global T *out) {
    uint i = get_global_id(0);
    if (i < n)
        out[i] = (T)value;
}
// ANCHOR_END: fill

// 0, 1, 2, …
kernel void count_up(uint n, global T *out) {
    uint i = get_global_id(0);
    if (i < n)
        out[i] = (T)i;
}
