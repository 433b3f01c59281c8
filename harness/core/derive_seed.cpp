// Apart from random.cpp, which gpu_check builds with a compiler alone: this needs a hash.
#include <string>

#include "core/hash.h"
#include "core/random.h"

namespace musicrep {

std::uint64_t derive_seed(std::uint64_t master_seed, std::string_view step) {
  Sha256 hash;
  hash.update_text(std::to_string(master_seed)).update_text(step);
  return std::stoull(hash.hex().substr(0, 16), nullptr, 16);
}

}  // namespace musicrep
