#define MUSICREP_ISA baseline
#include "probe/simd_loops.inc"
