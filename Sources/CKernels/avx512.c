#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx2,fma"))), apply_to = function)
#define LANES 16
#define NAME(x) isocost_avx512_##x
#include "product.h"
#pragma clang attribute pop
#endif
