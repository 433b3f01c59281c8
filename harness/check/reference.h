// A reference on disk: results.h5, and tolerances.toml next to it.
#pragma once

#include <filesystem>

#include "check/tolerances.h"
#include "store/results.h"

namespace musicrep {

/// The file next to a reference's results.h5.
inline constexpr const char* kTolerancesFile = "tolerances.toml";

/// What others are checked against.
struct Reference {
  Results results;
  Tolerances tolerances;
};

/// Reads a reference by its results file. Without tolerances next to it, or where it is
/// of an earlier version of the statistics, they are derived. Throws
/// DataError where those that are there belong to other results.
Reference read_reference(const std::filesystem::path& results_file);

}  // namespace musicrep
