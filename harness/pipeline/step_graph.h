// The steps of a plan as a graph: what each takes, what it leaves in the store, whether that is
// there. A run on one machine and an engine on many do these same steps.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/prepare.h"
#include "pipeline/shards.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

// What a step does, beside kMakeStep, kTrainStep, kEncodeStep and kEvaluateStep.
inline constexpr const char* kShardStep = "shard";  ///< encodes some of a data set's items
inline constexpr const char* kRetrieveStep = "retrieve";
inline constexpr const char* kDiagnoseStep = "diagnose";
inline constexpr const char* kSweepStep = "sweep";
inline constexpr const char* kAssembleStep = "assemble";  ///< results and report of all others

/// One step of a plan.
struct PlannedStep {
  /// SHA-256 of all that can change its output: the key under which that is stored, where this is
  /// known ahead. Steps on vectors are stored under a key that holds the vectors' hash; theirs here
  /// holds the key of the vectors. Empty where the step cannot be run.
  std::string key = {};
  std::string key_json = {};  ///< the canonical JSON that it is the hash of; empty: of no JSON
  std::string what = {};
  std::string text = {};     ///< the rest, for people
  std::string refusal = {};  ///< why it cannot be run; empty: it can
  /// Place in the plan of what it is about: in datasets (make), fits, encodes (encode and shard),
  /// evaluations, retrievals, diagnoses, or among sweep_steps().
  std::size_t place = 0;
  ItemRange items = {};                   ///< of a shard
  std::vector<ItemRange> shards = {};     ///< that an encoding is merged of; empty: it is whole
  std::vector<std::string> needs = {};    ///< keys of the steps whose outputs it takes
  std::vector<std::string> outputs = {};  ///< files in the store's folder, as far as known ahead
  std::string state = {};  ///< "stored", "to do", "not needed", or why it cannot be run
  bool to_do = false;
  std::optional<StepCost> cost = {};  ///< where something is known to judge it by
};

/// How encodings are cut.
struct Sharding {
  std::size_t n_items = 0;                     ///< of each shard; 0: encodings stay whole
  std::map<std::string, std::size_t> of = {};  ///< by an encoding's key, instead of n_items
};

/// Every step of `plan` in the order in which they are told of, each once; the last one, which
/// assembles the results, takes all others. States and costs are not filled in.
std::vector<PlannedStep> step_graph(const Plan& plan, const Sharding& sharding);

/// Whether the output of `step` is in the store. The last step has none there.
bool is_stored(const Plan& plan, const PlannedStep& step, const ArtefactStore& store);

}  // namespace musicrep
