// Which parts of an experiment a plan is for.
#pragma once

#include <string>
#include <vector>

#include "experiment/experiment.h"
#include "planner/prepare.h"

namespace musicrep {

/// One encoder of a [[diagnose]] table on one data set.
struct DiagnosedEncoder {
  std::string dataset;
  std::string encoder;
  std::size_t n_clips = 0;
};

/// What PrepareOptions leave of `experiment`; both must outlive it.
class TableSelection {
 public:
  /// Throws ConfigError where options.only names nothing of the experiment.
  TableSelection(const Experiment& experiment, const PrepareOptions& options);

  /// Whether `encoder` is scored on `task` (or on any, where it is empty).
  [[nodiscard]] bool wants(const std::string& encoder, const std::string& task) const;
  [[nodiscard]] std::vector<DiagnosedEncoder> diagnosed() const;
  [[nodiscard]] const TaskSpec& task(const std::string& name) const;

 private:
  [[nodiscard]] bool asked_for(const std::string& encoder, const std::string& other) const;
  const Experiment& experiment_;
  const PrepareOptions& options_;
};

}  // namespace musicrep
