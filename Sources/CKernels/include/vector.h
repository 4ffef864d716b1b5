/// The few instructions that Swift has no spelling for: prefetching, and eight-float multiply-adds in a program that
/// must also run where the processor lacks them. Everything else of the kernels is Swift.
#pragma once

/// Asks for the cache line at `address`, into the second-level cache, ahead of its use; never faults, whatever the
/// address.
static inline void isocost_prefetch(const void *address) { __builtin_prefetch(address, 0, 2); }

#if defined(__x86_64__)

typedef float isocost_eight __attribute__((vector_size(32), aligned(4)));

/// Whether this processor has AVX2 and FMA.
static inline int isocost_has_avx2(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

__attribute__((target("avx2,fma"))) static inline float isocost_sum(isocost_eight a) {
    return ((a[0] + a[4]) + (a[1] + a[5])) + ((a[2] + a[6]) + (a[3] + a[7]));
}

/// Products of four rows x[0..3] with two rows w[0..1], `count` long: `sums[2·i + j]` = x[i] · w[j]. Every sixteen
/// elements the same place `ahead` elements further in both w is asked for; 0 asks for nothing.
__attribute__((target("avx2,fma"))) static inline void isocost_dot_4x2(
    const float *const *x, const float *const *w, long count, long ahead, float *sums) {
    const float *x0 = x[0], *x1 = x[1], *x2 = x[2], *x3 = x[3], *w0 = w[0], *w1 = w[1];
    isocost_eight a0 = {0}, a1 = {0}, a2 = {0}, a3 = {0}, b0 = {0}, b1 = {0}, b2 = {0}, b3 = {0};
    long i = 0;
    for (; i + 8 <= count; i += 8) {
        if (ahead && (i & 15) == 0) {
            isocost_prefetch(w0 + ahead + i);
            isocost_prefetch(w1 + ahead + i);
        }
        isocost_eight u = *(const isocost_eight *)(w0 + i), v = *(const isocost_eight *)(w1 + i), y;
        y = *(const isocost_eight *)(x0 + i);
        a0 += u * y;
        b0 += v * y;
        y = *(const isocost_eight *)(x1 + i);
        a1 += u * y;
        b1 += v * y;
        y = *(const isocost_eight *)(x2 + i);
        a2 += u * y;
        b2 += v * y;
        y = *(const isocost_eight *)(x3 + i);
        a3 += u * y;
        b3 += v * y;
    }
    sums[0] = isocost_sum(a0), sums[1] = isocost_sum(b0), sums[2] = isocost_sum(a1), sums[3] = isocost_sum(b1);
    sums[4] = isocost_sum(a2), sums[5] = isocost_sum(b2), sums[6] = isocost_sum(a3), sums[7] = isocost_sum(b3);
    for (; i < count; i++) {
        sums[0] += x0[i] * w0[i], sums[1] += x0[i] * w1[i], sums[2] += x1[i] * w0[i], sums[3] += x1[i] * w1[i];
        sums[4] += x2[i] * w0[i], sums[5] += x2[i] * w1[i], sums[6] += x3[i] * w0[i], sums[7] += x3[i] * w1[i];
    }
}

/// `s` += Σ p[n]·v[n] and `t` += Σ r[n]·v[n] over `count` rows v[n] = `v` + n·`stride`, thirty-two elements of each.
__attribute__((target("avx2,fma"))) static inline void isocost_accumulate_2x32(
    const float *v, long stride, long count, const float *p, const float *r, float *s, float *t) {
    isocost_eight *a = (isocost_eight *)s, *b = (isocost_eight *)t;
    isocost_eight a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], b0 = b[0], b1 = b[1], b2 = b[2], b3 = b[3];
    for (long n = 0; n < count; n++, v += stride) {
        const isocost_eight *row = (const isocost_eight *)v;
        isocost_eight q = {p[n], p[n], p[n], p[n], p[n], p[n], p[n], p[n]};
        isocost_eight z = {r[n], r[n], r[n], r[n], r[n], r[n], r[n], r[n]};
        a0 += q * row[0];
        b0 += z * row[0];
        a1 += q * row[1];
        b1 += z * row[1];
        a2 += q * row[2];
        b2 += z * row[2];
        a3 += q * row[3];
        b3 += z * row[3];
    }
    a[0] = a0, a[1] = a1, a[2] = a2, a[3] = a3, b[0] = b0, b[1] = b1, b[2] = b2, b[3] = b3;
}

#else

static inline int isocost_has_avx2(void) { return 0; }
static inline void isocost_dot_4x2(
    const float *const *x, const float *const *w, long count, long ahead, float *sums) {}
static inline void isocost_accumulate_2x32(
    const float *v, long stride, long count, const float *p, const float *r, float *s, float *t) {}

#endif
