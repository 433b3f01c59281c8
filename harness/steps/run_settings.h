// What all steps of a plan share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "probe/fit.h"
#include "provenance/code_hash.h"

namespace musicrep {

struct RunSettings {
  std::string experiment;        ///< its name
  std::filesystem::path folder;  ///< of the experiment file
  std::uint64_t seed = 1;
  std::size_t limit = 0;  ///< this many items of each data set that is scored; 0: all
  Solver solver = Solver::kOwn;
  bool skip_bad = false;  ///< go on without items that cannot be decoded or encoded
  /// Hashes of the code that steps run, in their keys: the store is not asked for what other code
  /// has made.
  std::string scoring_code = scoring_code_sha256();
  std::string diagnosis_code = diagnosis_code_sha256();
};

}  // namespace musicrep
