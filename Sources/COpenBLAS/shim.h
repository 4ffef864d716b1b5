#include <cblas.h>
#include "vector.h"
