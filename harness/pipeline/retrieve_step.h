// Retrievals of a run: planned, found in the store or made, seeds put together.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/prepare.h"
#include "pipeline/run.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

/// Throws DataError where what the step's encoder, or the one that makes its frames, may have
/// learned from shares an item or an artist with what is to be found.
void check_retrieval_corpora(const Plan& plan, const RetrieveStep& step);

/// The key of a retrieval on embeddings with this hash, and the JSON that it is the hash of.
std::string retrieval_key_json(const Plan& plan, const RetrieveStep& step,
                               const std::string& embeddings_sha256);

/// What a retrieval needs of the run that it is part of.
struct RetrievalSources {
  /// The vectors of a step's items, and the data set without items that were skipped.
  std::function<Embeddings(const EncodeStep&)> embeddings;
  std::function<const Dataset&(const Dataset&)> remaining;
  std::function<std::shared_ptr<Encoder>(const EncodeStep&)> encoder;  ///< ready to encode
};

/// The row of one training seed, without measures.
Retrieval run_retrieval(const Plan& plan, const RetrieveStep& step, const RetrievalSources& sources,
                        const ArtefactStore& store, const RunOptions& options,
                        RunProgress& progress);

/// Runs every retrieval of the plan that `store` does not hold. One that cannot be run becomes a
/// row with the reason. Bits do not depend on options.jobs.
std::vector<Retrieval> run_retrievals(const Plan& plan, const RetrievalSources& sources,
                                      const ArtefactStore& store, const RunOptions& options,
                                      RunProgress& progress);

}  // namespace musicrep
