/// The kernels that need instructions Swift has no spelling for, in one source for every width of vector and chosen at
/// run time. C, because Swift can neither compile a function for a processor newer than the program's own nor ask
/// which one it runs on.
#pragma once

#include <stdint.h>

#include "vector.h"

/// Formats of weights.
enum { ISOCOST_BF16 = 1, ISOCOST_INT8 = 2, ISOCOST_INT4 = 3 };

/// Columns that share one scale, and for four bits one zero point.
enum { ISOCOST_GROUP = 128 };

/// A matrix of weights, row after row of `stride` bytes.
///
/// bf16: two bytes a column. int8: a signed byte a column, rows padded to whole groups; weight = scale · value. int4:
/// sixty-four bytes a group, sixteen little-endian words of eight nibbles, nibble j of word i being column 16·j + i;
/// weight = scale · (nibble − zero).
struct isocost_weights {
    const unsigned char *values;
    /// bf16, `groups` a row.
    const uint16_t *scales;
    /// 0 … 15, `groups` a row; int4 only.
    const uint8_t *zeros;
    long columns, stride, groups;
    int format;
};

/// Widths of vector: four floats on every processor, eight with AVX2 and FMA, sixteen with AVX-512.
enum { ISOCOST_PORTABLE = 0, ISOCOST_AVX2 = 1, ISOCOST_AVX512 = 2 };

/// Whether this processor runs `unit`.
int isocost_supports(int unit);

/// `y`[r·`ystride` + n] = (or, if `accumulate`, +=) x[r] · w[n] for the weight rows `first` ≤ n < `last` and 1 to 4
/// contiguous rows of x, each as long as w has columns. Dequantised on the fly, every weight read once.
void isocost_product(
    int unit, const struct isocost_weights *w, const long range[2], const float *x, long rows, float *y, long ystride,
    int accumulate);

/// `count` columns of row `row` from `first` on, a multiple of the group, as floats.
void isocost_dequantise(int unit, const struct isocost_weights *w, long row, long first, long count, float *out);
