// Recurrent layers: T steps of a batch of B rows with H hidden units. See device/rnn.rs for what G, K and P of a cell are.
//
// A step is a product of the state with the weight, (B, H) · (H, G·H), and what a cell makes of it, unit by unit. In two ways:
// the product by matmul.cl and the rest by `one_step` or `one_step_grad`, a launch each for every step; or, for few hidden units, all
// steps in one launch, `all_steps` and `all_steps_grad`, where a work-group takes some rows through the sequence by itself.
//
// States are (S, T + 1, B, H), `inputs`, which is input · W_ihᵀ, and gates (T, B, G·H), and what is kept of the gates (T, B, K·H). The n-th step reads
// input `t` and makes the next state: forward t = n, from state t to t + 1; in reverse t = T - 1 - n, from state t + 1 to t.

#define TANH 0
#define RELU 1
#define GRU 2
#define LSTM 3

#if CELL == LSTM
#define GATES 4
#define KEPT 5
#elif CELL == GRU
#define GATES 3
#define KEPT 4
#else
#define GATES 1
#define KEPT 0
#endif

// One hidden unit of one row: its states, and what is kept of its gates.
typedef struct {
    T h, c;
    T kept[5];
} Unit;

static inline T sigmoid(T x) {
    T e = exp(-fabs(x));
    return (x < 0 ? e : (T)1) / (1 + e);
}

// The states after a step, and what is kept, from the inputs' part of the gates and the state's, biases included.
//
//   tanh, relu  h' = tanh(x + h), max(x + h, 0)
//   GRU         r, z = σ(x + h); n = tanh(x + r·h); h' = n + z·(h' before − n); kept: r, z, n and the h of n
//   LSTM        i, f, o = σ(x + h), g = tanh(x + h); c' = f·c + i·g; h' = o·tanh(c'); kept: i, f, g, o, tanh(c')
static inline void advance(Unit *unit, const T *x, const T *h) {
#if CELL == TANH
    unit->h = tanh(x[0] + h[0]);
#elif CELL == RELU
    T sum = x[0] + h[0];
    unit->h = sum < 0 ? (T)0 : sum; // NaN stays NaN
#elif CELL == GRU
    T r = sigmoid(x[0] + h[0]), z = sigmoid(x[1] + h[1]), n = tanh(x[2] + r * h[2]);
    unit->kept[0] = r, unit->kept[1] = z, unit->kept[2] = n, unit->kept[3] = h[2];
    unit->h = n + z * (unit->h - n);
#else
    T i = sigmoid(x[0] + h[0]), f = sigmoid(x[1] + h[1]), g = tanh(x[2] + h[2]), o = sigmoid(x[3] + h[3]);
    unit->kept[0] = i, unit->kept[1] = f, unit->kept[2] = g, unit->kept[3] = o;
    unit->c = f * unit->c + i * g;
    unit->kept[4] = tanh(unit->c);
    unit->h = o * unit->kept[4];
#endif
}

// The gradients of the gates' parts, from those of the states after a step: `grad` holds them, and then what reaches the
// states before past the gates. `before` and `after` are the states, and `before` has what was kept.
static inline void retreat(Unit *grad, const Unit *before, const Unit *after, T *grad_x, T *grad_h) {
#if CELL == TANH
    grad_x[0] = grad_h[0] = grad->h * (1 - after->h * after->h);
    grad->h = 0;
#elif CELL == RELU
    grad_x[0] = grad_h[0] = after->h <= 0 ? (T)0 : grad->h;
    grad->h = 0;
#elif CELL == GRU
    T r = before->kept[0], z = before->kept[1], n = before->kept[2], h_n = before->kept[3];
    grad_x[2] = grad->h * (1 - z) * (1 - n * n);
    grad_x[1] = grad->h * (before->h - n) * z * (1 - z);
    grad_x[0] = grad_x[2] * h_n * r * (1 - r);
    grad_h[0] = grad_x[0], grad_h[1] = grad_x[1], grad_h[2] = grad_x[2] * r;
    grad->h *= z;
#else
    T i = before->kept[0], f = before->kept[1], g = before->kept[2], o = before->kept[3];
    T tanh_c = before->kept[4];
    T grad_c = grad->c + grad->h * o * (1 - tanh_c * tanh_c);
    grad_x[0] = grad_c * g * i * (1 - i);
    grad_x[1] = grad_c * before->c * f * (1 - f);
    grad_x[2] = grad_c * i * (1 - g * g);
    grad_x[3] = grad->h * tanh_c * o * (1 - o);
    for (uint gate = 0; gate < GATES; gate++)
        grad_h[gate] = grad_x[gate];
    grad->h = 0;
    grad->c = grad_c * f;
#endif
}

// Unit number `i` of a state, of n units, of which `count` lie behind each other before the cell's second state begins.
static inline void load(Unit *unit, global const T *states, uint state, uint count, uint n, uint i) {
    unit->h = states[state * n + i];
#if CELL == LSTM
    unit->c = states[(count + state) * n + i];
#endif
}

