#include "tlm/tlm_block.h"

namespace musicrep::tlm {

namespace baseline {
void run_block(const BlockTask& task);
}
#if defined(__x86_64__)
namespace avx2 {
void run_block(const BlockTask& task);
}
namespace avx512 {
void run_block(const BlockTask& task);
}
#endif

std::vector<std::pair<std::string, BlockFunction>> block_functions() {
  std::vector<std::pair<std::string, BlockFunction>> out = {{"baseline", baseline::run_block}};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) out.emplace_back("avx2", avx2::run_block);
  if (__builtin_cpu_supports("avx512f")) out.emplace_back("avx512", avx512::run_block);
#endif
  return out;
}

BlockFunction block_function() {
  static const BlockFunction widest = block_functions().back().second;
  return widest;
}

}  // namespace musicrep::tlm
