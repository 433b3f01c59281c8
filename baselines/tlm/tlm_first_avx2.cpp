#define MUSICREP_ISA avx2
#include "tlm/tlm_first.inc"
