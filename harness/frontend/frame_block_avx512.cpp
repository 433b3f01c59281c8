#define MUSICREP_ISA avx512
#include "frontend/frame_block.inc"
