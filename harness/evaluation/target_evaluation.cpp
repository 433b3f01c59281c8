#include "evaluation/target_evaluation.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "evaluation/candidates.h"

namespace musicrep {
namespace {

using Items = std::vector<std::uint32_t>;

std::vector<double> at(std::span<const double> values, const Items& items) {
  std::vector<double> out;
  out.reserve(items.size());
  for (const std::uint32_t i : items) out.push_back(values[i]);
  return out;
}

}  // namespace

TargetScale target_scale(const Protocol& protocol, const Target& target, const OuterFold& fold) {
  if (target.is_classification() || !protocol.standardise_targets) return {};
  const Items& from = fold.inner.size() == 1 ? fold.inner.front().train : fold.train;
  const std::vector<double> values = at(target.values, from);
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  const double deviation = std::sqrt(squares / n);
  return {mean, deviation > 0 ? deviation : 1};
}

TargetEvaluation::TargetEvaluation(const EvaluationProblem& problem, const FitOptions& options)
    : views_(problem.views),
      target_(problem.target),
      metric_(problem.metric),
      protocol_(problem.protocol),
      probe_(*problem.protocol.probe),
      options_(options),
      classification_(target_.is_classification()),
      configs_(problem.protocol.configurations(classification_)),
      plan_(plan_folds(problem.protocol, problem.dataset, target_)),
      standardise_target_(!classification_ && problem.protocol.standardise_targets),
      predicted_(plan_.n_repeats * problem.dataset.ids.size()),
      fold_(predicted_.size(), -1) {
  options_.epsilon = problem.protocol.epsilon;
  options_.limits.max_iterations = problem.protocol.max_iterations;
}

void TargetEvaluation::run() {
  result_.name = target_.name;
  result_.classes = target_.classes;
  result_.selected.resize(plan_.outer.size());
  chosen_.resize(plan_.outer.size());
  if (!plan_.outer.front().inner.empty()) {
    choose_configurations();
  } else {
    for (std::size_t o = 0; o < plan_.outer.size(); ++o) {
      result_.selected[o].chosen = candidate(o, {});
    }
  }
  if (plan_.held_out) test();
  const std::size_t n = target_.values.size();
  for (std::size_t k = 0; k < fold_.size(); ++k) {
    if (fold_[k] < 0) continue;
    tested_.push_back({static_cast<std::uint32_t>(k % n), fold_[k]});
    result_.truth.push_back(target_.values[k % n]);
    result_.predicted.push_back(predicted_[k]);
  }
}

std::vector<FitResult> TargetEvaluation::fit(std::size_t view, const TargetScale& scale,
                                             std::span<const Split> splits,
                                             std::span<const FitJob> jobs) {
  std::vector<double> y = target_.values;
  if (standardise_target_) {
    for (double& v : y) v = (v - scale.mean) / scale.deviation;
  }
  std::vector<FitResult> results =
      probe_.fit_predict({views_[view].x, y, classification_, splits, configs_, jobs}, options_);
  for (FitResult& result : results) {
    n_capped_ += result.cap_hit ? 1 : 0;
    n_cut_ += result.parameter_cut ? 1 : 0;
    if (!standardise_target_) continue;
    for (double& v : result.predicted) v = v * scale.deviation + scale.mean;
  }
  return results;
}

CandidateScore TargetEvaluation::candidate(std::size_t outer, const Choice& choice) const {
  return candidate_of(probe_, configs_[choice.config], views_[choice.view].name, outer);
}

void TargetEvaluation::choose_configurations() {
  for (std::size_t v = 0; v < views_.size(); ++v) score_candidates(v, fit_inner(v));
  double inner_sum = 0;
  for (const Selection& selection : result_.selected) inner_sum += selection.chosen.score;
  result_.inner_score = inner_sum / static_cast<double>(plan_.outer.size());
}

// Fits every configuration on every inner split, for each outer fold. All go in one call, so that
// they share kernels, unless each outer fold has target values of its own.
std::vector<std::vector<FitResult>> TargetEvaluation::fit_inner(std::size_t view) {
  std::vector<std::vector<FitResult>> fitted(plan_.outer.size());
  if (standardise_target_) {
    for (std::size_t o = 0; o < plan_.outer.size(); ++o) {
      const auto& inner = plan_.outer[o].inner;
      fitted[o] = fit(view, target_scale(protocol_, target_, plan_.outer[o]), inner,
                      all_jobs(inner.size(), configs_.size()));
    }
    return fitted;
  }
  std::vector<Split> splits;
  for (const OuterFold& fold : plan_.outer) {
    splits.insert(splits.end(), fold.inner.begin(), fold.inner.end());
  }
  std::vector<FitResult> all = fit(view, {}, splits, all_jobs(splits.size(), configs_.size()));
  auto next = all.begin();
  for (std::size_t o = 0; o < plan_.outer.size(); ++o) {
    const auto count = static_cast<std::ptrdiff_t>(plan_.outer[o].inner.size() * configs_.size());
    fitted[o].assign(std::make_move_iterator(next), std::make_move_iterator(next + count));
    next += count;
  }
  return fitted;
}

// Of equal candidates the first wins: view by view, each in the grid's order.
void TargetEvaluation::score_candidates(std::size_t view,
                                        const std::vector<std::vector<FitResult>>& fitted) {
  for (std::size_t o = 0; o < plan_.outer.size(); ++o) {
    const std::vector<Split>& inner = plan_.outer[o].inner;
    Selection& selected = result_.selected[o];
    bool is_new = false;
    for (std::size_t c = 0; c < configs_.size(); ++c) {
      CandidateScore score = candidate(o, {view, c});
      double weighted = 0;
      double weight = 0;
      for (std::size_t k = 0; k < inner.size(); ++k) {
        const FitResult& result = fitted[o][k * configs_.size() + c];
        const auto n = static_cast<double>(inner[k].test.size());
        const std::vector<double> truth = at(target_.values, inner[k].test);
        const double part = n * metric_.score(truth, result.predicted);
        weighted += metric_.counts ? std::round(part) : part;
        weight += n;
        score.gamma = result.gamma;
        score.cap_hit = score.cap_hit || result.cap_hit;
      }
      score.score = weighted / weight;
      result_.grid.push_back(score);
      if ((view == 0 && c == 0) || score.score > selected.chosen.score) {
        selected.chosen = score;
        chosen_[o] = {view, c};
        is_new = true;
      }
    }
    if (!is_new) continue;
    selected.at_grid_edge = at_edge(chosen_[o]);
    if (plan_.held_out) continue;
    for (std::size_t k = 0; k < inner.size(); ++k) {
      const FitResult& result = fitted[o][k * configs_.size() + chosen_[o].config];
      for (std::size_t i = 0; i < inner[k].test.size(); ++i) {
        predicted(0, inner[k].test[i], result.predicted[i], k);
      }
    }
  }
}

void TargetEvaluation::predicted(std::size_t repeat, std::uint32_t item, double value,
                                 std::size_t fold) {
  const std::size_t place = repeat * target_.values.size() + item;
  predicted_[place] = value;
  fold_[place] = static_cast<int>(fold);
}

bool TargetEvaluation::at_edge(const Choice& choice) const {
  return at_grid_edge(probe_, configs_, configs_[choice.config], views_[choice.view].x.cols());
}

// Learns again from all that may be learned from, with what was chosen, and predicts the test
// items.
void TargetEvaluation::test() {
  std::vector<Split> splits;
  for (const OuterFold& fold : plan_.outer) splits.push_back({fold.train, fold.test});
  std::vector<FitResult> fitted(splits.size());
  for (std::size_t v = 0; v < views_.size(); ++v) {
    std::vector<FitJob> jobs;
    for (std::size_t o = 0; o < splits.size(); ++o) {
      if (chosen_[o].view == v) jobs.push_back({o, chosen_[o].config});
    }
    if (jobs.empty()) continue;
    if (standardise_target_) {
      for (const FitJob& job : jobs) {
        fitted[job.split] = std::move(
            fit(v, target_scale(protocol_, target_, plan_.outer[job.split]), splits, {&job, 1})
                .front());
      }
      continue;
    }
    std::vector<FitResult> results = fit(v, {}, splits, jobs);
    for (std::size_t k = 0; k < jobs.size(); ++k) fitted[jobs[k].split] = std::move(results[k]);
  }
  for (std::size_t o = 0; o < splits.size(); ++o) {
    const Items& test = splits[o].test;
    for (std::size_t i = 0; i < test.size(); ++i) {
      predicted(plan_.outer[o].repeat, test[i], fitted[o].predicted[i], o);
    }
    Selection& selection = result_.selected[o];
    selection.test_score = metric_.score(at(target_.values, test), fitted[o].predicted);
    selection.n_test = static_cast<std::int64_t>(test.size());
    selection.chosen.gamma = fitted[o].gamma;
    selection.chosen.cap_hit = selection.chosen.cap_hit || fitted[o].cap_hit;
  }
}

}  // namespace musicrep
