// Audio, artists and texts of clips for report.html.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

#include "planner/plan.h"
#include "report/html/page.h"
#include "store/results.h"

namespace musicrep::cli {

struct PageAudioOptions {
  std::filesystem::path folder;  ///< of report.html: links are relative to it
  /// So many clips of each data set are in the page itself, with their spectrograms: those that
  /// most encoders are wrong about.
  std::size_t n_embedded = 0;
};

/// Of the data sets of a plan whose audio is used.
ClipsOfDatasets clips_of_plan(const Plan& plan, const Results& results,
                              const PageAudioOptions& options);

/// The same where there are results alone: loads the data sets that their experiment names, those
/// whose audio was used. One that is not here has the reason instead of audio.
ClipsOfDatasets clips_of_results(const Results& results, const PageAudioOptions& options,
                                 const std::optional<std::filesystem::path>& data_dir,
                                 const std::filesystem::path& cache);

}  // namespace musicrep::cli
