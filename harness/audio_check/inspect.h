// Everything that is wrong with a data set, and what it holds where nothing is.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "datasets/dataset.h"

namespace musicrep {

/// Over all audio of a data set.
struct AudioSummary {
  std::size_t n_files = 0;  ///< that could be decoded
  double hours = 0;
  double shortest_s = 0;
  double longest_s = 0;
  std::map<std::string, std::size_t> formats;  ///< "22050 Hz, mono": number of files
};

struct DataInspection {
  std::vector<std::string> errors;    ///< what makes items unusable
  std::vector<std::string> warnings;  ///< what a score may suffer from
  AudioSummary audio;
};

/// Decodes all audio of `dataset` on `jobs` threads (rendering it first where it is made here).
/// Errors: audio that cannot be decoded whole, or never moves. Warnings: clipped audio, items of
/// the same samples, groups that are in several splits, classes of one item. The result does not
/// depend on `jobs`. `progress` is called with (done, total), one call at a time.
DataInspection inspect_dataset(const Dataset& dataset, std::size_t jobs,
                               const std::function<void(std::size_t, std::size_t)>& progress);

}  // namespace musicrep
