#define MUSICREP_ISA baseline
#include "tlm/tlm_first.inc"
