// Text-music retrieval in the embedding space of one training of an encoder.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "evaluation/retrieve.h"
#include "graph/step.h"
#include "steps/results_part.h"
#include "steps/scored_vectors.h"

namespace musicrep {

inline constexpr const char* kRetrieveStep = "retrieve";

/// Throws DataError where what the encoder, or the one that makes its frames, may have learned from
/// shares an item or an artist with the items of a split; `what` is done with them.
void check_unseen(const EncodeStep& from, const Dataset& dataset, const std::string& split,
                  const std::string& what);

/// The canonical JSON of a retrieval's key. `space`: Encoding::space of the encoder.
std::string retrieval_key_json(const RunSettings& settings, const RetrievalTask& task,
                               const std::string& manifest_sha256, const std::string& space,
                               const std::string& embeddings_sha256);

class RetrieveStep final : public Step {
 public:
  RetrieveStep(const EncodeStep& from, const RetrievalTask& task, ScoredVectors& vectors,
               const RunSettings& settings);
  /// Once all encodings that rows use are planned.
  void wait_for_others() { mutable_facts().after = vectors_.beside(from_); }

  [[nodiscard]] bool is_stored(const ArtefactStore& store) const override;
  StepOutcome run(const StepContext& context) const override;
  /// The row of its training seed, without measures.
  [[nodiscard]] Retrieval row(const FinishedRun& run) const;
  [[nodiscard]] const Dataset& remaining(const StepContext& context) const;

 private:
  [[nodiscard]] std::string key_json_for(const StepContext& context,
                                         const std::string& embeddings_sha256) const;

  const EncodeStep& from_;
  RetrievalTask task_;
  ScoredVectors& vectors_;
  const RunSettings& settings_;
};

/// The row of all training seeds.
class RetrievalPart final : public ResultsPart {
 public:
  explicit RetrievalPart(std::vector<const RetrieveStep*> seeds) : seeds_(std::move(seeds)) {}
  void add_to(Results& results, const FinishedRun& run) const override;

 private:
  std::vector<const RetrieveStep*> seeds_;
};

}  // namespace musicrep
