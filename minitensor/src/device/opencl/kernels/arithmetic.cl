// A function of each element, or of each pair. Each op is a line of a table: its name, and its value where `x` is the
// element and p, q and r are the op's numbers; or `a` and `b` are the pair. Below, the tables become kernels.

#ifdef FLOATING

// NaN stays NaN in what compares.
#define UNARY_TABLE(OP) \
    OP(neg, -x) \
    OP(abs, fabs(x)) \
    OP(sign, x > 0 ? (T)1 : x < 0 ? (T)-1 : (T)0) \
    OP(exp, exp(x)) \
    OP(expm1, expm1(x)) \
    OP(ln, log(x)) \
    OP(log1p, log1p(x)) \
    OP(log2, log2(x)) \
    OP(log10, log10(x)) \
    OP(sqrt, sqrt(x)) \
    OP(recip, 1 / x) \
    OP(square, x * x) \
    OP(sin, sin(x)) \
    OP(cos, cos(x)) \
    OP(tan, tan(x)) \
    OP(floor, floor(x)) \
    OP(ceil, ceil(x)) \
    OP(round, rint(x)) \
    OP(trunc, trunc(x)) \
    OP(tanh, near_tanh(x)) \
    OP(sigmoid, sigmoid(x)) \
    OP(relu, x < 0 ? (T)0 : x) \
    OP(erf, erf(x)) \
    OP(softplus, fmax(x, (T)0) + log1p(exp(-fabs(x)))) \
    OP(add_scalar, x + p) \
    OP(mul_scalar, x * p) \
    OP(pow_scalar, pow(x, p)) \
    OP(pow_integer, pown(x, (int)p)) \
    OP(clamp_between, between(x, p, q)) \
    OP(leaky_relu, x > 0 ? x : x * p) \
    OP(elu, x < 0 ? expm1(x * r) * (p * q) : x * q) \
    OP(silu, x * sigmoid(x)) \
    OP(gelu, x * normal_cdf(x)) \
    OP(gelu_tanh, x / 2 * (1 + near_tanh(gelu_inner(x)))) \
    OP(mish, x * tanh_of_softplus(x)) \
    OP(hardswish, x * between(x + 3, (T)0, (T)6) / 6) \
    OP(log_sigmoid, fmin(x, (T)0) - log1p(exp(-fabs(x))))

// The last ones are gradients: `a` is the gradient of the result, and `b` the input, of relu the output.
#define BINARY_TABLE(OP) \
    OP(add, a + b) \
    OP(sub, a - b) \
    OP(mul, a * b) \
    OP(div, a / b) \
    OP(pow, pow(a, b)) \
    OP(maximum, a > b || isnan(a) ? a : b) \
    OP(minimum, a < b || isnan(a) ? a : b) \
    OP(remainder, floor_remainder(a, b)) \
    OP(atan2, atan2(a, b)) \
    OP(relu_grad, b <= 0 ? (T)0 : a) \
    OP(leaky_relu_grad, b > 0 ? a : a * p) \
    OP(elu_grad, a * (b <= 0 ? exp(b * r) * (p * q * r) : q)) \
    OP(silu_grad, a * sigmoid(b) * (1 + b * (1 - sigmoid(b)))) \
    OP(gelu_grad, a * (normal_cdf(b) + b * (T)0.3989422804014327 * exp(b * b / -2))) \
    OP(gelu_tanh_grad, a * gelu_tanh_slope(b)) \
    OP(mish_grad, a * mish_slope(b)) \
    OP(hardswish_grad, b <= -3 ? (T)0 : b < 3 ? a * (b / 3 + (T)0.5) : a) \
    OP(log_sigmoid_grad, a * sigmoid(-b))

// From the exponential that cannot overflow.
static inline T sigmoid(T x) {
    T e = exp(-fabs(x));
    return (x < 0 ? e : (T)1) / (1 + e);
}

// A device's tanh may be several units off in its last digit, which is all that is left of 1 - tanh² where tanh is near 1.
static inline T near_tanh(T x) {
    T e = exp(-2 * fabs(x));
    return fabs(x) < (T)0.5 ? tanh(x) : copysign(1 - 2 * e / (1 + e), x);
}

static inline T between(T x, T low, T high) {
    return x < low ? low : x > high ? high : x;
}

// The normal distribution's cumulative function, by the complementary error function where digits would cancel.
static inline T normal_cdf(T x) {
    return erfc(x * (T)-0.7071067811865476) / 2;
}

