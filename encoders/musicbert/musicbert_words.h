// Words that every vocabulary has. The standard library alone.
#pragma once

#include <cstdint>

namespace musicrep {

/// Their numbers; those of the texts' words follow.
enum MusicbertWord : std::int64_t {
  kPadWord,
  kClsWord,
  kSepWord,
  kMaskWord,
  kUnknownWord,
  kFirstWord,
};

}  // namespace musicrep
