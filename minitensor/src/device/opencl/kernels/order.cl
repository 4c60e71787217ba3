// Along rows of numbers: running totals, and the order from small to large. A row has `width` numbers in any layout; results
// are contiguous.

// --- running totals ---
//
// A row is cut into chunks. One launch totals every chunk (`scan` with `totals`), a second adds those up (`chain`), and a
// third goes through the chunks again, each from the total of all before it (`scan` with `out`). The last is enough for rows
// of one chunk.

// A: what totals are kept in. Without double, two floats whose sum is the total; the second has what the first has no
// digits for.
#ifdef IS_I64
typedef ulong A; // which may overflow
#define WIDEN(value) ((ulong)(value))
#define NARROW(total) ((long)(total))
#elif defined(HAS_F64)
typedef double A;
#define WIDEN(value) ((double)(value))
#define NARROW(total) ((T)(total))
#else
#define PAIRS
typedef float2 A;
#define WIDEN(value) ((float2)((float)(value), 0))
#define NARROW(total) ((T)(total).x)
#endif

#if PRODUCT
#define NOTHING WIDEN(1)
#else
#define NOTHING WIDEN(0)
#endif

#ifdef PAIRS
// What rounding takes from a + b (Knuth, 1969), or from a · b, comes back in the second float.
static inline A total_of(A a, A b) {
#if PRODUCT
    float value = a.x * b.x;
    float lost = fma(a.x, b.x, -value) + (a.x * b.y + a.y * b.x);
#else
    float value = a.x + b.x;
    float other = value - a.x;
    float lost = ((a.x - (value - other)) + (b.x - other)) + (a.y + b.y);
#endif
    float whole = value + lost;
    return isfinite(whole) ? (float2)(whole, lost - (whole - value)) : (float2)(value, 0);
}
#else
static inline A total_of(A a, A b) {
#if PRODUCT
    return a * b;
#else
    return a + b;
#endif
}
#endif

