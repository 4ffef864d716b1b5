// Products with quantised weights. No include guard: each including file defines LANES (floats per vector) and
// NAME(x), which makes the names its own, and compiles this text for its processor.
#include "CKernels.h"

typedef float NAME(floats) __attribute__((vector_size(4 * LANES), aligned(1)));
typedef int32_t NAME(words) __attribute__((vector_size(4 * LANES), aligned(1)));
typedef int8_t NAME(bytes) __attribute__((vector_size(LANES), aligned(1)));
typedef uint16_t NAME(halves) __attribute__((vector_size(2 * LANES), aligned(1)));
#define FLOATS NAME(floats)
#define INLINE static inline __attribute__((always_inline))

INLINE float NAME(bf16)(uint16_t bits) {
    union { uint32_t bits; float value; } u = {(uint32_t)bits << 16};
    return u.value;
}

/// The values of LANES columns from `column` of the group at `group` on, not yet scaled: bf16 and int8 as they are,
/// a nibble as what it is where it lies in its word, 16^(column ÷ 16) times itself (the last one, whose place holds
/// the sign, moved down): one instruction less each, for which the activations are scaled once. `format` and `column`
/// are constants wherever this is inlined.
INLINE FLOATS NAME(values)(int format, const unsigned char *group, int column) {
    if (format == ISOCOST_BF16) {
        NAME(halves) bits = *(const NAME(halves) *)(group + 2 * column);
        return (FLOATS)(__builtin_convertvector(bits, NAME(words)) << 16);
    }
    if (format == ISOCOST_INT8) {
        NAME(bytes) bytes = *(const NAME(bytes) *)(group + column);
        return __builtin_convertvector(__builtin_convertvector(bytes, NAME(words)), FLOATS);
    }
    NAME(words) words = *(const NAME(words) *)(group + 4 * (column % 16));
    int place = 4 * (column / 16);
    return __builtin_convertvector(place < 28 ? words & (15 << place) : (words >> 28) & 15, FLOATS);
}

/// The inverse of what a nibble of `column` comes scaled by.
INLINE float NAME(unplaced)(int column) {
    int place = 4 * (column / 16);
    return place < 28 ? 1.0f / (float)(1 << place) : 1.0f;
}

INLINE long NAME(group_bytes)(int format) {
    return format == ISOCOST_BF16 ? 2 * ISOCOST_GROUP : format == ISOCOST_INT8 ? ISOCOST_GROUP : ISOCOST_GROUP / 2;
}

INLINE float NAME(scale)(const struct isocost_weights *w, int format, long row, long group) {
    return format == ISOCOST_BF16 ? 1 : NAME(bf16)(w->scales[row * w->groups + group]);
}

INLINE int NAME(zero)(const struct isocost_weights *w, int format, long row, long group) {
    return format == ISOCOST_INT4 ? w->zeros[row * w->groups + group] : 0;
}

/// One weight by itself: the columns after the last whole group.
INLINE float NAME(weight)(const struct isocost_weights *w, int format, long row, long column) {
    const unsigned char *values = w->values + row * w->stride;
    long group = column / ISOCOST_GROUP, place = column % ISOCOST_GROUP;
    if (format == ISOCOST_BF16) return NAME(bf16)(((const uint16_t *)values)[column]);
    if (format == ISOCOST_INT8) return NAME(scale)(w, format, row, group) * (int8_t)values[column];
    uint32_t word = ((const uint32_t *)(values + group * (ISOCOST_GROUP / 2)))[place % 16];
    int value = (int)(word >> (4 * (place / 16)) & 15) - NAME(zero)(w, format, row, group);
    return NAME(scale)(w, format, row, group) * (float)value;
}

INLINE float NAME(sum)(FLOATS a) {
    float sums[LANES];
    *(FLOATS *)sums = a;
    for (int half = LANES / 2; half > 0; half /= 2)
        for (int i = 0; i < half; i++) sums[i] += sums[i + half];
    return sums[0];
}

/// Columns taken at a time, so that the activations of a block stay in the first-level cache.
enum { NAME(block) = 4096 };

