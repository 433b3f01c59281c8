// From an experiment to a checked plan: everything that can be wrong is reported before long work
// begins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "experiment/experiment.h"
#include "musicrep/registry.h"
#include "planner/plan.h"
#include "probe/fit.h"

namespace musicrep {

struct PrepareOptions {
  std::optional<std::filesystem::path> data_dir;  ///< replaces ${MUSICREP_DATA}
  std::size_t limit = 0;                          ///< this many items of each data set; 0: all
  std::optional<std::uint64_t> seed;              ///< instead of the experiment's
  /// Encoders added to the experiment's: label and command, which runs in the working folder.
  std::vector<std::pair<std::string, std::string>> commands;
  std::vector<std::string> only;  ///< encoder labels, task names, diagnosed data sets
  Solver solver = Solver::kOwn;
  /// Where corpora that are made here keep their audio, and the store of finished steps.
  std::filesystem::path cache;
  bool skip_bad = false;        ///< go on without items whose audio is bad, instead of refusing
  std::string device = "cpu";   ///< where networks are trained: "cpu" or "cuda"
  bool only_diagnoses = false;  ///< plan what [[diagnose]] tables need and nothing else
  /// Called with a data set's name and (done, in all) while its audio is checked; may be empty.
  std::function<void(const std::string&, std::size_t, std::size_t)> audio_progress;
};

/// Loads the experiment's data sets, constructs its encoders and lets them check their items,
/// decodes its audio once (check_audio), and finds its protocols. Throws ConfigError or DataError
/// with all problems found. A protocol that this data does not allow is not an error: its cell has
/// the reason.
Plan prepare(Experiment experiment, const EncoderRegistry& registry, const PrepareOptions& options);

/// The same of an experiment file.
Plan prepare(const std::filesystem::path& experiment_file, const EncoderRegistry& registry,
             const PrepareOptions& options);

}  // namespace musicrep
