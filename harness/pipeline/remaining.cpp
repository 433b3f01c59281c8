#include "pipeline/remaining.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/stop.h"
#include "musicrep/error.h"

namespace musicrep {

void RemainingItems::find(const Dataset* of) {
  if (!plan_.skip_bad) return;
  for (const EncodeStep& step : plan_.encodes) {
    throw_if_stop_requested();
    if (!step.refusal.empty() || !is_scored(plan_, step)) continue;
    if (of != nullptr && step.dataset != of) continue;
    Encoded encoded;
    try {
      encoded = encodings_.of(step);
    } catch (const ForeignFailure&) {
      continue;  // its rows will say so
    }
    std::vector<SkippedItem>& skipped = skipped_[step.dataset];
    for (const SkippedItem& item : encoded.skipped) {
      if (std::ranges::find(skipped, item.id, &SkippedItem::id) == skipped.end()) {
        skipped.push_back(item);
      }
    }
  }
  for (const auto& dataset : plan_.datasets) {
    std::vector<std::size_t> kept;
    const auto& left_out = skipped(*dataset);
    for (std::size_t i = 0; i < dataset->ids.size(); ++i) {
      if (std::ranges::find(left_out, dataset->ids[i], &SkippedItem::id) == left_out.end()) {
        kept.push_back(i);
      }
    }
    if (kept.empty()) {
      throw DataError(fmt::format("data set '{}': each item is one that some encoder cannot encode",
                                  dataset->name));
    }
    if (kept.size() < dataset->ids.size()) {
      remaining_[dataset.get()] = select_items(*dataset, kept);
    }
  }
}

const Dataset& RemainingItems::of(const Dataset& planned) const {
  const auto at = remaining_.find(&planned);
  return at == remaining_.end() ? planned : at->second;
}

const std::vector<SkippedItem>& RemainingItems::skipped(const Dataset& planned) const {
  static const std::vector<SkippedItem> kNone;
  const auto at = skipped_.find(&planned);
  return at == skipped_.end() ? kNone : at->second;
}

Embeddings RemainingItems::embeddings(const EncodeStep& step) {
  Embeddings out = std::move(encodings_.of(step).embeddings);
  const Dataset& items = of(*step.dataset);
  return items.ids.size() == out.ids.size() ? out : select_items(out, items.ids);
}

EvaluateStep RemainingItems::on(const EvaluateStep& planned) const {
  EvaluateStep step = planned;
  step.task.dataset = &of(*planned.task.dataset);
  for (const Target*& target : step.task.targets) target = &step.task.dataset->target(target->name);
  return step;
}

}  // namespace musicrep
