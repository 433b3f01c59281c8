#include "experiment/experiment_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/did_you_mean.h"
#include "evaluation/zero_shot.h"
#include "experiment/deform_tables.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

template <typename T, typename Name>
std::vector<std::string> names_of(const std::vector<T>& list, Name name) {
  std::vector<std::string> out;
  for (const T& entry : list) out.push_back(std::invoke(name, entry));
  return out;
}

void check_used(Problems& problems, const std::string& where, const char* what,
                const std::vector<std::string>& used, const std::vector<std::string>& defined) {
  for (const std::string& name : used) {
    if (std::ranges::find(defined, name) == defined.end()) {
      problems.add(fmt::format("{}: {}", where, unknown_name(what, name, defined)));
    }
  }
}

// A row that is in a table twice would be compared with itself, and be corrected for.
void check_duplicate_rows(Problems& problems, const Experiment& experiment) {
  std::set<std::tuple<std::string, std::string, std::string>> rows;
  for (const EvaluationSpec& evaluation : experiment.evaluations) {
    for (const std::string& task : evaluation.tasks) {
      for (const std::string& encoder : evaluation.encoders) {
        for (const std::string& protocol : evaluation.protocols) {
          if (rows.insert({task, encoder, protocol}).second) continue;
          problems.add(fmt::format(
              "[[evaluate]]: encoder '{}' with task '{}' and protocol '{}' is listed twice",
              encoder, task, protocol));
        }
      }
    }
  }
}

template <typename Names>
void check_zero_shots(Problems& problems, const Experiment& experiment, const Names& tasks,
                      const Names& encoders) {
  std::set<std::pair<std::string, std::string>> rows;
  for (const ZeroShotSpec& spec : experiment.zero_shots) {
    check_used(problems, "[[zero_shot]]", "task", spec.tasks, tasks);
    check_used(problems, "[[zero_shot]]", "encoder", spec.encoders, encoders);
    for (const std::string& task : spec.tasks) {
      for (const std::string& encoder : spec.encoders) {
        if (rows.insert({task, encoder}).second) continue;
        problems.add(fmt::format("[[zero_shot]]: encoder '{}' with task '{}' is listed twice",
                                 encoder, task));
      }
    }
  }
}

}  // namespace

void check_experiment(const Experiment& experiment) {
  Problems problems;
  const auto datasets = names_of(experiment.datasets, &DatasetSpec::name);
  const auto tasks = names_of(experiment.tasks, &TaskSpec::name);
  const auto encoders = names_of(experiment.encoders, &EncoderSpec::label);
  for (const TaskSpec& task : experiment.tasks) {
    check_used(problems, fmt::format("[task.{}]", task.name), "data set", {task.dataset}, datasets);
  }
  std::set<std::string> protocols;
  for (const EvaluationSpec& evaluation : experiment.evaluations) {
    check_used(problems, "[[evaluate]]", "task", evaluation.tasks, tasks);
    check_used(problems, "[[evaluate]]", "encoder", evaluation.encoders, encoders);
    protocols.insert(evaluation.protocols.begin(), evaluation.protocols.end());
  }
  check_duplicate_rows(problems, experiment);
  for (const RetrievalSpec& retrieval : experiment.retrievals) {
    check_used(problems, "[[retrieve]]", "data set", {retrieval.dataset}, datasets);
    check_used(problems, "[[retrieve]]", "encoder", retrieval.encoders, encoders);
  }
  check_zero_shots(problems, experiment, tasks, encoders);
  if (!experiment.zero_shots.empty()) protocols.insert(kZeroShotProtocol);
  for (const SweepSpec& sweep : experiment.sweeps) {
    for (const std::string& encoder : sweep.encoders) {
      check_has_row(problems, experiment, "[[sweep]]", {encoder, sweep.task, sweep.protocol});
    }
  }
  check_deforms(problems, experiment);
  for (const PublishedSpec& published : experiment.published) {
    check_used(problems, "[[published]]", "task", {published.task}, tasks);
    check_used(problems, "[[published]]", "encoder", {published.encoder}, encoders);
    check_used(problems, "[[published]]", "protocol", {published.protocol},
               {protocols.begin(), protocols.end()});
  }
  for (const ClaimSpec& claim : experiment.claims) {
    if (!claim.unobtainable.empty()) continue;
    const std::string where = fmt::format("[[claim]] \"{}\"", claim.text);
    if (claim.measure.empty()) {
      check_used(problems, where, "task", {claim.task}, tasks);
      check_used(problems, where, "protocol", {claim.protocol},
                 {protocols.begin(), protocols.end()});
    } else {
      check_used(problems, where, "data set", {claim.dataset}, datasets);
    }
    for (const ClaimSide* side : {&claim.higher, &claim.lower}) {
      if (!side->number) check_used(problems, where, "encoder", {side->encoder}, encoders);
    }
  }
  std::set<std::pair<std::string, std::string>> diagnosed;
  for (const DiagnoseSpec& diagnosis : experiment.diagnoses) {
    check_used(problems, "[[diagnose]]", "data set", diagnosis.datasets, datasets);
    check_used(problems, "[[diagnose]]", "encoder", diagnosis.encoders, encoders);
    for (const std::string& dataset : diagnosis.datasets) {
      for (const std::string& encoder : diagnosis.encoders) {
        if (diagnosed.insert({dataset, encoder}).second) continue;
        problems.add(fmt::format("[[diagnose]]: encoder '{}' on data set '{}' is listed twice",
                                 encoder, dataset));
      }
    }
  }
  if (experiment.evaluations.empty() && experiment.diagnoses.empty() &&
      experiment.retrievals.empty() && experiment.zero_shots.empty()) {
    problems.add(
        "nothing to do: expected at least one [[evaluate]], [[retrieve]], [[zero_shot]] or "
        "[[diagnose]] table");
  }
  problems.throw_if_any<ConfigError>(experiment.file.string() + ":");
}

}  // namespace musicrep
