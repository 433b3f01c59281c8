#include "evaluation/evaluate.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "evaluation/pooling.h"
#include "evaluation/tag_evaluation.h"
#include "evaluation/target_evaluation.h"
#include "musicrep/error.h"
#include "statistics/row_statistics.h"

namespace musicrep {
namespace {

using Items = std::vector<std::uint32_t>;

std::size_t count_constant_columns(const Matrix& x) {
  std::size_t count = 0;
  for (std::size_t k = 0; k < x.cols(); ++k) {
    bool constant = true;
    for (std::size_t i = 1; i < x.rows() && constant; ++i) constant = x.at(i, k) == x.at(0, k);
    count += constant ? 1 : 0;
  }
  return count;
}

// Scored items whose group (artist) is also among the items that their prediction was learned from.
std::size_t count_crossing(const FoldPlan& plan, const Dataset& dataset) {
  if (dataset.groups.empty()) return 0;
  std::set<std::uint32_t> crossing;
  const auto add = [&](const Items& train, const Items& test) {
    std::set<std::string> learned;
    for (const std::uint32_t i : train) learned.insert(dataset.groups[i]);
    learned.erase("");
    for (const std::uint32_t i : test) {
      if (learned.contains(dataset.groups[i])) crossing.insert(i);
    }
  };
  for (const OuterFold& fold : plan.outer) {
    if (plan.held_out) {
      add(fold.train, fold.test);
    } else {
      for (const Split& inner : fold.inner) add(inner.train, inner.test);
    }
  }
  return crossing.size();
}

// Which readings were chosen, on training folds, and how often.
std::string chosen_views(const ResultRow& row) {
  std::map<std::string, std::size_t> counts;
  std::size_t n = 0;
  for (const TargetResult& target : row.targets) {
    for (const Selection& selection : target.selected) {
      ++counts[selection.chosen.view];
      ++n;
    }
  }
  std::vector<std::string> texts;
  for (const auto& [name, count] : counts) texts.push_back(fmt::format("{} ({})", name, count));
  return fmt::format("reading of the vectors chosen with the grid, on training folds, in {} {}: {}",
                     n, n == 1 ? "choice" : "choices", fmt::join(texts, ", "));
}

/// What the fits of a row came to, beside its predictions.
struct Fitted {
  std::size_t n_crossing = 0;  ///< scored items whose artist was learned from
  std::size_t n_capped = 0;    ///< fits that stopped at the limit of iterations
  std::size_t n_cut = 0;       ///< fits with more neighbours than training items
};

void add_items(const std::vector<Tested>& tested, const FoldPlan& plan, const Dataset& dataset,
               ResultRow& row) {
  for (const Tested& each : tested) {
    row.item_ids.push_back(dataset.ids[each.item]);
    row.item_fold.push_back(each.fold);
  }
  row.n_repeats = static_cast<std::int64_t>(plan.n_repeats);
  row.item_seed.assign(row.item_ids.size(), 0);
}

Fitted fit_targets(std::span<const FeatureView> views, const Task& task, const Protocol& protocol,
                   const FitOptions& options, ResultRow& row) {
  Fitted out;
  for (const Target* target : task.targets) {
    TargetEvaluation evaluation({views, *task.dataset, *target, protocol, task.scored_by()},
                                options);
    evaluation.run();
    out.n_crossing = count_crossing(evaluation.plan(), *task.dataset);
    out.n_capped += evaluation.n_capped();
    out.n_cut += evaluation.n_cut();
    row.aggregation = evaluation.plan().held_out ? kPooled : kMeanOverFolds;
    row.n_configurations = static_cast<std::int64_t>(evaluation.n_configurations());
    if (row.targets.empty()) {
      add_items(evaluation.tested(), evaluation.plan(), *task.dataset, row);
    }
    row.targets.push_back(evaluation.take());
  }
  return out;
}

Fitted fit_tags(std::span<const FeatureView> views, const Task& task, const Protocol& protocol,
                const FitOptions& options, ResultRow& row) {
  const UsableTags usable = usable_tags(protocol, *task.dataset, task.targets);
  row.notes.insert(row.notes.end(), usable.notes.begin(), usable.notes.end());
  TagEvaluation evaluation({views, *task.dataset, usable, protocol, task.scored_by()}, options);
  evaluation.run();
  const FoldPlan& plan = usable.plan;
  row.aggregation = plan.held_out && plan.outer.size() == 1 ? kPooled : kMeanOverFolds;
  row.n_configurations = static_cast<std::int64_t>(evaluation.n_configurations());
  add_items(evaluation.tested(), plan, *task.dataset, row);
  row.targets = evaluation.take();
  return {count_crossing(plan, *task.dataset), evaluation.n_capped(), evaluation.n_cut()};
}

void add_notes(const Fitted& fitted, const Protocol& protocol, ResultRow& row) {
  if (fitted.n_capped > 0) {
    row.notes.push_back(fmt::format("{} fits stopped at the cap of {} iterations", fitted.n_capped,
                                    protocol.max_iterations));
  }
  if (fitted.n_cut > 0) {
    row.notes.push_back(fmt::format(
        "{} fits have fewer training items than neighbours: all of them counted", fitted.n_cut));
  }
  if (fitted.n_crossing > 0) {
    row.notes.push_back(fmt::format(
        "artists cross folds: {} of the {} scored items have an artist that was learned from",
        fitted.n_crossing, row.n));
  }
}

}  // namespace

Task on_items(Task task, const Dataset& items) {
  task.dataset = &items;
  for (const Target*& target : task.targets) target = &items.target(target->name);
  return task;
}

std::vector<std::int64_t> item_groups(const std::vector<std::string>& ids, const Dataset& dataset) {
  std::unordered_map<std::string_view, std::string_view> group_of;
  for (std::size_t i = 0; i < dataset.groups.size(); ++i) {
    group_of[dataset.ids[i]] = dataset.groups[i];
  }
  std::map<std::pair<bool, std::string_view>, std::int64_t> number;  // (alone, name)
  std::set<std::string_view> items;
  std::vector<std::int64_t> out;
  for (const std::string& id : ids) {
    items.insert(id);
    const auto found = group_of.find(id);
    // An item without a group is one of its own, in all trainings and repeats the same.
    const bool alone = found == group_of.end() || found->second.empty();
    const std::pair<bool, std::string_view> group(alone, alone ? id : found->second);
    out.push_back(number.try_emplace(group, number.size()).first->second);
  }
  if (number.size() == items.size()) return {};
  return out;
}

ResultRow evaluate(const Embeddings& embeddings, const Task& task, const Protocol& protocol,
                   const FitOptions& options) {
  const Dataset& dataset = *task.dataset;
  assert(embeddings.ids == dataset.ids);
  const std::vector<FeatureView> views = views_of(embeddings, protocol.pooling);
  const Matrix& x = views.front().x;
  const std::size_t n_constant = count_constant_columns(x);
  if (n_constant == x.cols()) {
    throw DataError(
        fmt::format("every one of the {} items has the same vector: there is nothing to "
                    "learn from",
                    x.rows()));
  }

  ResultRow row;
  row.task = task.name;
  row.dataset = dataset.name;
  row.protocol = protocol.name;
  row.protocol_version = protocol.version;
  row.protocol_sha256 = protocol.sha256;
  row.metric = task.scored_by().name;
  row.pooling = protocol.pooling;
  row.dim = static_cast<std::int64_t>(x.cols());
  row.notes = protocol.caveats;
  row.notes.insert(row.notes.end(), task.notes.begin(), task.notes.end());
  const Fitted fitted = task.tagging ? fit_tags(views, task, protocol, options, row)
                                     : fit_targets(views, task, protocol, options, row);
  row.n = static_cast<std::int64_t>(row.item_ids.size()) / row.n_repeats;
  if (n_constant > 0) {
    row.notes.push_back(
        fmt::format("{} of the {} columns are the same for every item", n_constant, x.cols()));
  }
  if (views.size() > 1) row.notes.push_back(chosen_views(row));
  add_notes(fitted, protocol, row);
  row.item_group = item_groups(row.item_ids, dataset);
  score_row(row);
  return row;
}

}  // namespace musicrep
