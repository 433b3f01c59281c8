// What the steps of a run add to its results.
#pragma once

#include "graph/step.h"
#include "store/results.h"

namespace musicrep {

/// A run that is over.
struct FinishedRun {
  const StepContext& context;
  const Outcomes& outcomes;
};

/// One or several steps' part of the results: a row, a diagnosis, a data set's record.
class ResultsPart {
 public:
  virtual ~ResultsPart() = default;
  ResultsPart() = default;
  ResultsPart(const ResultsPart&) = delete;
  ResultsPart& operator=(const ResultsPart&) = delete;
  virtual void add_to(Results& results, const FinishedRun& run) const = 0;
};

}  // namespace musicrep
