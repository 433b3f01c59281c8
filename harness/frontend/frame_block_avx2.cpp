#define MUSICREP_ISA avx2
#include "frontend/frame_block.inc"
