// ANCHOR: multiply_adds
// Multiply-adds and nothing else. Each work-item keeps CHAINS times 16 numbers in registers, and each number depends
// only on itself, so that there is always one whose turn it is while others are not done yet.
#define CHAINS 6

kernel void multiply_adds(uint rounds, float factor, float step, global float16 *out) {
    float16 numbers[CHAINS];
    _Pragma("unroll")
    for (uint c = 0; c < CHAINS; c++)
        numbers[c] = (float16)(get_global_id(0) + c);
    for (uint r = 0; r < rounds; r++) {
        _Pragma("unroll")
        for (uint c = 0; c < CHAINS; c++)
            numbers[c] = numbers[c] * factor + step;
    }
    // a compiler leaves out what nobody sees
    float16 sum = 0;
    _Pragma("unroll")
    for (uint c = 0; c < CHAINS; c++)
        sum += numbers[c];
    out[get_global_id(0)] = sum;
}
// ANCHOR_END: multiply_adds
