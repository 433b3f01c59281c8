#include "planner/selection.h"

#include <algorithm>

#include "core/did_you_mean.h"
#include "musicrep/error.h"

namespace musicrep {

TableSelection::TableSelection(const Experiment& experiment, const PrepareOptions& options)
    : experiment_(experiment), options_(options) {
  std::vector<std::string> known;
  for (const EncoderSpec& encoder : experiment.encoders) known.push_back(encoder.label);
  for (const TaskSpec& task : experiment.tasks) known.push_back(task.name);
  for (const DiagnoseSpec& spec : experiment.diagnoses) {
    known.insert(known.end(), spec.datasets.begin(), spec.datasets.end());
  }
  for (const std::string& name : options.only) {
    if (std::ranges::find(known, name) == known.end()) {
      throw ConfigError("--only: " + unknown_name("encoder or task", name, known));
    }
  }
}

bool TableSelection::wants(const std::string& encoder, const std::string& task) const {
  return !options_.only_diagnoses && asked_for(encoder, task);
}

bool TableSelection::asked_for(const std::string& encoder, const std::string& other) const {
  if (options_.only.empty()) return true;
  return std::ranges::find(options_.only, encoder) != options_.only.end() ||
         std::ranges::find(options_.only, other) != options_.only.end();
}

std::vector<DiagnosedEncoder> TableSelection::diagnosed() const {
  std::vector<DiagnosedEncoder> out;
  for (const DiagnoseSpec& spec : experiment_.diagnoses) {
    const std::size_t n =
        options_.limit > 0 ? std::min(options_.limit, spec.n_clips) : spec.n_clips;
    for (const std::string& dataset : spec.datasets) {
      for (const std::string& encoder : spec.encoders) {
        if (asked_for(encoder, dataset)) out.push_back({dataset, encoder, n});
      }
    }
  }
  return out;
}

const TaskSpec& TableSelection::task(const std::string& name) const {
  return *std::ranges::find(experiment_.tasks, name, &TaskSpec::name);
}

}  // namespace musicrep
