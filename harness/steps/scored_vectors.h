// The vectors that rows are computed from. With skip_bad, an item that one encoder cannot encode
// leaves the rows of all encoders of its data set.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "graph/step.h"
#include "steps/encode_step.h"
#include "steps/run_settings.h"

namespace musicrep {

struct ScoredEmbeddings {
  std::shared_ptr<const Embeddings> embeddings;  ///< of the remaining items
  std::string sha256;
};

/// What a row states about its vectors.
struct VectorFacts {
  std::string sha256;
  std::vector<std::string> notes;
};

/// Of the encodings of one plan, which must outlive it. Not to be used from several threads.
class ScoredVectors {
 public:
  explicit ScoredVectors(const RunSettings& settings) : settings_(settings) {}

  /// Rows use `step`.
  void add(const EncodeStep& step);
  [[nodiscard]] bool has(const EncodeStep& step) const;
  /// The other encodings of the data set, which decide with `step` what remains; none without
  /// skip_bad.
  [[nodiscard]] std::vector<const Step*> beside(const EncodeStep& step) const;

  /// `planned` without items that some encoder skipped. Throws DataError where nothing remains.
  const Dataset& remaining(const PreparedDataset& planned, const StepContext& context);
  /// What was left out, when the run was planned and by encoders.
  const std::vector<SkippedItem>& skipped(const PreparedDataset& planned,
                                          const StepContext& context);

  /// The vectors of the remaining items. The last ones asked for are kept. Throws as
  /// EncodeStep::vectors() does.
  std::shared_ptr<const ScoredEmbeddings> of(const EncodeStep& step, const StepContext& context);
  const VectorFacts& facts_of(const EncodeStep& step, const StepContext& context);

 private:
  struct Remaining {
    std::vector<SkippedItem> skipped;
    std::unique_ptr<Dataset> items;  // null: all
  };
  const Remaining& look(const PreparedDataset& planned, const StepContext& context);

  const RunSettings& settings_;
  std::vector<const EncodeStep*> steps_;
  std::map<const Dataset*, Remaining> remaining_;
  std::map<const EncodeStep*, VectorFacts> facts_;
  const EncodeStep* last_ = nullptr;
  std::shared_ptr<const ScoredEmbeddings> last_embeddings_;
};

}  // namespace musicrep
