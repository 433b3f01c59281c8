// The options of the kind "table", and the columns that they name.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "formats/csv.h"
#include "musicrep/encoder.h"

namespace musicrep {

inline constexpr const char* kTableOwner = "data set of kind 'table'";

/// As an experiment file gives them.
std::vector<OptionSpec> table_option_specs();

/// What can be wrong with the options alone. Throws ConfigError listing all of it.
void check_table_options(const Options& options);

/// Indices of the columns that the options name.
struct TableColumns {
  std::size_t id = 0;
  std::vector<std::size_t> labels;
  std::vector<std::size_t> targets;
  std::optional<std::size_t> tags;
  std::optional<std::size_t> text;
  std::optional<std::size_t> file;
  std::optional<std::size_t> file_sha256;
  std::optional<std::size_t> group;
  std::optional<std::size_t> split;
};

/// Throws DataError listing every column that is missing.
TableColumns find_table_columns(const CsvTable& table, const Options& options);

/// "train", "valid" and "test".
const std::vector<std::string>& split_names();

}  // namespace musicrep
