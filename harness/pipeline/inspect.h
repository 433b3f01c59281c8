// Everything that is wrong with a data set, and what it holds where nothing is.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "datasets/dataset.h"

namespace musicrep {

/// What one audio file holds, decoded to its end.
struct AudioFacts {
  double sample_rate_hz = 0;
  std::size_t channels = 0;
  double duration_s = 0;
  bool is_constant = false;  ///< every sample has the value of the first: silence, mostly
  /// Share of the samples that stand at full scale three or more in a row: clipped.
  double clipped_share = 0;
  std::string sha256;  ///< of rate, channels and decoded samples
};

/// Decodes a file block by block; memory does not grow with its length. Throws DataError as
/// AudioReader does: damaged, truncated or no audio, a header that lies, samples that are no
/// numbers.
AudioFacts audio_facts(const std::filesystem::path& path);

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
/// the same samples, groups that stand in several splits, classes of one item. The result does not
/// depend on `jobs`. `progress` is told (done, in all), one call at a time.
DataInspection inspect_dataset(const Dataset& dataset, std::size_t jobs,
                               const std::function<void(std::size_t, std::size_t)>& progress);

}  // namespace musicrep
