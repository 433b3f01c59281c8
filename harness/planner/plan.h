// A checked plan: what an experiment asks for as steps, and what they add to its results.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "experiment/experiment.h"
#include "graph/step.h"
#include "protocols/protocol.h"
#include "steps/diagnose_step.h"
#include "steps/encode_step.h"
#include "steps/evaluate_step.h"
#include "steps/prepared_dataset.h"
#include "steps/results_part.h"
#include "steps/retrieve_step.h"
#include "steps/zero_shot_step.h"
#include "steps/run_settings.h"
#include "steps/scored_vectors.h"
#include "steps/train_step.h"

namespace musicrep {

struct Plan {
  Experiment experiment;
  std::unique_ptr<RunSettings> settings;  ///< steps refer to it
  std::vector<std::string> only;          ///< PrepareOptions::only; empty: all
  bool only_diagnoses = false;
  std::vector<std::unique_ptr<PreparedDataset>> datasets;
  std::vector<std::unique_ptr<Protocol>> protocols;
  std::unique_ptr<ScoredVectors> vectors;
  std::vector<std::unique_ptr<Step>> steps;  ///< each after those that it needs
  std::vector<std::unique_ptr<ResultsPart>> parts;
  // Of `steps`, those of some kinds.
  std::vector<const TrainStep*> trainings;
  std::vector<EncodeStep*> encodings;
  std::vector<const EvaluateStep*> evaluations;
  std::vector<const RetrieveStep*> retrievals;
  std::vector<const DiagnoseStep*> diagnoses;
  /// Encodings whose vectors nobody takes: their encoders' layers are diagnosed.
  std::vector<std::unique_ptr<EncodeStep>> not_encoded;
};

/// Of all steps that give vectors, and of Plan::not_encoded.
std::vector<const Encoding*> all_encodings(const Plan& plan);

/// The step of `plan` that gives vectors of the encoder `label`, of any data set; null: none.
const EncodeStep* find_encoding(const Plan& plan, const std::string& label);

/// How many items each shard of an encoding has, by the encoding's key.
using Sharding = std::map<std::string, std::size_t>;

/// Cuts the encodings of `sharding` into shards, which become steps of the plan. Encodings that
/// cannot be cut (cut()) stay whole and leave `sharding`.
void cut_encodings(Plan& plan, Sharding& sharding);

/// Shards of `n_items` each.
Sharding shards_of_items(const Plan& plan, std::size_t n_items);
/// Shards of about `seconds` each, estimated from measured costs; of kShardItems where none are
/// known.
Sharding shards_of_seconds(const Plan& plan, std::span<const StepCost> measured, double seconds);
inline constexpr std::size_t kShardItems = 1000;

/// Stands for writing the results: takes the output of every step that no other takes. It is not
/// run like others: assemble() does its work.
std::unique_ptr<Step> assemble_step(const Plan& plan);
inline constexpr const char* kAssembleStep = "assemble";

}  // namespace musicrep
