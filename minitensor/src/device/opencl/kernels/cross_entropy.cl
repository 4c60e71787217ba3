// Cross-entropy of rows of logits and their labels, without the probabilities p between, and its gradient.
//
// A label l has the weight w[l] (1 where there are no class weights), and with smoothing s a part of it is
// spread over all `classes` C. A label that is `ignored` counts for nothing, nor does one that is no class,
// which is noted as a fault.

static inline T weight_of(global const T *class_weights, uint c) {
    return class_weights ? class_weights[c] : (T)1;
}

// loss = (1 - s) w[l] (-ln p[l]) + s / C sum of w[c] (-ln p[c]), where -ln p[c] = ln_sum - (x[c] - largest).
//
// logits (rows, classes); labels, losses and weights (rows): w[l], by whose sum a mean divides; scales (rows,
// 2): the largest logit and ln_sum = ln(sum of e^(x - largest)), from which the gradient finds p again.
// `across` neighbouring work-items share a row, as in softmax.cl.
kernel void cross_entropy(uint rows, uint classes, uint across, long ignored, R smoothing,
                          global const T *logits, global const long *labels, global const T *class_weights,
                          global T *losses, global T *scales, global T *weights, global long *faults, int op,
                          local T *shared) {
    uint item = get_global_id(0), row = item / across, own = item % across;
    uint at = row * classes, end = row < rows ? classes : 0;

    T largest = (T)-INFINITY;
    for (uint c = own; c < end; c += across)
        largest = fmax(largest, logits[at + c]);
    largest = max_across(shared, across, largest);
    if (largest == (T)-INFINITY)
        largest = 0;

    T sum = 0;
    ADD_UP(T, sum, c, own, across, end, exp(logits[at + c] - largest));
    T ln_sum = log(sum_across(shared, across, sum));

    T spread = 0;
    if (smoothing != 0) {
        ADD_UP(T, spread, c, own, across, end,
               weight_of(class_weights, c) * (ln_sum - (logits[at + c] - largest)));
        spread = sum_across(shared, across, spread);
    }

    if (own != 0 || row >= rows)
        return;
    long label = labels[row];
    bool is_class = label >= 0 && label < classes, counts = is_class && label != ignored;
    if (!is_class && label != ignored)
        note_fault(faults, op, label, classes);
    T weight = 0, loss = 0;
    if (counts) {
        weight = weight_of(class_weights, label);
        loss = weight * (ln_sum - (logits[at + label] - largest));
        if (smoothing != 0)
            loss = (1 - smoothing) * loss + smoothing * spread / classes;
    }
    losses[row] = loss;
    weights[row] = weight;
    scales[2 * row] = largest;
    scales[2 * row + 1] = ln_sum;
}

// out = grad w[l] (p - onehot(l)); with smoothing
// out = grad (((1 - s) w[l] + s / C sum of w) p - (1 - s) w[l] onehot(l) - s / C w).
//
// grad and labels (rows); weight_sum one number, the sum of the class weights, where there are any and
// smoothing; logits and out (rows, classes). `across` work-items share a row, and need not be of one group.
kernel void cross_entropy_grad(uint rows, uint classes, uint across, long ignored, R smoothing,
                               global const T *grad, global const T *logits, global const long *labels,
                               global const T *class_weights, global const T *weight_sum,
                               global const T *scales, global T *out) {
    uint item = get_global_id(0), row = item / across, own = item % across;
    if (row >= rows)
        return;
    uint at = row * classes;
    long label = labels[row];
    if (label == ignored || label < 0 || label >= classes) {
        for (uint c = own; c < classes; c += across)
            out[at + c] = 0;
        return;
    }
    T g = grad[row], largest = scales[2 * row], ln_sum = scales[2 * row + 1];
    T share = smoothing / classes;
    T on_label = (1 - smoothing) * weight_of(class_weights, label);
    T scale = g * (on_label + (weight_sum ? share * weight_sum[0] : smoothing));
    for (uint c = own; c < classes; c += across) {
        T value = scale * exp((logits[at + c] - largest) - ln_sum);
        if (c == label)
            value -= g * on_label;
        if (smoothing != 0)
            value -= g * share * weight_of(class_weights, c);
        out[at + c] = value;
    }
}