// √(2/π) (x + 0.044715 x³)
static inline T gelu_inner(T x) {
    return (T)0.7978845608028654 * (x + (T)0.044715 * x * x * x);
}

// With t = tanh(inner): (1 + t) / 2 + x (1 - t²) inner' / 2
static inline T gelu_tanh_slope(T x) {
    T t = near_tanh(gelu_inner(x));
    return ((1 + t) + x * (1 - t * t) * (T)0.7978845608028654 * (1 + (T)0.134145 * x * x)) / 2;
}

// tanh(ln(1 + e^x)) = n / (n + 2) with n = e^x (e^x + 2); from 20 on it is 1.
static inline T tanh_of_softplus(T x) {
    T e = exp(x > 20 ? (T)20 : x);
    T n = e * (e + 2);
    return n / (n + 2);
}

// With t = tanh(softplus(x)): t + x (1 - t²) σ(x)
static inline T mish_slope(T x) {
    T t = tanh_of_softplus(x);
    return t + x * (1 - t * t) * sigmoid(x);
}

static inline T floor_remainder(T a, T b) {
    T rest = fmod(a, b);
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

#else

#ifdef IS_U8
#define TO_T(x) convert_uchar_sat_rtz(x)
#define ABSOLUTE(x) (x)
#else
#define TO_T(x) convert_long_sat_rtz(x)
#define ABSOLUTE(x) ((x) < 0 ? -(x) : (x))
#endif

#define UNARY_TABLE(OP) \
    OP(neg, -x) \
    OP(abs, ABSOLUTE(x)) \
    OP(sign, x > 0 ? 1 : x < 0 ? -1 : 0) \
    OP(square, x * x) \
    OP(relu, x < 0 ? 0 : x) \
    OP(floor, x) \
    OP(ceil, x) \
    OP(round, x) \
    OP(trunc, x) \
    OP(add_scalar, TO_T((R)x + p)) \
    OP(mul_scalar, TO_T((R)x * p)) \
    OP(pow_scalar, TO_T(pow((R)x, p))) \
    OP(pow_integer, TO_T(pow((R)x, p))) \
    OP(clamp_between, TO_T(fmin(fmax((R)x, p), q)))

// What divides by 0 gives 0.
#define BINARY_TABLE(OP) \
    OP(add, a + b) \
    OP(sub, a - b) \
    OP(mul, a * b) \
    OP(div, b == 0 ? 0 : a / b) \
    OP(pow, TO_T(pow((R)a, (R)b))) \
    OP(maximum, a > b ? a : b) \
    OP(minimum, a < b ? a : b) \
    OP(remainder, floor_remainder(a, b)) \
    OP(atan2, TO_T(atan2((R)a, (R)b))) \
    OP(relu_grad, b <= 0 ? 0 : a)

static inline T floor_remainder(T a, T b) {
    T rest = b == 0 ? 0 : a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

#endif

// ANCHOR: compare_table
#define COMPARE_TABLE(OP) \
    OP(eq, a == b) \
    OP(ne, a != b) \
    OP(lt, a < b) \
    OP(le, a <= b) \
    OP(gt, a > b) \
    OP(ge, a >= b)
// ANCHOR_END: compare_table

// ANCHOR: unary_kernel
#define UNARY_KERNEL(name, value) \
    kernel void unary_##name(uint n, Grid grid, R p, R q, R r, global const T *in, global T *out) { \
        uint i = get_global_id(0); \
        if (i >= n) \
            return; \
        T x = in[position(&grid, 0, i)]; \
        out[i] = (T)(value); \
    }
// ANCHOR_END: unary_kernel

#define PAIR_KERNEL(name, O, value) \
    kernel void name(uint n, Grid grid, R p, R q, R r, global const T *left, global const T *right, global O *out) { \
        uint i = get_global_id(0); \
        if (i >= n) \
            return; \
        uint2 at = positions2(&grid, i); \
        T a = left[at.x], b = right[at.y]; \
        out[i] = (O)(value); \
    }

#define BINARY_KERNEL(name, value) PAIR_KERNEL(binary_##name, T, value)
#define COMPARE_KERNEL(name, value) PAIR_KERNEL(compare_##name, uchar, value)

UNARY_TABLE(UNARY_KERNEL)
BINARY_TABLE(BINARY_KERNEL)
COMPARE_TABLE(COMPARE_KERNEL)
