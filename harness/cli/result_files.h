// The files next to results.h5, and their paths.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "musicrep/registry.h"
#include "report/figures.h"
#include "report/known_works.h"
#include "report/html/page.h"
#include "store/results.h"

namespace musicrep::cli {

/// A results file as a user names it: the file, or the folder that holds results.h5. Throws
/// DataError where there is none.
std::filesystem::path results_file(const std::string& file_or_folder);

/// Works that the encoders of the registry, the kinds of data sets and the built-in protocols say
/// they are based on.
std::vector<KnownWork> known_works(const EncoderRegistry& registry);

struct ResultFileInput {
  const Results& results;
  const EncoderRegistry& registry;
  const Figures& figures;        ///< those next to report.md
  const ClipsOfDatasets& clips;  ///< audio that report.html links to or holds
};

/// What is made of results for readers.
struct ResultFile {
  std::string name;    ///< of the file next to results.h5; empty where a run does not write it
  std::string format;  ///< as `musicrep report --format` names it; empty where it does not write it
  std::string (*text)(const ResultFileInput& input);  ///< empty where there is nothing to write
};

/// In the order in which `musicrep report` lists their formats.
const std::vector<ResultFile>& result_files();

/// Writes all result_files() that have a name, and the figures of the report.
void write_reports(const Results& results, const EncoderRegistry& registry,
                   const ClipsOfDatasets& clips, const std::filesystem::path& folder);

}  // namespace musicrep::cli
