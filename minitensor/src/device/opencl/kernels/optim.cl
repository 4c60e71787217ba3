// The steps of the optimisers: each is one pass that changes the weights w, and what is remembered of each
// weight, by the gradients g. With a `decay`, g stands for g + decay w. All buffers have `n` numbers.

// w ← w + amount (g − w)
kernel void lerp(uint n, R amount, global const T *grad, global T *weights) {
    uint i = get_global_id(0);
    if (i < n)
        weights[i] += amount * (grad[i] - weights[i]);
}

// w ← w − lr g
kernel void descend(uint n, R lr, R decay, global const T *grad, global T *weights) {
    uint i = get_global_id(0);
    if (i < n)
        weights[i] -= lr * (grad[i] + decay * weights[i]);
}

// v ← momentum v + take g; w ← w − lr v, or with `nesterov` w ← w − lr (g + momentum v)
kernel void momentum_step(uint n, R lr, R decay, R momentum, R take, int nesterov, global const T *grad,
                          global T *weights, global T *velocities) {
    uint i = get_global_id(0);
    if (i >= n)
        return;
    T w = weights[i], g = grad[i] + decay * w;
    T v = momentum * velocities[i] + take * g;
    velocities[i] = v;
    weights[i] = w - lr * (nesterov ? g + momentum * v : v);
}

// m ← beta1 m + fresh1 g; s ← beta2 s + fresh2 g²; w ← keep w − lr m / (root √s + eps)
//
// fresh1 is 1 − beta1, and fresh2 1 − beta2; where there are `largest`, the largest s so far stands for s.
kernel void adam(uint n, R lr, R decay, R keep, R beta1, R fresh1, R beta2, R fresh2, R root, R eps,
                 global const T *grad, global T *weights, global T *means, global T *squares,
                 global T *largest) {
    uint i = get_global_id(0);
    if (i >= n)
        return;
    T w = weights[i], g = grad[i] + decay * w;
    T m = beta1 * means[i] + fresh1 * g, s = beta2 * squares[i] + fresh2 * g * g;
    means[i] = m;
    squares[i] = s;
    if (largest) {
        s = s > largest[i] ? s : largest[i];
        largest[i] = s;
    }
    weights[i] = keep * w - lr * m / (root * sqrt(s) + eps);
}

// s ← alpha s + fresh g²; w ← w − lr g / (√s + eps)
//
// fresh is 1 − alpha. Where there are `means`, m ← alpha m + fresh g, and s − m² stands for s; where there
// are `velocities`, v ← momentum v + quotient, and v stands for the quotient.
kernel void rms_prop(uint n, R lr, R decay, R alpha, R fresh, R eps, R momentum, global const T *grad,
                     global T *weights, global T *squares, global T *means, global T *velocities) {
    uint i = get_global_id(0);
    if (i >= n)
        return;
    T w = weights[i], g = grad[i] + decay * w;
    T s = alpha * squares[i] + fresh * g * g;
    squares[i] = s;
    if (means) {
        T m = alpha * means[i] + fresh * g;
        means[i] = m;
        s = s > m * m ? s - m * m : (T)0; // rounding can leave a variance of about 0 below it
    }
    T d = g / (sqrt(s) + eps);
    if (velocities) {
        d += momentum * velocities[i];
        velocities[i] = d;
    }
    weights[i] = w - lr * d;
}

// s ← s + g²; w ← w − lr g / (√s + eps)
kernel void adagrad(uint n, R lr, R decay, R eps, global const T *grad, global T *weights,
                    global T *squares) {
    uint i = get_global_id(0);
    if (i >= n)
        return;
    T w = weights[i], g = grad[i] + decay * w;
    T s = squares[i] + g * g;
    squares[i] = s;
    weights[i] = w - lr * g / (sqrt(s) + eps);
}

// s ← rho s + fresh g²; d = g √(u + eps) / √(s + eps); u ← rho u + fresh d²; w ← w − lr d
//
// fresh is 1 − rho.
kernel void adadelta(uint n, R lr, R decay, R rho, R fresh, R eps, global const T *grad, global T *weights,
                     global T *squares, global T *changes) {
    uint i = get_global_id(0);
    if (i >= n)
        return;
    T w = weights[i], g = grad[i] + decay * w;
    T s = rho * squares[i] + fresh * g * g, u = changes[i];
    T d = g * sqrt(u + eps) / sqrt(s + eps);
    squares[i] = s;
    changes[i] = rho * u + fresh * d * d;
    weights[i] = w - lr * d;
}
