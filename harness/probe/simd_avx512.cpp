#define MUSICREP_ISA avx512
#include "probe/simd_loops.inc"
