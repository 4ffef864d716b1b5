#include "CKernels.h"

#define DECLARE(unit)                                                                                              \
    void isocost_##unit##_product(                                                                                 \
        const struct isocost_weights *w, const long range[2], const float *x, long rows, float *y, long ystride,   \
        int accumulate);                                                                                           \
    void isocost_##unit##_dequantise(const struct isocost_weights *w, long row, long first, long count, float *out);

DECLARE(portable)

#if defined(__x86_64__)

DECLARE(avx2)
DECLARE(avx512)

int isocost_supports(int unit) {
    __builtin_cpu_init();
    switch (unit) {
    case ISOCOST_PORTABLE: return 1;
    case ISOCOST_AVX2: return isocost_has_avx2();
    case ISOCOST_AVX512:
        return isocost_has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
            && __builtin_cpu_supports("avx512vl");
    default: return 0;
    }
}

#define CALL(name, ...)                                               \
    switch (unit) {                                                   \
    case ISOCOST_AVX512: isocost_avx512_##name(__VA_ARGS__); break;   \
    case ISOCOST_AVX2: isocost_avx2_##name(__VA_ARGS__); break;       \
    default: isocost_portable_##name(__VA_ARGS__);                    \
    }

#else

int isocost_supports(int unit) { return unit == ISOCOST_PORTABLE; }

#define CALL(name, ...) isocost_portable_##name(__VA_ARGS__)

#endif

void isocost_product(
    int unit, const struct isocost_weights *w, const long range[2], const float *x, long rows, float *y, long ystride,
    int accumulate) {
    CALL(product, w, range, x, rows, y, ystride, accumulate);
}

void isocost_dequantise(int unit, const struct isocost_weights *w, long row, long first, long count, float *out) {
    CALL(dequantise, w, row, first, count, out);
}
