// Which kernels OpenBLAS, ATen and oneDNN compute with.
//
// Each of the three picks kernels by the processor, and sums in another order in each: trainings
// differ on another processor. OpenBLAS 0.3.21 moreover knows no processor that came
// after it and takes kernels of 2004 there. So programs pin the kernels that every x86-64-v3
// processor has.
#pragma once

#include <map>
#include <string>

namespace musicrep {

/// Chooses the kernels: "portable" (as without it) or "native", the libraries' own choice.
inline constexpr const char* kKernelsVariable = "MUSICREP_KERNELS";

/// What this process computes with.
struct Kernels {
  /// "portable"; "native"; or "changed" where the environment sets other kernels itself.
  std::string mode;
  /// Why it is not what was asked for; empty: it is.
  std::string note;
  /// OPENBLAS_CORETYPE, ATEN_CPU_CAPABILITY and ONEDNN_MAX_CPU_ISA, as far as they are set.
  std::map<std::string, std::string> variables;
};

/// Known from the start of the program on: the libraries read their variables while they are
/// loaded, so a program without them starts itself again with them, before main(). Every program
/// with OpenBLAS or LibTorch in it does.
const Kernels& kernels();

/// For people: "portable: OPENBLAS_CORETYPE=Haswell ...".
std::string kernels_text();

/// For keys of steps: the same text for the same kernels, whatever the processor where they are
/// portable. What "native" stands for hangs on the processor, which is not in it.
std::string kernels_key();

}  // namespace musicrep
