#define MUSICREP_ISA avx2
#include "probe/simd_loops.inc"