// Each `lanes` neighbours of a group have a number each in `totals`: makes them running totals, in steps of 1, 2, 4, …
// (Hillis and Steele, 1986). Returns the total of the numbers before the work-item's own.
static inline A run_up(local A *totals, uint lanes) {
    uint own = get_local_id(0), lane = own % lanes;
    for (uint step = 1; step < lanes; step *= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        A before = lane >= step ? totals[own - step] : NOTHING;
        barrier(CLK_LOCAL_MEM_FENCE);
        totals[own] = total_of(before, totals[own]);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    return lane > 0 ? totals[own - 1] : NOTHING;
}

#define EACH 8                          // numbers of a work-item, which are neighbours
#define PLACE(i) ((i) + (i) / EACH)     // of number i in local memory: work-items do not wait for one bank

// By `lanes` work-items for each chunk of lanes · EACH numbers, several chunks a group: the chunk's total in `totals`; or, if
// that is null, the running totals in `out`, from `starts`[chunk] on unless that is null.
kernel void scan(uint rows, uint width, uint lanes, int reverse, Grid grid, global const T *in, global const A *starts,
                 global A *totals, global T *out, local A *numbers, local A *lane_totals) {
    uint own = get_local_id(0), many = get_local_size(0);
    uint size = lanes * EACH, chunks = (width + size - 1) / size; // of a row
    uint first = get_group_id(0) * (many / lanes);               // chunk of this group

    // neighbours load neighbours
    for (uint i = own; i < many * EACH; i += many) {
        uint row = (first + i / size) / chunks, at = (first + i / size) % chunks * size + i % size;
        bool there = row < rows && at < width;
        uint from = row * width + (reverse ? width - 1 - at : at);
        numbers[PLACE(i)] = there ? WIDEN(in[position(&grid, 0, from)]) : NOTHING;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    A total = NOTHING;
    for (uint i = own * EACH; i < (own + 1) * EACH; i++)
        total = total_of(total, numbers[PLACE(i)]);
    lane_totals[own] = total;
    A running = run_up(lane_totals, lanes);

    uint chunk = first + own / lanes;
    if (totals) {
        if (own % lanes == lanes - 1 && chunk / chunks < rows)
            totals[chunk] = lane_totals[own];
        return;
    }
    if (starts && chunk / chunks < rows)
        running = total_of(starts[chunk], running);
    for (uint i = own * EACH; i < (own + 1) * EACH; i++) {
        running = total_of(running, numbers[PLACE(i)]);
        numbers[PLACE(i)] = running;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint i = own; i < many * EACH; i += many) {
        uint row = (first + i / size) / chunks, at = (first + i / size) % chunks * size + i % size;
        if (row < rows && at < width)
            out[row * width + (reverse ? width - 1 - at : at)] = NARROW(numbers[PLACE(i)]);
    }
}

// By a group for each row: the totals of its chunks become the totals of all chunks before.
kernel void chain(uint chunks, global A *totals, local A *lane_totals) {
    uint own = get_local_id(0), many = get_local_size(0);
    global A *row = totals + get_group_id(0) * chunks;
    A before = NOTHING;
    for (uint first = 0; first < chunks; first += many) {
        bool there = first + own < chunks;
        lane_totals[own] = there ? row[first + own] : NOTHING;
        A running = run_up(lane_totals, many);
        if (there)
            row[first + own] = total_of(before, running);
        before = total_of(before, lane_totals[many - 1]);
        barrier(CLK_LOCAL_MEM_FENCE);
    }
}

// --- order ---
//
// A merge sort. `sort_tiles` puts tiles of a row in order, in local memory; each launch of `merge` makes one run of two, until
// a row is one. What is sorted are keys: unsigned integers in the order that is asked for. Equal keys stay in the order of
// their places, and so does a NaN, whose key is the largest when ascending and the smallest when descending.

#if defined(IS_F64) || defined(IS_I64)
typedef ulong Key;
#define SIGN ((Key)1 << 63)
#define BITS(x) as_ulong(x)
#elif defined(IS_U8)
typedef uchar Key;
#else
typedef uint Key;
#define SIGN ((Key)1 << 31)
#define BITS(x) as_uint(x)
#endif

#define LAST ((Key)~(Key)0)

static inline Key key_of(T x, int descending) {
#ifdef FLOATING
    // With the sign, floats are ordered like integers but for those below 0, which run the other way; -0 is 0.
    Key bits = x == 0 ? (Key)0 : BITS(x);
    Key key = IS_NAN(x) ? LAST : bits & SIGN ? ~bits : bits | SIGN;
#elif defined(IS_I64)
    Key key = BITS(x) ^ SIGN;
#else
    Key key = x;
#endif
    return descending ? (Key)~key : key;
}

#define SLOTS 1024 // in a group, for one tile or several

// Sorts each tile, a power of two of neighbours in a row, by a bitonic network (Batcher, 1968): `keys` (unless null), and
// `order`, where they stood in their row.
kernel void sort_tiles(uint rows, uint width, uint tile, int descending, Grid grid, global const T *in, global Key *keys,
                       global long *order) {
    local Key slot_keys[SLOTS];
    local uint slot_places[SLOTS];
    uint own = get_local_id(0), many = get_local_size(0);
    uint tiles = (width + tile - 1) / tile; // of a row
    uint first = get_group_id(0) * (SLOTS / tile);

    // what is beyond the row, or the last row, comes after all
    for (uint i = own; i < SLOTS; i += many) {
        uint row = (first + i / tile) / tiles, place = (first + i / tile) % tiles * tile + i % tile;
        bool there = row < rows && place < width;
        slot_keys[i] = there ? key_of(in[position(&grid, 0, row * width + place)], descending) : LAST;
        slot_places[i] = place;
    }
    for (uint size = 2; size <= tile; size *= 2)
        for (uint distance = size / 2; distance > 0; distance /= 2) {
            barrier(CLK_LOCAL_MEM_FENCE);
            for (uint pair = own; pair < SLOTS / 2; pair += many) {
                uint a = 2 * pair - pair % distance, b = a + distance;
                Key key_a = slot_keys[a], key_b = slot_keys[b];
                uint place_a = slot_places[a], place_b = slot_places[b];
                bool wrong = key_a > key_b || (key_a == key_b && place_a > place_b);
                bool ascends = (a % tile & size) == 0;
                if (wrong == ascends) {
                    slot_keys[a] = key_b, slot_keys[b] = key_a;
                    slot_places[a] = place_b, slot_places[b] = place_a;
                }
            }
        }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint i = own; i < SLOTS; i += many) {
        uint row = (first + i / tile) / tiles, place = (first + i / tile) % tiles * tile + i % tile;
        if (row >= rows || place >= width)
            continue;
        if (keys)
            keys[row * width + place] = slot_keys[i];
        order[row * width + place] = slot_places[i];
    }
}

// Makes one of each two sorted runs of `run` keys. A work-item has one of the keys, and finds by bisection how many of the
// other run go before it: those that are smaller, and of the left run the equal ones, too.
kernel void merge(uint n, uint width, uint run, global const Key *keys, global const long *order, global Key *merged_keys,
                  global long *merged_order) {
    uint i = get_global_id(0);
    if (i >= n)
        return;
    uint place = i % width, row = i - place, start = place / run * run; // of the own run
    bool is_left = place / run % 2 == 0;
    uint other = is_left ? min(start + run, width) : start - run;       // start of the other run
    Key key = keys[i];
    uint low = other, high = min(other + run, width);
    while (low < high) {
        uint middle = low + (high - low) / 2;
        Key candidate = keys[row + middle];
        if (candidate < key || (candidate == key && !is_left))
            low = middle + 1;
        else
            high = middle;
    }
    uint target = row + min(start, other) + (place - start) + (low - other);
    merged_keys[target] = key;
    merged_order[target] = order[i];
}
