#include "pipeline/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "core/random.h"
#include "metrics/intervals.h"
#include "metrics/scores.h"
#include "musicrep/error.h"
#include "pipeline/pooling.h"
#include "pipeline/row_score.h"

namespace musicrep {
namespace {

using Items = std::vector<std::uint32_t>;

double score_of(bool classification, std::span<const double> truth,
                std::span<const double> predicted) {
  return classification ? accuracy(truth, predicted) : r2(truth, predicted);
}

std::vector<double> at(std::span<const double> values, const Items& items) {
  std::vector<double> out;
  out.reserve(items.size());
  for (const std::uint32_t i : items) out.push_back(values[i]);
  return out;
}

// One target under one protocol.
class TargetEvaluation {
 public:
  TargetEvaluation(const Matrix& x, const Dataset& dataset, const Target& target,
                   const Protocol& protocol, const FitOptions& options)
      : x_(x),
        target_(target),
        options_(options),
        classification_(target.is_classification()),
        configs_(protocol.configurations(classification_)),
        plan_(plan_folds(protocol, dataset, target)),
        standardise_target_(!classification_ && protocol.standardise_targets),
        predicted_(dataset.ids.size()),
        fold_(dataset.ids.size(), -1) {
    options_.epsilon = protocol.epsilon;
    options_.limits.max_iterations = protocol.max_iterations;
  }

  void run() {
    result_.name = target_.name;
    result_.classes = target_.classes;
    result_.selected.resize(plan_.outer.size());
    const bool choose = !plan_.outer.front().inner.empty();
    if (choose) {
      choose_configurations();
    } else {
      for (std::size_t o = 0; o < plan_.outer.size(); ++o) {
        result_.selected[o].chosen = candidate(o, 0);
      }
      chosen_.assign(plan_.outer.size(), 0);
    }
    if (plan_.held_out) test();
    for (std::size_t i = 0; i < fold_.size(); ++i) {
      if (fold_[i] < 0) continue;
      items_.push_back(static_cast<std::uint32_t>(i));
      result_.truth.push_back(target_.values[i]);
      result_.predicted.push_back(predicted_[i]);
    }
  }

  [[nodiscard]] const FoldPlan& plan() const { return plan_; }
  [[nodiscard]] std::size_t n_configurations() const { return configs_.size(); }
  [[nodiscard]] const Items& items() const { return items_; }
  [[nodiscard]] int fold_of(std::uint32_t item) const { return fold_[item]; }
  [[nodiscard]] std::size_t n_capped() const { return n_capped_; }
  TargetResult take() { return std::move(result_); }

 private:
  // Values to learn from in one outer fold, standardised where asked for: on the training items
  // alone where one split chooses (train, not validation), else on all that is learned from.
  struct Scale {
    double mean = 0;
    double deviation = 1;
  };
  [[nodiscard]] Scale scale_of(const OuterFold& fold) const {
    if (!standardise_target_) return {};
    const Items& from = fold.inner.size() == 1 ? fold.inner.front().train : fold.train;
    const std::vector<double> values = at(target_.values, from);
    const auto n = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    double squares = 0;
    for (const double v : values) squares += (v - mean) * (v - mean);
    const double deviation = std::sqrt(squares / n);
    return {mean, deviation > 0 ? deviation : 1};
  }

  std::vector<FitResult> fit(const Scale& scale, std::span<const Split> splits,
                             std::span<const FitJob> jobs) {
    std::vector<double> y = target_.values;
    if (standardise_target_) {
      for (double& v : y) v = (v - scale.mean) / scale.deviation;
    }
    std::vector<FitResult> results =
        fit_predict(x_, y, classification_, splits, configs_, jobs, options_);
    for (FitResult& result : results) {
      n_capped_ += result.cap_hit ? 1 : 0;
      if (!standardise_target_) continue;
      for (double& v : result.predicted) v = v * scale.deviation + scale.mean;
    }
    return results;
  }

