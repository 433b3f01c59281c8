#include "steps/scored_vectors.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/stop.h"
#include "musicrep/error.h"

namespace musicrep {

void ScoredVectors::add(const EncodeStep& step) {
  if (!has(step)) steps_.push_back(&step);
}

bool ScoredVectors::has(const EncodeStep& step) const {
  return std::ranges::find(steps_, &step) != steps_.end();
}

std::vector<const Step*> ScoredVectors::beside(const EncodeStep& step) const {
  std::vector<const Step*> out;
  if (!settings_.skip_bad) return out;
  for (const EncodeStep* other : steps_) {
    const bool shares_items = other->encoding().dataset == step.encoding().dataset;
    if (other != &step && shares_items && other->facts().refusal.empty()) out.push_back(other);
  }
  return out;
}

const ScoredVectors::Remaining& ScoredVectors::look(const PreparedDataset& planned,
                                                    const StepContext& context) {
  const Dataset& dataset = *planned.data;
  if (const auto known = remaining_.find(&dataset); known != remaining_.end()) {
    return known->second;
  }
  Remaining out;
  out.skipped = planned.skipped;
  for (const EncodeStep* step : steps_) {
    if (!settings_.skip_bad || step->encoding().dataset != &dataset) continue;
    if (!step->facts().refusal.empty()) continue;
    throw_if_stop_requested();
    std::vector<SkippedItem> skipped;
    try {
      skipped = step->vectors(context)->skipped;
    } catch (const ForeignFailure&) {
      continue;  // its rows will say so
    }
    for (SkippedItem& item : skipped) {
      if (std::ranges::find(out.skipped, item.id, &SkippedItem::id) == out.skipped.end()) {
        out.skipped.push_back(std::move(item));
      }
    }
  }
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < dataset.ids.size(); ++i) {
    if (std::ranges::find(out.skipped, dataset.ids[i], &SkippedItem::id) == out.skipped.end()) {
      kept.push_back(i);
    }
  }
  if (kept.empty()) {
    throw DataError(fmt::format("data set '{}': each item is one that some encoder cannot encode",
                                dataset.name));
  }
  if (kept.size() < dataset.ids.size()) {
    out.items = std::make_unique<Dataset>(select_items(dataset, kept));
  }
  return remaining_.emplace(&dataset, std::move(out)).first->second;
}

const Dataset& ScoredVectors::remaining(const PreparedDataset& planned,
                                        const StepContext& context) {
  const Remaining& of = look(planned, context);
  return of.items ? *of.items : *planned.data;
}

const std::vector<SkippedItem>& ScoredVectors::skipped(const PreparedDataset& planned,
                                                       const StepContext& context) {
  return look(planned, context).skipped;
}

std::shared_ptr<const ScoredEmbeddings> ScoredVectors::of(const EncodeStep& step,
                                                          const StepContext& context) {
  if (last_ == &step) return last_embeddings_;
  const Dataset& items = remaining(step.dataset(), context);
  last_ = nullptr;
  last_embeddings_ = nullptr;  // two sets of vectors need not fit into memory
  const std::shared_ptr<const Encoded> encoded = step.vectors(context);
  auto out = std::make_shared<ScoredEmbeddings>();
  if (items.ids.size() == encoded->embeddings.ids.size()) {
    out->embeddings = {encoded, &encoded->embeddings};
  } else {
    out->embeddings =
        std::make_shared<const Embeddings>(select_items(encoded->embeddings, items.ids));
  }
  out->sha256 = sha256_of(*out->embeddings);
  facts_[&step] = {out->sha256, out->embeddings->notes};
  last_ = &step;
  last_embeddings_ = out;
  return out;
}

const VectorFacts& ScoredVectors::facts_of(const EncodeStep& step, const StepContext& context) {
  if (const auto known = facts_.find(&step); known != facts_.end()) return known->second;
  static_cast<void>(of(step, context));
  return facts_.at(&step);
}

}  // namespace musicrep
