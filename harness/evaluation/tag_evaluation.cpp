#include "evaluation/tag_evaluation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "evaluation/candidates.h"
#include "metrics/ranking.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

using Items = std::vector<std::uint32_t>;

const std::string& name_of(const Target& tag) { return tag.title.empty() ? tag.name : tag.title; }

/// From 1 for the least; the mean of equal ones.
std::vector<double> ranks_of(const std::vector<double>& scores) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return scores[i]; });
  std::vector<double> out(scores.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first;
    while (end < order.size() && scores[order[end]] == scores[order[first]]) ++end;
    const double rank = static_cast<double>(first + end + 1) / 2;
    for (std::size_t k = first; k < end; ++k) out[order[k]] = rank;
    first = end;
  }
  return out;
}

/// Tags that the same items have: they count as often as they are listed.
std::vector<std::string> duplicate_notes(std::span<const Target* const> tags) {
  std::map<std::vector<double>, std::vector<std::string>> same;
  for (const Target* tag : tags) same[tag->values].push_back(name_of(*tag));
  std::vector<std::string> out;
  for (const auto& [values, names] : same) {
    if (names.size() < 2) continue;
    out.push_back(fmt::format("the tags '{}' are on the same items: each of them counts",
                              fmt::join(names, "', '")));
  }
  return out;
}

/// One fold tests every item that is tested.
bool is_one_fold(const FoldPlan& plan) {
  return plan.outer.size() == 1 && (plan.held_out || plan.outer.front().inner.size() == 1);
}

}  // namespace

std::string left_out_text(std::span<const std::string> tags_with_reasons, std::size_t n_all) {
  constexpr std::size_t kShown = 20;
  const std::size_t n = tags_with_reasons.size();
  std::string out = fmt::format("{} of {} tags {} left out: {}", n, n_all, n == 1 ? "is" : "are",
                                fmt::join(tags_with_reasons.first(std::min(n, kShown)), ", "));
  if (n > kShown) out += fmt::format(" and {} more", n - kShown);
  return out;
}

UsableTags usable_tags(const Protocol& protocol, const Dataset& dataset,
                       std::span<const Target* const> tags) {
  UsableTags out;
  out.plan = plan_tag_folds(protocol, dataset, tags);
  std::vector<std::string> left_out;
  for (const Target* tag : tags) {
    const std::string obstacle = tag_obstacle(out.plan, *tag);
    if (obstacle.empty()) {
      out.tags.push_back(tag);
    } else {
      left_out.push_back(fmt::format("'{}' ({})", name_of(*tag), obstacle));
    }
  }
  if (out.tags.empty()) {
    throw DataError(fmt::format(
        "protocol '{}' cannot be run on '{}': expected a tag that items with and without it have "
        "in every part; {}",
        protocol.name, dataset.name, left_out_text(left_out, tags.size())));
  }
  if (!left_out.empty()) out.notes.push_back(left_out_text(left_out, tags.size()));
  for (std::string& note : duplicate_notes(out.tags)) out.notes.push_back(std::move(note));
  return out;
}

TagEvaluation::TagEvaluation(const TagEvaluationProblem& problem, const FitOptions& options)
    : views_(problem.views),
      usable_(problem.usable),
      metric_(problem.metric),
      probe_(*problem.protocol.probe),
      options_(options),
      n_items_(problem.dataset.ids.size()),
      configs_(problem.protocol.configurations(true)),
      chosen_(problem.usable.plan.outer.size(), std::vector<Choice>(problem.usable.tags.size())),
      ranks_(problem.usable.tags.size(),
             std::vector<double>(problem.usable.plan.n_repeats * n_items_)),
      fold_(problem.usable.plan.n_repeats * n_items_, -1),
      results_(problem.usable.tags.size()) {
  options_.limits.max_iterations = problem.protocol.max_iterations;
  for (const Target* tag : usable_.tags) values_.push_back(tag->values);
}

void TagEvaluation::run() {
  const std::vector<OuterFold>& outer = usable_.plan.outer;
  for (std::size_t t = 0; t < results_.size(); ++t) {
    results_[t].name = name_of(*usable_.tags[t]);
    results_[t].selected.resize(outer.size());
  }
  for (std::size_t o = 0; o < outer.size(); ++o) choose(o);
  if (!outer.front().inner.empty()) {
    for (TargetResult& result : results_) {
      double sum = 0;
      for (const Selection& selection : result.selected) sum += selection.chosen.score;
      result.inner_score = sum / static_cast<double>(outer.size());
    }
  }
  if (usable_.plan.held_out) test();
  for (std::size_t k = 0; k < fold_.size(); ++k) {
    if (fold_[k] < 0) continue;
    tested_.push_back({static_cast<std::uint32_t>(k % n_items_), fold_[k]});
    for (std::size_t t = 0; t < results_.size(); ++t) {
      results_[t].truth.push_back(values_[t][k % n_items_]);
      results_[t].predicted.push_back(ranks_[t][k]);
    }
  }
  // Ranks of several folds are pooled: there every one of them counts.
  if (is_one_fold(usable_.plan)) {
    for (TargetResult& result : results_) {
      result.predicted = ranks_between_tagged(result.truth, result.predicted);
    }
  }
}

