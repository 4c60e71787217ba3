// Batch norm of (N, C, L) numbers: each of the C channels by its own mean and variance.
//
// Sums of a channel are computed in parts, a work-group each, and the parts then added up. A group stands in
// lines of `columns` work-items: each column has a channel, and its lines take turns at the channel's
// numbers, which are counted i = 0 … N L - 1. Where L is short the columns are neighbouring channels and read
// neighbouring numbers; where L is long there is one column, whose lines do. Columns beyond the last channel
// have no numbers, since all of a group must fold.

// Where number `i` of a channel is.
static inline uint position_of(uint i, uint channel, uint channels, uint length) {
    return (i / length * channels + channel) * length + i % length;
}

// Mean and squares of a part of each channel. The squares are of deviations from the mean, since where the
// mean is large the squares of the numbers themselves would swallow the variance. `near` is the mean,
// rounded; what it lost by that, `left`, is found as the mean of the deviations from it, and taken off their
// squares.
//
// in (N, C, L), moments (3, parts, C): near, left, and the sum of the squared deviations
kernel void moments_of_parts(uint numel, uint channels, uint length, uint part, uint parts, uint columns,
                             global const T *in, global T *moments, local T *shared) {
    uint blocks = (channels + columns - 1) / columns, p = get_group_id(0) / blocks;
    uint line = get_local_id(0) / columns, lines = get_local_size(0) / columns;
    uint channel = get_group_id(0) % blocks * columns + get_local_id(0) % columns;
    uint from = p * part, count = min(numel - from, part), to = channel < channels ? from + count : 0;

    T sum = 0;
    for (uint i = from + line; i < to; i += lines)
        sum += in[position_of(i, channel, channels, length)];
    T near = sum_down(shared, columns, sum) / count;

    T left = 0, squares = 0;
    for (uint i = from + line; i < to; i += lines) {
        T deviation = in[position_of(i, channel, channels, length)] - near;
        left += deviation;
        squares += deviation * deviation;
    }
    left = sum_down(shared, columns, left) / count;
    squares = sum_down(shared, columns, squares) - count * left * left;

    if (line == 0 && channel < channels) {
        uint at = p * channels + channel, plane = parts * channels;
        moments[at] = near;
        moments[plane + at] = left;
        moments[2 * plane + at] = squares < 0 ? (T)0 : squares;
    }
}

// The mean of a part, less `first`.
static inline T mean_from(T first, T near, T left) {
    return (near - first) + left;
}

static inline T squared(T x) {
    return x * x;
}

// Mean and biased variance of each channel from those of its parts: the mean of their means, and their
// squares plus those of their means' own deviations. The means are taken from that of the first part, which
// keeps the digits of their differences.
//
// moments (3, parts, C), means and variances (C)
kernel void moments_of_channels(uint numel, uint channels, uint part, uint parts, uint columns,
                                global const T *moments, global T *means, global T *variances,
                                local T *shared) {
    uint line = get_local_id(0) / columns, lines = get_local_size(0) / columns;
    uint channel = get_group_id(0) * columns + get_local_id(0) % columns;
    uint end = channel < channels ? parts : 0, plane = parts * channels;
    global const T *near = moments + channel, *left = near + plane, *squares = left + plane;
    T first = end > 0 ? near[0] : (T)0;

    T mean = 0;
    ADD_UP(T, mean, p, line, lines, end,
           min(numel - p * part, part) * mean_from(first, near[p * channels], left[p * channels]));
    mean = sum_down(shared, columns, mean) / numel;

    T total = 0;
    ADD_UP(T, total, p, line, lines, end,
           squares[p * channels] + min(numel - p * part, part) *
               squared(mean_from(first, near[p * channels], left[p * channels]) - mean));
    total = sum_down(shared, columns, total);

    if (line == 0 && channel < channels) {
        means[channel] = first + mean;
        variances[channel] = total / numel;
    }
}

// The gradients of a part of each channel: of the weight sum of grad (x - mean) inverse_deviation, of the
// bias sum of grad.
//
// grad and x (N, C, L), to_weight and to_bias (parts, C), the others (C)
kernel void affine_grad_of_parts(uint numel, uint channels, uint length, uint part, uint columns,
                                 global const T *grad, global const T *x, global const T *means,
                                 global const T *inverse_deviations, global T *to_weight, global T *to_bias,
                                 local T *shared) {
    uint blocks = (channels + columns - 1) / columns, p = get_group_id(0) / blocks;
    uint line = get_local_id(0) / columns, lines = get_local_size(0) / columns;
    uint channel = get_group_id(0) % blocks * columns + get_local_id(0) % columns;
    uint from = p * part, to = channel < channels ? from + min(numel - from, part) : 0;
    T mean = channel < channels ? means[channel] : (T)0;

    T products = 0, sum = 0;
    for (uint i = from + line; i < to; i += lines) {
        uint at = position_of(i, channel, channels, length);
        products += (x[at] - mean) * grad[at];
        sum += grad[at];
    }
    products = sum_down(shared, columns, products);
    sum = sum_down(shared, columns, sum);

    if (line == 0 && channel < channels) {
        to_weight[p * channels + channel] = products * inverse_deviations[channel];
        to_bias[p * channels + channel] = sum;
    }
}

// out = (x - mean) inverse_deviation weight + bias, where a weight that is not there is 1, and a bias 0.
//
// x and out (N, C, L), the others (C); `across` work-items share the row of a channel of an image
kernel void batch_norm(uint rows, uint channels, uint length, uint across, global const T *x,
                       global const T *means, global const T *inverse_deviations, global const T *weights,
                       global const T *biases, global T *out) {
    uint item = get_global_id(0), row = item / across, channel = row % channels;
    if (row >= rows)
        return;
    T mean = means[channel], scale = inverse_deviations[channel] * (weights ? weights[channel] : (T)1);
    T bias = biases ? biases[channel] : (T)0;
    for (uint i = item % across; i < length; i += across)
        out[row * length + i] = (x[row * length + i] - mean) * scale + bias;
}

// out = weight inverse_deviation (grad - mean of grad - x_hat mean of (grad x_hat)), with x_hat = (x - mean)
// inverse_deviation; the two means are to_bias / (N L) and to_weight / (N L), from the gradients of bias and
// weight. Where these are not there, mean and deviation are fixed: out = weight inverse_deviation grad.
//
// grad, x and out (N, C, L), the others (C)
kernel void input_grad(uint rows, uint channels, uint length, uint across, uint numel, global const T *grad,
                       global const T *x, global const T *means, global const T *inverse_deviations,
                       global const T *weights, global const T *to_weight, global const T *to_bias,
                       global T *out) {
    uint item = get_global_id(0), row = item / across, channel = row % channels;
    if (row >= rows)
        return;
    T inverse_deviation = inverse_deviations[channel];
    T scale = inverse_deviation * (weights ? weights[channel] : (T)1);
    if (!to_weight) {
        for (uint i = item % across; i < length; i += across)
            out[row * length + i] = grad[row * length + i] * scale;
        return;
    }
    T mean = means[channel], mean_grad = to_bias[channel] / numel;
    T slope = to_weight[channel] * inverse_deviation / numel;
    for (uint i = item % across; i < length; i += across) {
        uint at = row * length + i;
        out[at] = scale * ((grad[at] - mean_grad) - (x[at] - mean) * slope);
    }
}
