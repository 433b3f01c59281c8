// What stands beside results.h5, and where that is.
#pragma once

#include <filesystem>
#include <string>

#include "store/results.h"

namespace musicrep::cli {

/// A results file as a user names it: the file, or the folder that holds results.h5. Throws
/// DataError where there is none.
std::filesystem::path results_file(const std::string& file_or_folder);

/// Writes what is made of results.h5 for readers: report.md with its figures, table.csv.
void write_reports(const Results& results, const std::filesystem::path& folder);

}  // namespace musicrep::cli
