// Softmax of each row of `width` numbers, its logarithm, and their gradients.
//
// `across` neighbouring work-items share a row: each sees to every so-many-th number, and what they find is
// folded in local memory. A row is read up to three times, for its largest number, for its sum and for the
// results; after the first time it is in the cache. Work-items beyond the last row have an empty one, since
// all of a group must fold.

// The largest number of a row of which a work-item sees `own`, `own + across`, … below `end`. NaN does not
// count: it makes the row's sum NaN, and so all results. In a row of nothing but minus infinity it is 0,
// since x - largest would be NaN otherwise; the softmax is NaN all the same, as 0 / 0.
static inline T largest_of(global const T *row, uint own, uint across, uint end, local T *shared) {
    T largest = (T)-INFINITY;
    for (uint i = own; i < end; i += across)
        largest = fmax(largest, row[i]);
    largest = max_across(shared, across, largest);
    return largest == (T)-INFINITY ? (T)0 : largest;
}

// out = e^(x - largest) / sum of e^(x - largest); in and out (rows, width)
kernel void softmax(uint rows, uint width, uint across, global const T *in, global T *out, local T *shared) {
    uint item = get_global_id(0), row = item / across, own = item % across;
    uint at = row * width, end = row < rows ? width : 0;
    T largest = largest_of(in + at, own, across, end, shared);
    T sum = 0;
    ADD_UP(T, sum, i, own, across, end, out[at + i] = exp(in[at + i] - largest)); // kept, since exp is dear
    T scale = 1 / sum_across(shared, across, sum);
    for (uint i = own; i < end; i += across)
        out[at + i] *= scale;
}

// out = x - largest - ln(sum of e^(x - largest)); in and out (rows, width)
kernel void log_softmax(uint rows, uint width, uint across, global const T *in, global T *out,
                        local T *shared) {
    uint item = get_global_id(0), row = item / across, own = item % across;
    uint at = row * width, end = row < rows ? width : 0;
    T largest = largest_of(in + at, own, across, end, shared);
    T sum = 0;
    ADD_UP(T, sum, i, own, across, end, exp(in[at + i] - largest));
    T ln_sum = log(sum_across(shared, across, sum));
    for (uint i = own; i < end; i += across)
        out[at + i] = (in[at + i] - largest) - ln_sum;
}

// out = y (grad - sum of grad y), where y is the softmax; all (rows, width)
kernel void softmax_grad(uint rows, uint width, uint across, global const T *grad, global const T *y,
                         global T *out, local T *shared) {
    uint item = get_global_id(0), row = item / across, own = item % across;
    uint at = row * width, end = row < rows ? width : 0;
    T sum = 0;
    ADD_UP(T, sum, i, own, across, end, grad[at + i] * y[at + i]);
    sum = sum_across(shared, across, sum);
    for (uint i = own; i < end; i += across)
        out[at + i] = y[at + i] * (grad[at + i] - sum);
}

// out = grad - e^y sum of grad, where y is the logarithm of the softmax; all (rows, width)
kernel void log_softmax_grad(uint rows, uint width, uint across, global const T *grad, global const T *y,
                             global T *out, local T *shared) {
    uint item = get_global_id(0), row = item / across, own = item % across;
    uint at = row * width, end = row < rows ? width : 0;
    T sum = 0;
    ADD_UP(T, sum, i, own, across, end, grad[at + i]);
    sum = sum_across(shared, across, sum);
    for (uint i = own; i < end; i += across)
        out[at + i] = grad[at + i] - exp(y[at + i]) * sum;
}
