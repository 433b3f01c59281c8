#define MUSICREP_ISA avx2
#include "tlm/tlm_block.inc"