static inline void store(const Unit *unit, global T *states, uint state, uint count, uint n, uint i) {
    states[state * n + i] = unit->h;
#if CELL == LSTM
    states[(count + state) * n + i] = unit->c;
#endif
}

// --- a launch for each step ---

// A step, by a work-item for each of n = B · H units; `recurrent` is state · weightᵀ, (B, G·H).
kernel void one_step(uint n, uint hidden, uint steps, uint t, uint before, uint after, global const T *inputs,
                 global const T *recurrent, global const T *bias_x, global const T *bias_h, global T *states,
                 global T *kept) {
    uint i = get_global_id(0), j = i % hidden, row = i / hidden;
    if (i >= n)
        return;
    T x[GATES], h[GATES];
    for (uint gate = 0; gate < GATES; gate++) {
        uint at = (row * GATES + gate) * hidden + j;
        x[gate] = inputs[t * n * GATES + at] + (bias_x ? bias_x[gate * hidden + j] : (T)0);
        h[gate] = recurrent[at] + (bias_h ? bias_h[gate * hidden + j] : (T)0);
    }
    Unit unit;
    load(&unit, states, before, steps + 1, n, i);
    advance(&unit, x, h);
    store(&unit, states, after, steps + 1, n, i);
    for (uint k = 0; k < KEPT; k++)
        kept[t * n * KEPT + (row * KEPT + k) * hidden + j] = unit.kept[k];
}

// Its gradients, of the gates in `gates` (P, T, B, G·H). The gradient of the states after it is that of who reads them,
// `grad`; and what came from the next step past the gates, `past` (S, B, H), and through them, `through` (B, H), unless null.
kernel void one_step_grad(uint n, uint hidden, uint steps, uint t, uint before, uint after, global const T *grad,
                      global const T *states, global const T *kept, global const T *through, global T *past,
                      global T *gates) {
    uint i = get_global_id(0), j = i % hidden, row = i / hidden;
    if (i >= n)
        return;
    Unit own, old, new;
    load(&own, grad, after, steps + 1, n, i);
    load(&old, past, 0, 1, n, i);
    own.h += old.h + (through ? through[i] : (T)0);
#if CELL == LSTM
    own.c += old.c;
#endif
    load(&old, states, before, steps + 1, n, i);
    load(&new, states, after, steps + 1, n, i);
    for (uint k = 0; k < KEPT; k++)
        old.kept[k] = kept[t * n * KEPT + (row * KEPT + k) * hidden + j];
    T grad_x[GATES], grad_h[GATES];
    retreat(&own, &old, &new, grad_x, grad_h);
    store(&own, past, 0, 1, n, i);
    for (uint gate = 0; gate < GATES; gate++) {
        uint at = t * n * GATES + (row * GATES + gate) * hidden + j;
        gates[at] = grad_x[gate];
#if CELL == GRU
        gates[steps * n * GATES + at] = grad_h[gate];
#endif
    }
}

// Adds to `past` what else reaches the states at the start, number `first`: it is their gradient then.
kernel void start_grad(uint n, uint steps, uint first, global const T *grad, global const T *through, global T *past) {
    uint i = get_global_id(0);
    if (i >= n)
        return;
    Unit own, read;
    load(&own, past, 0, 1, n, i);
    load(&read, grad, first, steps + 1, n, i);
    own.h += read.h + (through ? through[i] : (T)0);
#if CELL == LSTM
    own.c += read.c;
#endif
    store(&own, past, 0, 1, n, i);
}

// --- all steps in one launch ---
//
// A group has ROWS rows of the batch, and a work-item for each hidden unit. The weights are read again in each step; what
// they are multiplied with lies in local memory, row beside row, and is the same number for all work-items.

#ifdef ROWS

#define BLOCK 64 // so many products are added up before they are added to the sum, which then loses fewer digits

