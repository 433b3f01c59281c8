// Runs a prepared plan: encode, evaluate, compare.
#pragma once

#include <cstddef>
#include <string>

#include "pipeline/prepare.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

/// What becomes of steps whose output is stored already.
enum class OverwriteStrategy {
  kAlways,       ///< they are run again
  kNever,        ///< they are taken, and an existing results file is an error before work begins
  kOnlyMissing,  ///< they are taken
};

/// Told of a run's progress, from any thread, one call at a time.
class RunProgress {
 public:
  virtual ~RunProgress() = default;
  RunProgress() = default;
  RunProgress(const RunProgress&) = delete;
  RunProgress& operator=(const RunProgress&) = delete;
  /// How many steps there will be.
  virtual void plan(std::size_t n_steps) = 0;
  virtual void begin(const std::string& step) = 0;
  /// So many of so many fits or items of the step's present batch are done.
  virtual void update(std::size_t done, std::size_t total) = 0;
  /// The step is over: run, taken from the store, or refused with a reason.
  virtual void end(const std::string& outcome) = 0;
};

struct RunOptions {
  std::size_t jobs = 1;
  OverwriteStrategy overwrite = OverwriteStrategy::kOnlyMissing;
};

/// Runs every step of `plan` that `store` does not hold. A cell whose protocol cannot be run, or
/// whose evaluation fails on its data, becomes a row with the reason. Bits do not depend on
/// options.jobs. Throws Error(kInterrupted) when asked to stop: finished steps stay stored.
Results run(const Plan& plan, const EncoderRegistry& registry, const ArtefactStore& store,
            const RunOptions& options, RunProgress& progress);

}  // namespace musicrep
