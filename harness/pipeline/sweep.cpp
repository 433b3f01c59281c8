#include "pipeline/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>

#include "core/random.h"
#include "metrics/scores.h"
#include "pipeline/pooling.h"

namespace musicrep {
namespace {

Matrix pooled(const Embeddings& embeddings, const std::string& how) {
  if (how == "mean" || how == "mean+std") return pool(embeddings, how);
  const Matrix& values = embeddings.values;
  Matrix out(embeddings.ids.size(), values.cols());
  std::size_t first = 0;
  for (std::size_t i = 0; i < out.rows(); ++i) {
    const auto n = static_cast<std::size_t>(embeddings.frames[i]);
    std::ranges::copy(values.row(how == "last" ? first + n - 1 : first), out.row(i).begin());
    for (std::size_t t = first + 1; how == "max" && t < first + n; ++t) {
      for (std::size_t k = 0; k < out.cols(); ++k) {
        out.at(i, k) = std::max(out.at(i, k), values.at(t, k));
      }
    }
    first += n;
  }
  return out;
}

Matrix of_norm_one(Matrix x) {
  for (std::size_t i = 0; i < x.rows(); ++i) {
    double squares = 0;
    for (const double v : x.row(i)) squares += v * v;
    if (squares == 0) continue;
    for (double& v : x.row(i)) v /= std::sqrt(squares);
  }
  return x;
}

// Splits of all draws and folds with so many labels.
std::vector<Split> splits_of(const FoldPlan& plan, const Target& target, std::int64_t labels,
                             std::size_t draws, std::uint64_t seed) {
  std::vector<Split> out;
  for (std::size_t d = 0; d < draws; ++d) {
    for (std::size_t o = 0; o < plan.outer.size(); ++o) {
      const OuterFold& fold = plan.outer[o];
      out.push_back({labels == 0 ? fold.train
                                 : subset(fold.train, target, labels,
                                          derive_seed(seed, fmt::format("{}/{}", d, o))),
                     fold.test});
    }
  }
  return out;
}

// Of each number of labels, the score of each draw.
struct Scores {
  std::vector<std::vector<double>> of_labels;
  std::vector<double> n_train;
};

Scores scores_of(const SweepReading& reading, const Target& target, const FoldPlan& plan,
                 const std::vector<std::int64_t>& labels, const SweepSpec& spec,
                 const FitOptions& options, std::uint64_t seed) {
  SvmConfig config;
  config.kernel = Kernel::kRbf;
  config.c = spec.c;
  config.standardise = reading.standardise;
  const std::size_t n_folds = plan.outer.size();
  std::vector<Split> splits;
  std::vector<std::size_t> draws;
  for (const std::int64_t n : labels) {
    draws.push_back(n == 0 ? 1 : spec.draws);
    const std::vector<Split> some = splits_of(plan, target, n, draws.back(), seed);
    splits.insert(splits.end(), some.begin(), some.end());
  }
  const bool classes = target.is_classification();
  const std::vector<FitResult> fitted = fit_predict(
      reading.x, target.values, classes, splits, {&config, 1}, all_jobs(splits.size(), 1), options);
  Scores out;
  std::size_t at = 0;
  for (const std::size_t n_draws : draws) {
    out.of_labels.emplace_back();
    out.n_train.push_back(0);
    for (std::size_t d = 0; d < n_draws; ++d) {
      std::vector<double> truth;
      std::vector<double> predicted;
      for (std::size_t o = 0; o < n_folds; ++o, ++at) {
        for (const std::uint32_t item : splits[at].test) truth.push_back(target.values[item]);
        predicted.insert(predicted.end(), fitted[at].predicted.begin(), fitted[at].predicted.end());
        out.n_train.back() += static_cast<double>(splits[at].train.size());
      }
      out.of_labels.back().push_back(classes ? accuracy(truth, predicted) : r2(truth, predicted));
    }
    out.n_train.back() /= static_cast<double>(n_draws * n_folds);
  }
  return out;
}

// Mean over targets, draw by draw.
void add_target(std::vector<Scores>& sums, std::size_t place, const Scores& scores,
                std::size_t n_targets) {
  if (sums.size() <= place) sums.resize(place + 1);
  Scores& sum = sums[place];
  const bool fresh = sum.of_labels.empty();
  if (fresh) {
    sum.n_train = scores.n_train;
    for (const auto& draws : scores.of_labels) sum.of_labels.emplace_back(draws.size());
  }
  for (std::size_t l = 0; l < scores.of_labels.size(); ++l) {
    for (std::size_t d = 0; d < scores.of_labels[l].size(); ++d) {
      sum.of_labels[l][d] += scores.of_labels[l][d] / static_cast<double>(n_targets);
    }
  }
}

}  // namespace

std::vector<SweepReading> sweep_readings(const Embeddings& embeddings, const SweepSpec& spec,
                                         const Protocol& protocol) {
  std::vector<FeatureView> views = views_of(embeddings, protocol.pooling);
  const std::string scaling = protocol.standardise ? "standardise" : "none";
  const Matrix& base = views.front().x;
  std::vector<SweepReading> out;
  out.push_back(
      {kSweepBase,
       fmt::format("{}{}, {}", views.front().name.empty() ? "" : views.front().name + ", ",
                   protocol.pooling, scaling),
       base, protocol.standardise});
  const bool several = std::ranges::any_of(embeddings.frames, [](auto n) { return n > 1; });
  if (several && embeddings.views.empty()) {
    for (const std::string& how : spec.poolings) {
      if (how == protocol.pooling) continue;
      out.push_back({"pooling", how, pooled(embeddings, how), protocol.standardise});
    }
  }
  for (const std::string& how : spec.scalings) {
    if (how == scaling) continue;
    out.push_back({"scaling", how, how == "l2" ? of_norm_one(base) : base, how == "standardise"});
  }
  for (std::size_t v = 1; v < views.size(); ++v) {
    out.push_back({"layer", views[v].name, std::move(views[v].x), protocol.standardise});
  }
  return out;
}

std::vector<std::uint32_t> subset(std::span<const std::uint32_t> train, const Target& target,
                                  std::int64_t labels, std::uint64_t seed) {
  Random random(seed);
  std::map<int, std::int64_t> taken;
  std::vector<std::uint32_t> out;
  for (const std::size_t place : permutation(train.size(), random)) {
    const std::uint32_t item = train[place];
    const int group = target.is_classification() ? static_cast<int>(target.values[item]) : 0;
    if (taken[group]++ < labels) out.push_back(item);
  }
  std::ranges::sort(out);
  return out;
}

std::vector<SweepPoint> sweep(std::span<const Embeddings> seeds, const Task& task,
                              const Protocol& protocol, const SweepSpec& spec,
                              const FitOptions& options, std::uint64_t seed) {
  FitOptions fit = options;
  fit.epsilon = protocol.epsilon;
  fit.limits.max_iterations = protocol.max_iterations;
  std::vector<std::int64_t> labels = spec.labels;
  labels.push_back(0);
  std::vector<SweepPoint> out;
  std::vector<std::vector<std::vector<double>>> scores;  // by reading, labels: draws, seed by seed
  for (std::size_t s = 0; s < seeds.size(); ++s) {
    const std::vector<SweepReading> readings = sweep_readings(seeds[s], spec, protocol);
    scores.resize(readings.size());
    std::vector<Scores> sums;
    for (const Target* target : task.targets) {
      const FoldPlan plan = plan_folds(protocol, *task.dataset, *target);
      assert(plan.held_out);
      for (std::size_t r = 0; r < readings.size(); ++r) {
        add_target(sums, r,
                   scores_of(readings[r], *target, plan, labels, spec, fit,
                             derive_seed(seed, "sweep/" + target->name)),
                   task.targets.size());
      }
    }
    for (std::size_t r = 0; r < readings.size(); ++r) {
      scores[r].resize(labels.size());
      for (std::size_t l = 0; l < labels.size(); ++l) {
        const auto& draws = sums[r].of_labels[l];
        scores[r][l].insert(scores[r][l].end(), draws.begin(), draws.end());
        if (s > 0) continue;
        SweepPoint point;
        point.task = task.name;
        point.dataset = task.dataset->name;
        point.protocol = protocol.name;
        point.metric = task.is_classification() ? "accuracy" : "r2";
        point.factor = readings[r].factor;
        point.value = readings[r].value;
        point.labels = labels[l];
        point.n_train = sums[r].n_train[l];
        point.dim = static_cast<std::int64_t>(readings[r].x.cols());
        out.push_back(std::move(point));
      }
    }
  }
  for (std::size_t p = 0; p < out.size(); ++p) {
    const std::vector<double>& all = scores[p / labels.size()][p % labels.size()];
    for (const double v : all) out[p].score += v / static_cast<double>(all.size());
    out[p].low = std::ranges::min(all);
    out[p].high = std::ranges::max(all);
    out[p].n_scores = static_cast<std::int64_t>(all.size());
  }
  return out;
}

}  // namespace musicrep
