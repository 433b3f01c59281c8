#include "nn/threads.h"

#include <ATen/Parallel.h>

#include "nn/self_check.h"

// Of OpenBLAS, which Debian's LibTorch calls through libblas.so.3 where it is installed; another
// BLAS has no such function.
extern "C" __attribute__((weak)) void openblas_set_num_threads(int);

namespace musicrep {

void use_one_thread() {
  if (at::get_num_threads() != 1) at::set_num_threads(1);
  if (openblas_set_num_threads != nullptr) openblas_set_num_threads(1);
  check_torch_computes();
}

}  // namespace musicrep
