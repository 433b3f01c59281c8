// What steps cost: measured when they are run, kept beside what they made.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "datasets/dataset.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

/// Measures from its construction on. The most memory is that of the whole program, which one meter
/// at a time can watch.
class CostMeter {
 public:
  enum class Of { kProgram, kThread };  ///< whose processor time
  explicit CostMeter(Of of);
  /// wall_s, cpu_s and peak_mib filled in (peak_mib by a meter of the program alone).
  [[nodiscard]] StepCost cost() const;

 private:
  [[nodiscard]] double cpu_s() const;
  Of of_;
  std::chrono::steady_clock::time_point began_;
  double cpu_began_s_ = 0;
};

/// Most resident memory of this program so far, in MiB.
double peak_memory_mib();

/// Keeps what the step under `key` cost; of `cost`, the measured numbers alone. Best before what the
/// step made: whoever finds that stored never makes it again, nor measures.
void store_cost(const ArtefactStore& store, const std::string& key, const std::string& description,
                const StepCost& cost);
/// What store_cost() kept; empty: nothing.
std::optional<StepCost> stored_cost(const ArtefactStore& store, const std::string& key);
/// Forgets it.
void remove_cost(const ArtefactStore& store, const std::string& key);

/// Makes the audio of a data set that is made here, where it is not there yet; what that cost is
/// kept under Dataset::audio_sha256.
void make_audio(const Dataset& dataset, const ArtefactStore& store, std::size_t jobs,
                const std::function<void(std::size_t, std::size_t)>& told);

}  // namespace musicrep
