#include "planner/prepare.h"

#include <utility>

#include "planner/cell_planner.h"
#include "planner/loaded_datasets.h"
#include "planner/problem_collector.h"
#include "planner/selection.h"
#include "planner/step_planner.h"

namespace musicrep {
namespace {

std::unique_ptr<RunSettings> settings_of(const Experiment& experiment,
                                         const PrepareOptions& options) {
  auto out = std::make_unique<RunSettings>();
  out->experiment = experiment.name;
  out->folder = experiment.file.parent_path();
  out->seed = options.seed.value_or(experiment.seed);
  out->limit = options.limit;
  out->solver = options.solver;
  out->skip_bad = options.skip_bad;
  return out;
}

}  // namespace

Plan prepare(Experiment experiment, const EncoderRegistry& registry,
             const PrepareOptions& options) {
  Plan plan;
  plan.experiment = std::move(experiment);
  for (const auto& [label, command] : options.commands) {
    add_command(plan.experiment, label, command, std::filesystem::current_path());
  }
  plan.settings = settings_of(plan.experiment, options);
  plan.only = options.only;
  plan.only_diagnoses = options.only_diagnoses;
  plan.vectors = std::make_unique<ScoredVectors>(*plan.settings);

  ProblemCollector problems(plan.experiment.file.string() + ":");
  const TableSelection selection(plan.experiment, options);
  LoadedDatasets datasets({plan.experiment, registry, options, selection}, plan.datasets, problems);
  StepPlanner vectors(plan, registry, options, datasets);
  CellPlanner cells(plan, registry, selection, datasets, vectors, problems);
  cells.find_protocols();
  problems.throw_if_any();
  datasets.check_audio(problems);
  cells.plan_tables();
  problems.throw_if_any();
  cells.check_evaluations();
  problems.throw_if_any();
  cells.finish();
  problems.throw_if_any();
  return plan;
}

Plan prepare(const std::filesystem::path& experiment_file, const EncoderRegistry& registry,
             const PrepareOptions& options) {
  return prepare(read_experiment(experiment_file), registry, options);
}

}  // namespace musicrep
