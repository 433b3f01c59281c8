// `musicrep validate data`.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace musicrep::cli {

struct ValidateDataOptions {
  std::optional<std::filesystem::path> data_dir;  ///< replaces ${MUSICREP_DATA}
  std::vector<std::string> options;               ///< NAME=VALUE, for a kind of data set
  bool strict = false;                            ///< warnings count as errors
  bool quiet = false;
  std::size_t jobs = 1;
};

/// Prints what is wrong with every data set of the experiments or kinds `names`, or what they hold.
/// Returns an exit code: that of data where anything is wrong. Throws ConfigError where a name or
/// an option is not known.
int validate_data(const std::vector<std::string>& names, const ValidateDataOptions& options);

}  // namespace musicrep::cli