  [[nodiscard]] CandidateScore candidate(std::size_t outer, std::size_t config) const {
    const SvmConfig& from = configs_[config];
    CandidateScore out;
    out.fold = static_cast<int>(outer);
    out.kernel = to_string(from.kernel);
    out.c = from.c;
    if (from.kernel == Kernel::kRbf) out.gamma_rule = from.gamma.name;
    out.standardised = from.standardise;
    return out;
  }

  // Fits every configuration on every inner split. All outer folds go in one call, so that they
  // share kernels, unless each has target values of its own.
  void choose_configurations() {
    std::vector<std::vector<FitResult>> fitted(plan_.outer.size());
    if (standardise_target_) {
      for (std::size_t o = 0; o < plan_.outer.size(); ++o) {
        const auto& inner = plan_.outer[o].inner;
        fitted[o] = fit(scale_of(plan_.outer[o]), inner, all_jobs(inner.size(), configs_.size()));
      }
    } else {
      std::vector<Split> splits;
      for (const OuterFold& fold : plan_.outer) {
        splits.insert(splits.end(), fold.inner.begin(), fold.inner.end());
      }
      std::vector<FitResult> all = fit({}, splits, all_jobs(splits.size(), configs_.size()));
      auto next = all.begin();
      for (std::size_t o = 0; o < plan_.outer.size(); ++o) {
        const auto count =
            static_cast<std::ptrdiff_t>(plan_.outer[o].inner.size() * configs_.size());
        fitted[o].assign(std::make_move_iterator(next), std::make_move_iterator(next + count));
        next += count;
      }
    }
    double inner_sum = 0;
    for (std::size_t o = 0; o < plan_.outer.size(); ++o) {
      choose(o, fitted[o]);
      inner_sum += result_.selected[o].chosen.score;
    }
    result_.inner_score = inner_sum / static_cast<double>(plan_.outer.size());
  }

  void choose(std::size_t o, const std::vector<FitResult>& fitted) {
    const std::vector<Split>& inner = plan_.outer[o].inner;
    std::size_t best = 0;
    std::vector<CandidateScore> scores;
    for (std::size_t c = 0; c < configs_.size(); ++c) {
      CandidateScore score = candidate(o, c);
      double weighted = 0;
      double weight = 0;
      for (std::size_t k = 0; k < inner.size(); ++k) {
        const FitResult& result = fitted[k * configs_.size() + c];
        const auto n = static_cast<double>(inner[k].test.size());
        const std::vector<double> truth = at(target_.values, inner[k].test);
        // Right answers are counted rather than shares summed: equal candidates tie exactly.
        weighted += classification_ ? std::round(n * score_of(true, truth, result.predicted))
                                    : n * score_of(false, truth, result.predicted);
        weight += n;
        score.gamma = result.gamma;
        score.cap_hit = score.cap_hit || result.cap_hit;
      }
      score.score = weighted / weight;
      scores.push_back(score);
      if (score.score > scores[best].score) best = c;
    }
    chosen_.push_back(best);
    result_.selected[o].chosen = scores[best];
    result_.selected[o].at_grid_edge = at_edge(best);
    result_.grid.insert(result_.grid.end(), scores.begin(), scores.end());
    if (plan_.held_out) return;
    for (std::size_t k = 0; k < inner.size(); ++k) {
      const FitResult& result = fitted[k * configs_.size() + best];
      for (std::size_t i = 0; i < inner[k].test.size(); ++i) {
        predicted_[inner[k].test[i]] = result.predicted[i];
        fold_[inner[k].test[i]] = static_cast<int>(k);
      }
    }
  }

