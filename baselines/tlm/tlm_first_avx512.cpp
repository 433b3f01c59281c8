#define MUSICREP_ISA avx512
#include "tlm/tlm_first.inc"
