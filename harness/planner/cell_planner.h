// The steps of a plan that use embeddings, and what all steps add to the results.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "planner/loaded_datasets.h"
#include "planner/plan.h"
#include "planner/problem_collector.h"
#include "planner/step_planner.h"
#include "steps/deform_step.h"

namespace musicrep {

/// Plans the tables of an experiment. All that it is constructed from must outlive it.
class CellPlanner {
 public:
  CellPlanner(Plan& plan, const EncoderRegistry& registry, const TableSelection& selection,
              const LoadedDatasets& datasets, StepPlanner& vectors, ProblemCollector& problems);

  /// Finds the protocols that [[evaluate]] names.
  void find_protocols();
  /// [[retrieve]], [[evaluate]], [[zero_shot]] and [[diagnose]], with the encodings that they use.
  void plan_tables();
  /// Refuses evaluations that the data does not allow, and those of items that were trained on.
  void check_evaluations();
  /// [[deform]], [[sweep]], fingerprints and descriptions; then moves all steps and parts into the
  /// plan.
  void finish();

 private:
  // What a protocol tests of a task, planned once for all encoders.
  struct Tested {
    std::string refusal;
    std::set<std::uint32_t> items;
  };

  void take_name(const std::string& written, const std::string& own);
  void plan_evaluations(const EvaluationSpec& spec);
  void plan_cell(const EvaluationSpec& spec, const TaskSpec& task, const std::string& protocol,
                 const std::string& label);
  void plan_retrieval(const RetrievalSpec& spec, const std::string& label);
  void plan_zero_shot(const ZeroShotSpec& spec, const std::string& task_name,
                      const std::string& label);
  void plan_diagnosis(const DiagnosedEncoder& diagnosed);
  void plan_sweep(const SweepSpec& spec, const std::string& label);
  void plan_deforms(const DeformSpec& spec);
  void plan_deformed(const Deformation& deformation, const std::vector<const EvaluateStep*>& rows);
  const Tested& tested(const EvaluateStep& step);
  void find_seen(EvaluateStep& step, const std::set<std::uint32_t>& tested);
  void add_parts_of_encodings();

  Plan& plan_;
  const EncoderRegistry& registry_;
  const TableSelection& selection_;
  const LoadedDatasets& datasets_;
  StepPlanner& vectors_;
  ProblemCollector& problems_;
  std::map<std::string, const Protocol*> protocol_by_name_;
  std::map<std::pair<std::string, const Protocol*>, Tested> tested_;
  std::set<std::string> failed_;  // pairs of encoder and data set that cannot be planned
  std::set<const EvaluateStep*>
      may_be_seen_;  // items that the encoder was trained on may be tested
  std::vector<std::unique_ptr<Step>> evaluations_;  // and cells that are missing
  std::vector<EvaluateStep*> cells_;
  std::vector<std::unique_ptr<RetrieveStep>> retrievals_;
  std::vector<std::unique_ptr<ZeroShotStep>> zero_shots_;
  std::vector<std::unique_ptr<DiagnoseStep>> diagnoses_;
  std::vector<std::unique_ptr<DeformStep>> deforms_;
  std::vector<std::unique_ptr<Step>> others_;
  std::vector<std::unique_ptr<ResultsPart>> parts_;
};

}  // namespace musicrep