/// A block of activations as the products want them.
typedef struct {
    const float *x;
    /// Elements from one row of x to the next.
    long stride;
    long first, columns;
    /// int4: the activations, scaled for nibbles in their places, and the sums over each group, lane by lane, by
    /// which zero points are taken off.
    float scaled[NAME(block)];
    FLOATS sums[NAME(block) / ISOCOST_GROUP];
} NAME(activations);

INLINE void NAME(prepare)(
    int format, int rows, const float *x, long columns, long first, NAME(activations) *block) {
    long most = NAME(block) / rows / ISOCOST_GROUP * ISOCOST_GROUP;
    block->first = first;
    block->columns = columns - first < most ? columns - first : most;
    block->x = x + first;
    block->stride = columns;
    if (format != ISOCOST_INT4) return;
    long whole = block->columns / ISOCOST_GROUP;
    for (int row = 0; row < rows; row++) {
        for (long group = 0; group < whole; group++) {
            FLOATS sum = {};
            for (int column = 0; column < ISOCOST_GROUP; column += LANES) {
                FLOATS y = *(const FLOATS *)(x + row * columns + first + group * ISOCOST_GROUP + column);
                *(FLOATS *)(block->scaled + (row * whole + group) * ISOCOST_GROUP + column) = y * NAME(unplaced)(column);
                sum += y;
            }
            block->sums[row * whole + group] = sum;
        }
    }
}

/// One group of two weight rows by `rows` activation rows, added to the totals. Sums are kept per group, so that a
/// scale is multiplied once for 128 columns; one or two activation rows alternate between two sums each, which a
/// processor adds to at the same time.
INLINE void NAME(group)(
    int format, int rows, const NAME(activations) *block, long group, const unsigned char *const w[2],
    const float scales[2], const int zeros[2], FLOATS *totals) {
    const int chains = rows <= 2 ? 2 : 1;
    const long whole = block->columns / ISOCOST_GROUP;
    FLOATS a[4] = {}, b[4] = {};
#pragma clang loop unroll(full)
    for (int column = 0; column < ISOCOST_GROUP; column += LANES) {
        FLOATS p = NAME(values)(format, w[0], column), q = NAME(values)(format, w[1], column);
#pragma clang loop unroll(full)
        for (int row = 0; row < rows; row++) {
            const float *x = format == ISOCOST_INT4 ? block->scaled + (row * whole + group) * ISOCOST_GROUP
                                                    : block->x + row * block->stride + group * ISOCOST_GROUP;
            FLOATS y = *(const FLOATS *)(x + column);
            int chain = chains * row + column / LANES % chains;
            a[chain] += p * y;
            b[chain] += q * y;
        }
    }
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) {
        FLOATS p = chains == 2 ? a[2 * row] + a[2 * row + 1] : a[row];
        FLOATS q = chains == 2 ? b[2 * row] + b[2 * row + 1] : b[row];
        if (format == ISOCOST_INT4) {
            p -= block->sums[row * whole + group] * (float)zeros[0];
            q -= block->sums[row * whole + group] * (float)zeros[1];
        }
        totals[2 * row] += p * scales[0];
        totals[2 * row + 1] += q * scales[1];
    }
}

/// A block of two weight rows n by `rows` activation rows: sums[2·row + side].
INLINE void NAME(pair)(
    int format, int rows, const struct isocost_weights *w, const long n[2], const NAME(activations) *block,
    float *sums) {
    const long bytes = NAME(group_bytes)(format), whole = block->columns / ISOCOST_GROUP;
    const long first = block->first / ISOCOST_GROUP;
    const unsigned char *u = w->values + n[0] * w->stride + first * bytes;
    const unsigned char *v = w->values + n[1] * w->stride + first * bytes;
    FLOATS totals[8] = {};
    for (long group = 0; group < whole; group++, u += bytes, v += bytes) {
        // The same place four weight rows on.
        for (long line = 0; line < bytes; line += 64) {
            isocost_prefetch(u + 4 * w->stride + line);
            isocost_prefetch(v + 4 * w->stride + line);
        }
        const unsigned char *const values[2] = {u, v};
        const float scales[2] = {
            NAME(scale)(w, format, n[0], first + group), NAME(scale)(w, format, n[1], first + group)};
        const int zeros[2] = {
            NAME(zero)(w, format, n[0], first + group), NAME(zero)(w, format, n[1], first + group)};
        NAME(group)(format, rows, block, group, values, scales, zeros, totals);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 2 * rows; i++) sums[i] = NAME(sum)(totals[i]);
    for (long column = whole * ISOCOST_GROUP; column < block->columns; column++) {
        float p = NAME(weight)(w, format, n[0], block->first + column);
        float q = NAME(weight)(w, format, n[1], block->first + column);
        for (int row = 0; row < rows; row++) {
            sums[2 * row] += p * block->x[row * block->stride + column];
            sums[2 * row + 1] += q * block->x[row * block->stride + column];
        }
    }
}

