#define MUSICREP_ISA baseline
#include "frontend/frame_block.inc"
