// Small damages, the same for the same seed.
#pragma once

#include <string>

#include "core/random.h"

namespace musicrep::fuzz {

/// Longest input that a mutation makes.
inline constexpr std::size_t kLongest = 1 << 18;

/// `bytes` with one to four damages: bits, bytes and numbers changed, parts cut, doubled, moved.
std::string mutated(std::string bytes, Random& random);

}  // namespace musicrep::fuzz