INLINE void NAME(outputs)(
    int format, int rows, const struct isocost_weights *w, const long range[2], const float *x, float *y, long ystride,
    int accumulate) {
    NAME(activations) block;
    for (long first = 0; first < w->columns; first += block.columns, accumulate = 1) {
        NAME(prepare)(format, rows, x, w->columns, first, &block);
        for (long n = range[0]; n < range[1]; n += 2) {
            // An odd last weight row pairs with itself.
            const long pair[2] = {n, n + 1 < range[1] ? n + 1 : n};
            float sums[8];
            NAME(pair)(format, rows, w, pair, &block, sums);
            for (int row = 0; row < rows; row++) {
                for (int side = 0; side <= pair[1] - n; side++) {
                    float *target = y + row * ystride + n + side;
                    *target = accumulate ? *target + sums[2 * row + side] : sums[2 * row + side];
                }
            }
        }
    }
}

void NAME(product)(
    const struct isocost_weights *w, const long range[2], const float *x, long rows, float *y, long ystride,
    int accumulate) {
#define ROWS(format)                                                                \
    switch (rows) {                                                                 \
    case 1: NAME(outputs)(format, 1, w, range, x, y, ystride, accumulate); break;   \
    case 2: NAME(outputs)(format, 2, w, range, x, y, ystride, accumulate); break;   \
    case 3: NAME(outputs)(format, 3, w, range, x, y, ystride, accumulate); break;   \
    default: NAME(outputs)(format, 4, w, range, x, y, ystride, accumulate);         \
    }
    switch (w->format) {
    case ISOCOST_BF16: ROWS(ISOCOST_BF16) break;
    case ISOCOST_INT8: ROWS(ISOCOST_INT8) break;
    default: ROWS(ISOCOST_INT4)
    }
#undef ROWS
}

INLINE void NAME(columns)(
    int format, const struct isocost_weights *w, long row, long first, long count, float *out) {
    const long bytes = NAME(group_bytes)(format);
    const unsigned char *values = w->values + row * w->stride + first / ISOCOST_GROUP * bytes;
    long done = 0;
    for (; done + ISOCOST_GROUP <= count; done += ISOCOST_GROUP, values += bytes) {
        long group = (first + done) / ISOCOST_GROUP;
        float scale = NAME(scale)(w, format, row, group), zero = NAME(zero)(w, format, row, group);
        for (long line = 0; line < bytes; line += 64) isocost_prefetch(values + 4 * w->stride + line);
#pragma clang loop unroll(full)
        for (int column = 0; column < ISOCOST_GROUP; column += LANES) {
            FLOATS value = NAME(values)(format, values, column);
            if (format == ISOCOST_INT4) value = value * NAME(unplaced)(column) - zero;
            *(FLOATS *)(out + done + column) = value * scale;
        }
    }
    for (; done < count; done++) out[done] = NAME(weight)(w, format, row, first + done);
}

void NAME(dequantise)(const struct isocost_weights *w, long row, long first, long count, float *out) {
    switch (w->format) {
    case ISOCOST_BF16: NAME(columns)(ISOCOST_BF16, w, row, first, count, out); break;
    case ISOCOST_INT8: NAME(columns)(ISOCOST_INT8, w, row, first, count, out); break;
    default: NAME(columns)(ISOCOST_INT4, w, row, first, count, out);
    }
}
