#include "core/memory.h"

#include <malloc.h>

namespace musicrep {
namespace {

// Larger blocks than this are rare and made once; they are mapped and returned.
constexpr int kLargestKept = 1 << 30;
constexpr int kGrowth = 64 << 20;

[[gnu::constructor]] void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, kLargestKept);
  mallopt(M_TRIM_THRESHOLD, kLargestKept);
  mallopt(M_TOP_PAD, kGrowth);
}

}  // namespace

void release_freed_memory() { malloc_trim(0); }

}  // namespace musicrep

/// As musicrep_kernels_pinned is.
extern "C" const char musicrep_freed_memory_kept = 1;
