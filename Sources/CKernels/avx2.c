#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define NAME(x) isocost_avx2_##x
#include "product.h"
#pragma clang attribute pop
#endif
