#include "evaluation/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>

#include "core/random.h"
#include "evaluation/pooling.h"
#include "metrics/multiple_tests.h"
#include "statistics/comparisons.h"
#include "statistics/row_statistics.h"

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

// Splits of all draws and folds for one number of labels.
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

// What does not differ between the points of a sweep.
struct Setting {
  const Task& task;
  const Protocol& protocol;
  const SweepSpec& spec;
  const FitOptions& options;
  std::uint64_t seed = 0;
};

std::size_t draws_of(const Setting& setting, std::int64_t labels) {
  return labels == 0 ? 1 : setting.spec.draws;
}

// Adds the predictions of one draw to a row, as one more training of it.
void add_draw(const Setting& setting, const FoldPlan& plan, ResultRow& row) {
  for (std::size_t o = 0; o < plan.outer.size(); ++o) {
    for (const std::uint32_t item : plan.outer[o].test) {
      row.item_ids.push_back(setting.task.dataset->ids[item]);
      row.item_fold.push_back(static_cast<std::int64_t>(o));
      row.item_seed.push_back(row.n_seeds);
    }
  }
  ++row.n_seeds;
}

// Learns and predicts one target with one reading, and adds that to the rows, one a number of
// labels. Gives the mean number of training items of each.
std::vector<double> add_target(const Setting& setting, const SweepReading& reading, std::size_t t,
                               const std::vector<std::int64_t>& labels,
                               std::vector<ResultRow>& rows) {
  const Target& target = *setting.task.targets[t];
  const FoldPlan plan = plan_folds(setting.protocol, *setting.task.dataset, target);
  assert(plan.held_out);
  ProbeConfig config;
  config.kernel = Kernel::kRbf;
  config.c = setting.spec.c;
  config.standardise = reading.standardise;
  std::vector<Split> splits;
  for (const std::int64_t n : labels) {
    const std::vector<Split> some = splits_of(plan, target, n, draws_of(setting, n),
                                              derive_seed(setting.seed, "sweep/" + target.name));
    splits.insert(splits.end(), some.begin(), some.end());
  }
  const std::vector<FitResult> fitted = fit_predict({reading.x,
                                                     target.values,
                                                     target.is_classification(),
                                                     splits,
                                                     {&config, 1},
                                                     all_jobs(splits.size(), 1)},
                                                    setting.options);
  std::vector<double> n_train(labels.size());
  std::size_t at = 0;
  for (std::size_t l = 0; l < labels.size(); ++l) {
    rows[l].n_repeats = static_cast<std::int64_t>(plan.n_repeats);
    const std::size_t n_draws = draws_of(setting, labels[l]);
    for (std::size_t d = 0; d < n_draws; ++d) {
      if (t == 0) add_draw(setting, plan, rows[l]);  // targets share the items
      for (std::size_t o = 0; o < plan.outer.size(); ++o, ++at) {
        TargetResult& to = rows[l].targets[t];
        for (const std::uint32_t item : splits[at].test) to.truth.push_back(target.values[item]);
        to.predicted.insert(to.predicted.end(), fitted[at].predicted.begin(),
                            fitted[at].predicted.end());
        n_train[l] += static_cast<double>(splits[at].train.size());
      }
    }
    n_train[l] /= static_cast<double>(n_draws * plan.outer.size());
  }
  return n_train;
}

ResultRow empty_row(const Setting& setting) {
  ResultRow row;
  row.task = setting.task.name;
  row.dataset = setting.task.dataset->name;
  row.protocol = setting.protocol.name;
  row.metric = setting.task.scored_by().name;
  row.aggregation = kPooled;
  row.n_seeds = 0;  // one more with each draw
  for (const Target* target : setting.task.targets) {
    TargetResult& result = row.targets.emplace_back();
    result.name = target->name;
    result.classes = target->classes;
  }
  return row;
}

// The point of a row, without what it differs by from the base.
SweepPoint point_of(ResultRow& row, const Dataset& dataset) {
  row.item_group = item_groups(row.item_ids, dataset);
  row.n = static_cast<std::int64_t>(row.item_ids.size()) / row.n_seeds / row.n_repeats;
  score_row(row);
  SweepPoint point;
  point.task = row.task;
  point.dataset = row.dataset;
  point.protocol = row.protocol;
  point.metric = row.metric;
  point.score = row.score;
  point.low = row.ci_low;
  point.high = row.ci_high;
  point.n_scores = row.n_seeds;
  return point;
}

// Compares each reading's row with the base's of as many labels. `rows`, `points` by reading, then
// number of labels.
void compare_with_base(const std::vector<std::vector<ResultRow>>& rows,
                       std::vector<SweepPoint>& points) {
  std::vector<double> p;
  const std::size_t n_labels = rows.front().size();
  for (std::size_t r = 1; r < rows.size(); ++r) {
    for (std::size_t l = 0; l < n_labels; ++l) {
      const Comparison paired = compare_pair(rows[r][l], rows.front()[l]);
      SweepPoint& point = points[r * n_labels + l];
      point.difference = paired.difference;
      point.difference_low = paired.ci_low;
      point.difference_high = paired.ci_high;
      point.p = paired.p;
      p.push_back(paired.p);
    }
  }
  const std::vector<double> adjusted = holm(p);
  for (std::size_t k = 0; k < adjusted.size(); ++k) points[n_labels + k].p_adjusted = adjusted[k];
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
  const Setting setting = {task, protocol, spec, fit, seed};
  std::vector<std::int64_t> labels = spec.labels;
  labels.push_back(0);
  std::vector<SweepPoint> points;
  std::vector<std::vector<ResultRow>> rows;  // by reading, then number of labels
  for (std::size_t s = 0; s < seeds.size(); ++s) {
    const std::vector<SweepReading> readings = sweep_readings(seeds[s], spec, protocol);
    rows.resize(readings.size(), std::vector(labels.size(), empty_row(setting)));
    for (std::size_t r = 0; r < readings.size(); ++r) {
      std::vector<double> n_train;
      for (std::size_t t = 0; t < task.targets.size(); ++t) {
        n_train = add_target(setting, readings[r], t, labels, rows[r]);
      }
      for (std::size_t l = 0; s + 1 == seeds.size() && l < labels.size(); ++l) {
        SweepPoint& point = points.emplace_back(point_of(rows[r][l], *task.dataset));
        point.factor = readings[r].factor;
        point.value = readings[r].value;
        point.labels = labels[l];
        point.n_train = n_train[l];
        point.dim = static_cast<std::int64_t>(readings[r].x.cols());
      }
    }
  }
  compare_with_base(rows, points);
  return points;
}

}  // namespace musicrep