  // Whether C or gamma is the least or the greatest that was tried for its kernel.
  [[nodiscard]] bool at_edge(std::size_t config) const {
    const SvmConfig& chosen = configs_[config];
    const auto gamma = [&](const SvmConfig& c) {
      return c.gamma.kind == GammaRule::Kind::kAuto ? 1 / static_cast<double>(x_.cols())
                                                    : c.gamma.value;
    };
    bool c_less = false, c_more = false, gamma_less = false, gamma_more = false;
    bool several_c = false, several_gamma = false;
    for (const SvmConfig& other : configs_) {
      if (other.kernel != chosen.kernel) continue;
      c_less = c_less || other.c < chosen.c;
      c_more = c_more || other.c > chosen.c;
      several_c = several_c || other.c != chosen.c;
      if (chosen.kernel != Kernel::kRbf) continue;
      gamma_less = gamma_less || gamma(other) < gamma(chosen);
      gamma_more = gamma_more || gamma(other) > gamma(chosen);
      several_gamma = several_gamma || gamma(other) != gamma(chosen);
    }
    return (several_c && !(c_less && c_more)) || (several_gamma && !(gamma_less && gamma_more));
  }

  // Learns again from all that may be learned from, with what was chosen, and predicts the test
  // items.
  void test() {
    std::vector<Split> splits;
    std::vector<FitJob> jobs;
    for (std::size_t o = 0; o < plan_.outer.size(); ++o) {
      splits.push_back({plan_.outer[o].train, plan_.outer[o].test});
      jobs.push_back({o, chosen_[o]});
    }
    std::vector<FitResult> fitted;
    if (standardise_target_) {
      for (std::size_t o = 0; o < splits.size(); ++o) {
        fitted.push_back(std::move(fit(scale_of(plan_.outer[o]), splits, {&jobs[o], 1}).front()));
      }
    } else {
      fitted = fit({}, splits, jobs);
    }
    for (std::size_t o = 0; o < splits.size(); ++o) {
      const Items& test = splits[o].test;
      for (std::size_t i = 0; i < test.size(); ++i) {
        predicted_[test[i]] = fitted[o].predicted[i];
        fold_[test[i]] = static_cast<int>(o);
      }
      Selection& selection = result_.selected[o];
      selection.test_score =
          score_of(classification_, at(target_.values, test), fitted[o].predicted);
      selection.n_test = static_cast<std::int64_t>(test.size());
      selection.chosen.gamma = fitted[o].gamma;
      selection.chosen.cap_hit = selection.chosen.cap_hit || fitted[o].cap_hit;
    }
  }

  const Matrix& x_;
  const Target& target_;
  FitOptions options_;
  bool classification_;
  std::vector<SvmConfig> configs_;
  FoldPlan plan_;
  bool standardise_target_;
  std::vector<std::size_t> chosen_;  // configuration of each outer fold
  std::vector<double> predicted_;    // by item of the data set
  std::vector<int> fold_;            // the fold that tested the item; -1: not scored
  Items items_;
  std::size_t n_capped_ = 0;
  TargetResult result_;
};

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
  std::size_t count = 0;
  const auto add = [&](const Items& train, const Items& test) {
    std::set<std::string> learned;
    for (const std::uint32_t i : train) learned.insert(dataset.groups[i]);
    learned.erase("");
    for (const std::uint32_t i : test) count += learned.contains(dataset.groups[i]) ? 1U : 0U;
  };
  for (const OuterFold& fold : plan.outer) {
    if (plan.held_out) {
      add(fold.train, fold.test);
    } else {
      for (const Split& inner : fold.inner) add(inner.train, inner.test);
    }
  }
  return count;
}

}  // namespace

void add_intervals(ResultRow& row, const Dataset& dataset, std::uint64_t seed) {
  constexpr std::size_t kResamples = 2000;
  std::size_t n_groups = 0;
  const std::vector<std::size_t> groups = resampling_groups(row, dataset, n_groups);
  const bool by_group = n_groups < groups.size();
  const bool by_artist = n_groups < static_cast<std::size_t>(row.n);
  const auto interval = [&](const RowScore& score) {
    // Seeds are drawn anew for each resample, from a generator of their own: with one seed nothing
    // is drawn.
    Random seeds(derive_seed(seed, "training seeds"));
    const auto resampled = [&](std::span<const std::size_t> items) {
      return score.with_drawn_seeds(items, seeds);
    };
    return by_group ? cluster_bootstrap_interval(groups, n_groups, resampled, seed, kResamples)
                    : bootstrap_interval(row.item_ids.size(), resampled, seed, kResamples);
  };
  for (std::size_t t = 0; t < row.targets.size(); ++t) {
    const RowScore score(row, static_cast<int>(t));
    TargetResult& target = row.targets[t];
    target.score = score.on_all();
    const Interval ci = interval(score);
    target.ci_low = ci.low;
    target.ci_high = ci.high;
  }
  const RowScore score(row);
  row.score = score.on_all();
  const Interval ci = interval(score);
  row.ci_low = ci.low;
  row.ci_high = ci.high;
  row.ci_method =
      fmt::format("percentile bootstrap over {} {}{}, {} resamples", n_groups,
                  by_artist ? "groups (artists)" : "items",
                  row.n_seeds > 1 ? fmt::format(" and {} seeds", row.n_seeds) : "", kResamples);
}

