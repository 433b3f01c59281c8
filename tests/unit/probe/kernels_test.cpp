#include "core/kernels.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>

#include "probe/fit.h"

namespace musicrep {
namespace {

TEST_CASE(
    "a program with BLAS in it has portable kernels from its start, where nothing else is set") {
  if (__builtin_cpu_supports("avx2") == 0 || std::getenv(kKernelsVariable) != nullptr) {
    WARN("SKIPPED: kernels are chosen otherwise here");
    return;
  }
  CHECK(kernels().mode == "portable");
  CHECK(kernels_key() == "portable");
  CHECK(kernels_text() ==
        "portable: ATEN_CPU_CAPABILITY=avx2 ONEDNN_MAX_CPU_ISA=AVX2 OPENBLAS_CORETYPE=Haswell");
  CHECK(blas_description().find("Haswell") != std::string::npos);
}

}  // namespace
}  // namespace musicrep