std::vector<FitResult> TagEvaluation::fit(std::size_t view, std::span<const Split> splits,
                                          std::span<const TagJob> jobs) {
  std::vector<FitResult> out =
      probe_.fit_tags({views_[view].x, values_, splits, configs_, jobs}, options_);
  for (const FitResult& result : out) {
    n_capped_ += result.cap_hit ? 1 : 0;
    n_cut_ += result.parameter_cut ? 1 : 0;
  }
  return out;
}

std::vector<double> TagEvaluation::truth_of(std::size_t tag, const Items& items) const {
  std::vector<double> out;
  out.reserve(items.size());
  for (const std::uint32_t i : items) out.push_back(values_[tag][i]);
  return out;
}

// Every configuration on every inner split of one outer fold, for all tags at once.
void TagEvaluation::choose(std::size_t outer) {
  const std::vector<Split>& inner = usable_.plan.outer[outer].inner;
  if (inner.empty()) {
    for (TargetResult& result : results_) {
      result.selected[outer].chosen =
          candidate_of(probe_, configs_.front(), views_.front().name, outer);
    }
    return;
  }
  std::vector<TagJob> jobs;
  for (std::size_t t = 0; t < values_.size(); ++t) {
    for (std::size_t c = 0; c < configs_.size(); ++c) {
      for (std::size_t s = 0; s < inner.size(); ++s) jobs.push_back({s, c, t});
    }
  }
  for (std::size_t v = 0; v < views_.size(); ++v) {
    score_candidates(outer, v, fit(v, inner, jobs));
  }
}

// Of equal candidates the first wins: view by view, each in the grid's order.
void TagEvaluation::score_candidates(std::size_t outer, std::size_t view,
                                     const std::vector<FitResult>& fitted) {
  const std::vector<Split>& inner = usable_.plan.outer[outer].inner;
  std::size_t at = 0;
  for (std::size_t t = 0; t < values_.size(); ++t) {
    Selection& selected = results_[t].selected[outer];
    for (std::size_t c = 0; c < configs_.size(); ++c, at += inner.size()) {
      CandidateScore score = candidate_of(probe_, configs_[c], views_[view].name, outer);
      double weighted = 0;
      double weight = 0;
      for (std::size_t s = 0; s < inner.size(); ++s) {
        const FitResult& result = fitted[at + s];
        const auto n = static_cast<double>(inner[s].test.size());
        weighted += n * metric_.score(truth_of(t, inner[s].test), result.predicted);
        weight += n;
        score.gamma = result.gamma;
        score.cap_hit = score.cap_hit || result.cap_hit;
      }
      score.score = weighted / weight;
      results_[t].grid.push_back(score);
      if ((view > 0 || c > 0) && !(score.score > selected.chosen.score)) continue;
      selected.chosen = score;
      selected.at_grid_edge = at_grid_edge(probe_, configs_, configs_[c], views_[view].x.cols());
      chosen_[outer][t] = {view, c};
      if (usable_.plan.held_out) continue;
      for (std::size_t s = 0; s < inner.size(); ++s) {
        predicted(t, 0, inner[s].test, fitted[at + s].predicted, s);
      }
    }
  }
}

void TagEvaluation::predicted(std::size_t tag, std::size_t repeat, const Items& items,
                              const std::vector<double>& scores, std::size_t fold) {
  const std::vector<double> ranks = ranks_of(scores);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::size_t place = repeat * n_items_ + items[i];
    ranks_[tag][place] = ranks[i];
    fold_[place] = static_cast<int>(fold);
  }
}

// Learns again from all that may be learned from, with what was chosen, and ranks the test items.
void TagEvaluation::test() {
  const std::vector<OuterFold>& outer = usable_.plan.outer;
  for (std::size_t o = 0; o < outer.size(); ++o) {
    const Split split{outer[o].train, outer[o].test};
    for (std::size_t v = 0; v < views_.size(); ++v) {
      std::vector<TagJob> jobs;
      for (std::size_t t = 0; t < values_.size(); ++t) {
        if (chosen_[o][t].view == v) jobs.push_back({0, chosen_[o][t].config, t});
      }
      if (jobs.empty()) continue;
      const std::vector<FitResult> fitted = fit(v, {&split, 1}, jobs);
      for (std::size_t k = 0; k < jobs.size(); ++k) {
        const std::size_t t = jobs[k].tag;
        predicted(t, outer[o].repeat, split.test, fitted[k].predicted, o);
        Selection& selection = results_[t].selected[o];
        selection.test_score = metric_.score(truth_of(t, split.test), fitted[k].predicted);
        selection.n_test = static_cast<std::int64_t>(split.test.size());
        selection.chosen.gamma = fitted[k].gamma;
        selection.chosen.cap_hit = selection.chosen.cap_hit || fitted[k].cap_hit;
      }
    }
  }
}

}  // namespace musicrep
