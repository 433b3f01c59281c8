// The items that rows stand on: what one encoder cannot encode leaves the rows of all.
#pragma once

#include <map>
#include <vector>

#include "pipeline/encodings.h"
#include "pipeline/prepare.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

/// A plan's data sets without the items that were skipped. Plan and encodings must outlive it.
class RemainingItems {
 public:
  RemainingItems(const Plan& plan, Encodings& encodings)
      : plan_(plan), encodings_(encodings), skipped_(plan.skipped) {}

  /// With Plan::skip_bad, encodes what `of` (or any) data set is scored by, to know what is
  /// skipped: all encodings come first, the rows read them from the store. Throws DataError where
  /// nothing remains.
  void find(const Dataset* of = nullptr);

  [[nodiscard]] const Dataset& of(const Dataset& planned) const;
  [[nodiscard]] const std::vector<SkippedItem>& skipped(const Dataset& planned) const;

  /// The vectors of the remaining items. Throws as Encodings::of() does.
  Embeddings embeddings(const EncodeStep& step);

  /// `planned` with the remaining items in place of its data set's.
  [[nodiscard]] EvaluateStep on(const EvaluateStep& planned) const;

 private:
  const Plan& plan_;
  Encodings& encodings_;
  std::map<const Dataset*, std::vector<SkippedItem>> skipped_;
  std::map<const Dataset*, Dataset> remaining_;  // where encoders skipped items
};

}  // namespace musicrep
