// Costs of steps: measured when they run, stored with their output.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

/// What a step's cost is in proportion to, and what its output takes.
struct StepSize {
  std::int64_t n = 0;  ///< items or training steps
  double disk_mib = 0;
};

/// Measures from its construction or restart() on. The most memory is that of the whole program,
/// which one meter at a time can watch.
class CostMeter {
 public:
  enum class Of { kProgram, kThread };  ///< whose processor time
  explicit CostMeter(Of of);
  void restart();
  /// wall_s, cpu_s and peak_mib so far (peak_mib by a meter of the program alone), and `size`.
  [[nodiscard]] StepCost cost(const StepSize& size) const;

 private:
  [[nodiscard]] double cpu_s() const;
  Of of_;
  std::chrono::steady_clock::time_point began_;
  double cpu_began_s_ = 0;
};

/// Most resident memory of this program so far, in MiB.
double peak_memory_mib();

/// Keeps what the step under `key` cost; of `cost`, the measured numbers alone. Best before what
/// the step made: whoever finds that stored never makes it again, nor measures.
void store_cost(const ArtefactStore& store, const std::string& key, const std::string& description,
                const StepCost& cost);
/// What store_cost() kept; empty: nothing.
std::optional<StepCost> stored_cost(const ArtefactStore& store, const std::string& key);
/// Forgets it.
void remove_cost(const ArtefactStore& store, const std::string& key);

}  // namespace musicrep
