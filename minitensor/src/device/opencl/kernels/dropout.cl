// Dropout: each element kept or dropped by chance.
//
// The draws are the words of ChaCha8 (Bernstein, 2008), which makes a block of 16 of them out of a key, the number of a
// stream and the number of the block, so that any work-item can make any block. The elements are cut into stretches, and
// stretch s takes its draws from the start of stream s, one for each `run` neighbours; see device/dropout.rs. A stretch is
// cut into shares: a work-group first makes the blocks that its share needs, a block each, and then goes through the
// elements side by side.

#define SHARE 4096            // elements in a share, which need at most as many draws, in at most 256 blocks
#define PLACE(d) ((d) + (d) / 16) // of draw d: blocks lie 17 apart, so that neighbours do not wait for one bank of memory

// As on the CPU, x * scale + shift is rounded twice.
#pragma OPENCL FP_CONTRACT OFF

#define QUARTER_ROUNDS(a, b, c, d) \
    a += b, d = rotate(d ^ a, (uint4)(16)), c += d, b = rotate(b ^ c, (uint4)(12)); \
    a += b, d = rotate(d ^ a, (uint4)(8)), c += d, b = rotate(b ^ c, (uint4)(7))

// 16 draws: a block of numbers in four rows, mixed by 4 double rounds, and added to what it was.
static inline uint16 chacha8(uint4 key_low, uint4 key_high, uint block, uint stream) {
    const uint4 constants = (uint4)(0x61707865, 0x3320646e, 0x79622d32, 0x6b206574); // "expand 32-byte k"
    const uint4 place = (uint4)(block, 0, stream, 0);
    uint4 a = constants, b = key_low, c = key_high, d = place;
    for (int i = 0; i < 4; i++) {
        QUARTER_ROUNDS(a, b, c, d); // on columns
        b = b.yzwx, c = c.zwxy, d = d.wxyz;
        QUARTER_ROUNDS(a, b, c, d); // on diagonals
        b = b.wxyz, c = c.zwxy, d = d.yzwx;
    }
    return (uint16)(a + constants, b + key_low, c + key_high, d + place);
}

// A kept x becomes x * scale + shift; dropped is whose draw is below `below`.
kernel void dropout(uint n, uint stretch, uint run, uint4 key_low, uint4 key_high, uint below, R scale, R shift,
                    R dropped, global const T *in, global T *out) {
    local uint draws[PLACE(SHARE)];
    uint own = get_local_id(0), many = get_local_size(0);
    uint shares = (min(stretch, n) + SHARE - 1) / SHARE;
    uint stream = get_group_id(0) / shares, share = get_group_id(0) % shares;
    uint start = stream * stretch, first = share * SHARE; // `first` and `end` count from the start of the stretch
    uint end = min(min(first + SHARE, stretch), n - start);

    uint first_block = first / run / 16;
    uint blocks = first < end ? (end - 1) / run / 16 - first_block + 1 : 0;
    for (uint i = own; i < blocks; i += many) {
        uint words[16];
        vstore16(chacha8(key_low, key_high, first_block + i, stream), 0, words);
        for (uint w = 0; w < 16; w++)
            draws[PLACE(16 * i + w)] = words[w];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint i = first + own; i < end; i += many) {
        uint draw = i / run - 16 * first_block;
        out[start + i] = draws[PLACE(draw)] < below ? (T)dropped : in[start + i] * scale + shift;
    }
}
