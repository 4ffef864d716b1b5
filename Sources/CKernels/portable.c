// Four floats: one register on every processor that this builds for.
#define LANES 4
#define NAME(x) isocost_portable_##x
#include "product.h"
