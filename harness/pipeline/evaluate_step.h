// One cell of a run: found in the store or scored.
#pragma once

#include <cstdint>
#include <string>

#include "pipeline/prepare.h"
#include "pipeline/run.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

/// A row as the store has it: what the experiment calls its encoder is the caller's to fill in.
struct EvaluatedCell {
  ResultRow row;
  std::string key;  ///< of the evaluation
  bool was_stored = false;
};

/// The row of `step` on `embeddings`, whose sha256_of() is given; scored and stored where `store`
/// does not hold it. What cannot be scored becomes a row with the reason, and is not stored. Bits
/// do not depend on options.jobs.
EvaluatedCell evaluate_cell(const Plan& plan, const EvaluateStep& step,
                            const Embeddings& embeddings, const std::string& embeddings_sha256,
                            const ArtefactStore& store, const RunOptions& options,
                            RunProgress& progress);

}  // namespace musicrep