std::vector<std::size_t> resampling_groups(const ResultRow& row, const Dataset& dataset,
                                           std::size_t& n_groups) {
  std::map<std::string, std::string> group_of;
  for (std::size_t i = 0; i < dataset.groups.size(); ++i) {
    group_of[dataset.ids[i]] = dataset.groups[i];
  }
  std::map<std::string, std::size_t> number;
  std::vector<std::size_t> out;
  n_groups = 0;
  for (const std::string& id : row.item_ids) {
    const auto found = group_of.find(id);
    // An item without a group is one of its own, in all seeds the same.
    const bool alone = found == group_of.end() || found->second.empty();
    const auto [it, fresh] =
        number.try_emplace(alone ? "item " + id : "group " + found->second, n_groups);
    n_groups += fresh ? 1 : 0;
    out.push_back(it->second);
  }
  return out;
}

std::vector<std::int64_t> item_groups(const ResultRow& row, const Dataset& dataset) {
  std::size_t n_groups = 0;
  const std::vector<std::size_t> groups = resampling_groups(row, dataset, n_groups);
  if (static_cast<std::int64_t>(n_groups) == row.n) return {};
  return {groups.begin(), groups.end()};
}

ResultRow evaluate(const Embeddings& embeddings, const Task& task, const Protocol& protocol,
                   const FitOptions& options, std::uint64_t seed) {
  const Dataset& dataset = *task.dataset;
  assert(embeddings.ids == dataset.ids);
  const Matrix x = pool(embeddings, protocol.pooling);
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
  row.metric = task.is_classification() ? "accuracy" : "r2";
  row.pooling = protocol.pooling;
  row.dim = static_cast<std::int64_t>(x.cols());
  row.notes = protocol.caveats;

  std::size_t n_crossing = 0;
  std::size_t n_capped = 0;
  for (const Target* target : task.targets) {
    TargetEvaluation evaluation(x, dataset, *target, protocol, options);
    evaluation.run();
    n_crossing = count_crossing(evaluation.plan(), dataset);
    n_capped += evaluation.n_capped();
    row.aggregation = evaluation.plan().held_out ? kPooled : kMeanOverFolds;
    row.n_configurations = static_cast<std::int64_t>(evaluation.n_configurations());
    if (row.targets.empty()) {
      for (const std::uint32_t item : evaluation.items()) {
        row.item_ids.push_back(dataset.ids[item]);
        row.item_fold.push_back(evaluation.fold_of(item));
      }
      row.item_seed.assign(row.item_ids.size(), 0);
    }
    row.targets.push_back(evaluation.take());
  }
  row.n = static_cast<std::int64_t>(row.item_ids.size());
  if (n_constant > 0) {
    row.notes.push_back(
        fmt::format("{} of the {} columns are the same for every item", n_constant, x.cols()));
  }
  if (n_capped > 0) {
    row.notes.push_back(fmt::format("{} fits stopped at the cap of {} iterations", n_capped,
                                    protocol.max_iterations));
  }
  if (n_crossing > 0) {
    row.notes.push_back(fmt::format(
        "artists cross folds: {} of the {} scored items have an artist that was learned from",
        n_crossing, row.n));
  }
  add_intervals(row, dataset, seed);
  return row;
}

}  // namespace musicrep
