// One cell of a table under one training seed: the vectors of an encoder scored under a protocol.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evaluation/evaluate.h"
#include "graph/step.h"
#include "steps/results_part.h"
#include "steps/scored_vectors.h"

namespace musicrep {

/// The canonical JSON of an evaluation's key. `embeddings_sha256`: of the vectors of the items of
/// task.dataset, whose manifest is given.
std::string evaluation_key_json(const RunSettings& settings, const Task& task,
                                const Protocol& protocol, const std::string& manifest_sha256,
                                const std::string& embeddings_sha256);

/// A step whose outcome is one row of a table under one training seed.
class RowStep : public Step {
 public:
  /// The row once it has been run or refused.
  [[nodiscard]] virtual ResultRow row(const FinishedRun& run) const = 0;
  /// Once all encodings that rows use are planned.
  void wait_for_others() { mutable_facts().after = vectors_.beside(from_); }

 protected:
  /// `task` is on the data set of `from`, whose vectors `vectors` gives.
  RowStep(const EncodeStep& from, Task task, ScoredVectors& vectors, const RunSettings& settings)
      : from_(from), task_(std::move(task)), vectors_(vectors), settings_(settings) {}
  /// Names of data set and encoder, hash and notes of the vectors, groups of the items; notes on
  /// what was left out of these, `planned` ones, and on a limit. A stored row may be of the same
  /// data and encoder by other names.
  void add_origin(ResultRow& row, const FinishedRun& run,
                  const std::vector<std::string>& planned = {}) const;

  const EncodeStep& from_;
  Task task_;
  ScoredVectors& vectors_;
  const RunSettings& settings_;
};

class EvaluateStep final : public RowStep {
 public:
  /// `task` is on the data set of `from`, whose vectors `vectors` gives.
  EvaluateStep(const EncodeStep& from, Task task, const Protocol& protocol, ScoredVectors& vectors,
               const RunSettings& settings);

  [[nodiscard]] const EncodeStep& from() const { return from_; }
  [[nodiscard]] const Task& task() const { return task_; }
  [[nodiscard]] const Protocol& protocol() const { return protocol_; }
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }
  /// The protocol cannot be run on this data: the row says why.
  void refuse(const std::string& reason) { mutable_facts().refusal = reason; }
  /// What was found out when the run was planned, for the row.
  void add_note(const std::string& note) { notes_.push_back(note); }

  [[nodiscard]] bool is_stored(const ArtefactStore& store) const override;
  StepOutcome run(const StepContext& context) const override;
  [[nodiscard]] ResultRow row(const FinishedRun& run) const override;
  /// What evaluate() gave, stored or made now, for steps that start from it.
  [[nodiscard]] ResultRow scored(const StepContext& context) const;

 private:
  [[nodiscard]] std::string key_json_for(const StepContext& context,
                                         const std::string& embeddings_sha256) const;
  [[nodiscard]] ResultRow scored_or_refused(const FinishedRun& run) const;

  const Protocol& protocol_;
  std::vector<std::string> notes_;
};

/// A cell that is left empty because something that it needs is not on this machine.
struct MissingCell {
  std::string encoder;  ///< label in the experiment
  std::string kind;
  std::string version;
  std::string task;
  std::string dataset;
  std::string protocol;
  std::string reason;  ///< what is not there, and how to get it
};

/// Stands for it among the steps: it is refused.
class MissingStep final : public Step {
 public:
  explicit MissingStep(const MissingCell& cell);
  [[nodiscard]] bool is_stored(const ArtefactStore&) const override { return false; }
  StepOutcome run(const StepContext& context) const override;
};

/// The row of one cell: of the steps of all its training seeds, or empty with the reason.
class RowPart final : public ResultsPart {
 public:
  explicit RowPart(std::vector<const RowStep*> seeds) : seeds_(std::move(seeds)) {}
  explicit RowPart(MissingCell missing) : missing_(std::move(missing)) {}
  void add_to(Results& results, const FinishedRun& run) const override;

 private:
  std::vector<const RowStep*> seeds_;
  MissingCell missing_;
};

}  // namespace musicrep
