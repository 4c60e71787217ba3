// Layer, group, instance and root-mean-square norm: (N, G, C, L) numbers have N G rows of C L, each
// normalised by its own mean and variance; weight and bias are (G, C), and stretch over the L.
//
// What normalises a row is kept as three numbers: x_hat = (x - near) inverse_deviation + shift. Here `near`
// is the mean, rounded, and `shift` makes up for what it lost: beside a small deviation that is not little.
//
// `across` neighbouring work-items share a row: each sees to every so-many-th number, and what they find is
// folded in local memory. Work-items beyond the last row have an empty one, since all of a group must fold.

// Two sums made at once.
#ifdef IS_F64
typedef double2 Pair;
#else
typedef float2 Pair;
#endif

// The weight of number `i` of a row whose weights start at `first`.
static inline T weight_of(global const T *weights, uint first, uint i, uint length) {
    return weights ? weights[first + (length == 1 ? i : i / length)] : (T)1;
}

static inline T x_hat(T x, T near, T inverse_deviation, T shift) {
    return (x - near) * inverse_deviation + shift;
}

// out = x_hat weight + bias, where a weight that is not there is 1, and a bias 0. If it is not `centred` the
// mean counts as 0. The squares are of deviations from the mean, since where that is large the squares of the
// numbers would swallow the variance; what rounding took from the mean is found as the mean of these
// deviations, and taken off their squares.
//
// x and out (N, G, C, L), weights and biases (G, C), scales (N G, 3)
kernel void row_norm(uint rows, uint groups, uint channels, uint length, uint across, int centred, R eps,
                     global const T *x, global const T *weights, global const T *biases, global T *out,
                     global T *scales, local T *shared) {
    uint item = get_global_id(0), row = item / across, own = item % across;
    uint width = channels * length, at = row * width, end = row < rows ? width : 0;

    T near = 0;
    if (centred) {
        ADD_UP(T, near, i, own, across, end, x[at + i]);
        near = sum_across(shared, across, near) / width;
    }

    Pair sums = 0; // of the deviations, and of their squares
    ADD_UP(Pair, sums, i, own, across, end, (x[at + i] - near) * (Pair)(1, x[at + i] - near));
    T left = centred ? sum_across(shared, across, sums.x) / width : (T)0;
    T variance = sum_across(shared, across, sums.y) / width - left * left;
    T inverse_deviation = 1 / sqrt((variance < 0 ? (T)0 : variance) + eps), shift = -left * inverse_deviation;

    uint first = row % groups * channels;
    for (uint i = own; i < end; i += across) {
        T value = x_hat(x[at + i], near, inverse_deviation, shift) * weight_of(weights, first, i, length);
        out[at + i] = biases ? value + weight_of(biases, first, i, length) : value;
    }
    if (own == 0 && row < rows) {
        scales[3 * row] = near;
        scales[3 * row + 1] = inverse_deviation;
        scales[3 * row + 2] = shift;
    }
}

// out = inverse_deviation (g - mean of g - x_hat mean of (g x_hat)) with g = grad weight; without the mean of
// g where rows are not `centred`.
//
// grad, x and out (N, G, C, L), scales (N G, 3), weights (G, C)
kernel void input_grad(uint rows, uint groups, uint channels, uint length, uint across, int centred,
                       global const T *grad, global const T *x, global const T *scales,
                       global const T *weights, global T *out, local T *shared) {
    uint item = get_global_id(0), row = item / across, own = item % across;
    uint width = channels * length, at = row * width, end = row < rows ? width : 0;
    global const T *scale = scales + 3 * (row < rows ? row : 0);
    T near = scale[0], inverse_deviation = scale[1], shift = scale[2];

    uint first = row % groups * channels;

    Pair sums = 0; // of g, and of g x_hat
    ADD_UP(Pair, sums, i, own, across, end,
           grad[at + i] * weight_of(weights, first, i, length) *
               (Pair)(1, x_hat(x[at + i], near, inverse_deviation, shift)));
    T mean = centred ? sum_across(shared, across, sums.x) / width : (T)0;
    T along = sum_across(shared, across, sums.y) / width;

    for (uint i = own; i < end; i += across) {
        T g = grad[at + i] * weight_of(weights, first, i, length);
        T normal = x_hat(x[at + i], near, inverse_deviation, shift);
        out[at + i] = inverse_deviation * ((g - mean) - normal * along);
    }
}

// The gradients of a part of each weight and bias, which belong to G C channels of N L numbers: of the weight
// sum of grad x_hat, of the bias sum of grad. The work-items stand in lines and columns, as batch_norm.cl
// says.
//
// grad and x (N, G, C, L), scales (N G, 3), to_weight and to_bias (parts, G C)
kernel void affine_grad_of_parts(uint numel, uint groups, uint channels, uint length, uint part, uint columns,
                                 global const T *grad, global const T *x, global const T *scales,
                                 global T *to_weight, global T *to_bias, local T *shared) {
    uint all = groups * channels, blocks = (all + columns - 1) / columns, p = get_group_id(0) / blocks;
    uint line = get_local_id(0) / columns, lines = get_local_size(0) / columns;
    uint channel = get_group_id(0) % blocks * columns + get_local_id(0) % columns;
    uint from = p * part, to = channel < all ? from + min(numel - from, part) : 0;

    T products = 0, sum = 0;
    for (uint i = from + line; i < to; i += lines) {
        uint image = i / length, at = (image * all + channel) * length + i % length;
        global const T *scale = scales + 3 * (image * groups + channel / channels);
        products += grad[at] * x_hat(x[at], scale[0], scale[1], scale[2]);
        sum += grad[at];
    }
    products = sum_down(shared, columns, products);
    sum = sum_down(shared, columns, sum);

    if (line == 0 && channel < all) {
        to_weight[p * all + channel] = products;
        to_bias[p * all + channel] = sum;
    }
}