// `turned` is weightᵀ, (H, G·H); the states at the start are in `states`. `shared` has H · ROWS places.
kernel void all_steps(uint batch, uint hidden, uint steps, int reverse, global const T *inputs, global const T *turned,
                      global const T *bias_x, global const T *bias_h, global T *states, global T *kept, local T *shared) {
    uint j = get_local_id(0), first = get_group_id(0) * ROWS, n = batch * hidden;
    uint rows = j < hidden ? min((uint)ROWS, batch - first) : 0; // that this work-item has a unit of
    Unit units[ROWS];
    T biases_x[GATES], biases_h[GATES];
    for (uint gate = 0; gate < GATES; gate++) {
        biases_x[gate] = bias_x && rows > 0 ? bias_x[gate * hidden + j] : (T)0;
        biases_h[gate] = bias_h && rows > 0 ? bias_h[gate * hidden + j] : (T)0;
    }
#pragma unroll
    for (uint r = 0; r < ROWS; r++) {
        units[r].h = units[r].c = 0;
        if (r < rows)
            load(&units[r], states, reverse ? steps : 0, steps + 1, n, (first + r) * hidden + j);
    }
    for (uint done = 0; done < steps; done++) {
        uint t = reverse ? steps - 1 - done : done;
        if (j < hidden)
#pragma unroll
            for (uint r = 0; r < ROWS; r++)
                shared[j * ROWS + r] = units[r].h;
        T x[ROWS][GATES], h[ROWS][GATES];
#pragma unroll
        for (uint r = 0; r < ROWS; r++)
            for (uint gate = 0; gate < GATES; gate++) {
                uint at = ((t * batch + first + r) * GATES + gate) * hidden + j;
                x[r][gate] = r < rows ? inputs[at] + biases_x[gate] : (T)0;
                h[r][gate] = 0;
            }
        barrier(CLK_LOCAL_MEM_FENCE);
        for (uint start = 0; start < hidden && rows > 0; start += BLOCK) {
            T sums[ROWS][GATES];
#pragma unroll
            for (uint r = 0; r < ROWS; r++)
                for (uint gate = 0; gate < GATES; gate++)
                    sums[r][gate] = 0;
#pragma unroll 8
            for (uint k = start; k < min(start + BLOCK, hidden); k++)
                for (uint gate = 0; gate < GATES; gate++) {
                    T weight = turned[(k * GATES + gate) * hidden + j];
#pragma unroll
                    for (uint r = 0; r < ROWS; r++)
                        sums[r][gate] += shared[k * ROWS + r] * weight;
                }
#pragma unroll
            for (uint r = 0; r < ROWS; r++)
                for (uint gate = 0; gate < GATES; gate++)
                    h[r][gate] += sums[r][gate];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
#pragma unroll
        for (uint r = 0; r < ROWS; r++) {
            if (r >= rows)
                continue;
            for (uint gate = 0; gate < GATES; gate++)
                h[r][gate] += biases_h[gate];
            advance(&units[r], x[r], h[r]);
            store(&units[r], states, reverse ? t : t + 1, steps + 1, n, (first + r) * hidden + j);
            for (uint k = 0; k < KEPT; k++)
                kept[((t * batch + first + r) * KEPT + k) * hidden + j] = units[r].kept[k];
        }
    }
}

// The gradients of all gates, `gates` (P, T, B, G·H), and of the states at the start, `initial` (S, B, H). `shared` has
// G · H · ROWS places.
kernel void all_steps_grad(uint batch, uint hidden, uint steps, int reverse, global const T *grad, global const T *states,
                           global const T *kept, global const T *weight, global T *gates, global T *initial,
                           local T *shared) {
    uint j = get_local_id(0), first = get_group_id(0) * ROWS, n = batch * hidden;
    uint rows = j < hidden ? min((uint)ROWS, batch - first) : 0;
    Unit grads[ROWS];
#pragma unroll
    for (uint r = 0; r < ROWS; r++)
        grads[r].h = grads[r].c = 0;
    for (uint left = steps; left > 0; left--) {
        uint t = reverse ? steps - left : left - 1;
        uint before = reverse ? t + 1 : t, after = reverse ? t : t + 1;
#pragma unroll
        for (uint r = 0; r < ROWS; r++) {
            T grad_x[GATES], grad_h[GATES];
            for (uint gate = 0; gate < GATES; gate++)
                grad_h[gate] = 0;
            if (r < rows) {
                uint i = (first + r) * hidden + j;
                Unit read, old, new;
                load(&read, grad, after, steps + 1, n, i);
                load(&old, states, before, steps + 1, n, i);
                load(&new, states, after, steps + 1, n, i);
                for (uint k = 0; k < KEPT; k++)
                    old.kept[k] = kept[((t * batch + first + r) * KEPT + k) * hidden + j];
                grads[r].h += read.h;
#if CELL == LSTM
                grads[r].c += read.c;
#endif
                retreat(&grads[r], &old, &new, grad_x, grad_h);
                for (uint gate = 0; gate < GATES; gate++) {
                    uint at = ((t * batch + first + r) * GATES + gate) * hidden + j;
                    gates[at] = grad_x[gate];
#if CELL == GRU
                    gates[steps * n * GATES + at] = grad_h[gate];
#endif
                }
            }
            if (j < hidden)
                for (uint gate = 0; gate < GATES; gate++)
                    shared[(gate * hidden + j) * ROWS + r] = grad_h[gate];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        // the step before is reached through the gates, too
        for (uint start = 0; start < GATES * hidden && rows > 0; start += BLOCK) {
            T sums[ROWS];
#pragma unroll
            for (uint r = 0; r < ROWS; r++)
                sums[r] = 0;
#pragma unroll 8
            for (uint k = start; k < min(start + BLOCK, GATES * hidden); k++)
#pragma unroll
                for (uint r = 0; r < ROWS; r++)
                    sums[r] += shared[k * ROWS + r] * weight[k * hidden + j];
#pragma unroll
            for (uint r = 0; r < ROWS; r++)
                grads[r].h += sums[r];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
#pragma unroll
    for (uint r = 0; r < ROWS; r++) {
        if (r >= rows)
            continue;
        Unit read;
        uint i = (first + r) * hidden + j;
        load(&read, grad, reverse ? steps : 0, steps + 1, n, i);
        grads[r].h += read.h;
#if CELL == LSTM
        grads[r].c += read.c;
#endif
        store(&grads[r], initial, 0, 1, n, i);
    }
}

#endif
