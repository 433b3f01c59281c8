// k nearest neighbours by Euclidean distance, each with the same weight: scikit-learn's
// KNeighborsClassifier and KNeighborsRegressor. Of equal distances the item that comes first is
// nearer; of equal votes the lowest class wins.
#include <algorithm>
#include <map>
#include <numeric>

#include "core/parallel.h"
#include "probe/probe.h"

namespace musicrep {
namespace {

double squared_distance(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += (a[k] - b[k]) * (a[k] - b[k]);
  return sum;
}

/// Places in `train` of the `most` items nearest to `item`, the nearest first.
std::vector<std::uint32_t> nearest(const Matrix& x, std::uint32_t item,
                                   std::span<const std::uint32_t> train, std::size_t most) {
  std::vector<std::pair<double, std::uint32_t>> all;
  all.reserve(train.size());
  for (std::uint32_t k = 0; k < train.size(); ++k) {
    all.emplace_back(squared_distance(x.row(item), x.row(train[k])), k);
  }
  most = std::min(most, all.size());
  std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(most), all.end());
  std::vector<std::uint32_t> out;
  for (std::size_t k = 0; k < most; ++k) out.push_back(all[k].second);
  return out;
}

double most_votes(std::span<const double> votes) {
  std::map<double, std::size_t> counts;
  for (const double vote : votes) ++counts[vote];
  return std::ranges::max_element(counts, {}, [](const auto& each) { return each.second; })->first;
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::size_t neighbours_of(const ProbeConfig& config) { return static_cast<std::size_t>(config.c); }

/// Every configuration of one split that has the same scaling: neighbours are looked for once.
void fit_split(const FitProblem& problem, std::size_t split, bool standardise,
               std::span<FitResult> results) {
  const Split& items = problem.splits[split];
  std::vector<std::size_t> mine;
  std::size_t most = 0;
  for (std::size_t j = 0; j < problem.jobs.size(); ++j) {
    const ProbeConfig& config = problem.configs[problem.jobs[j].config];
    if (problem.jobs[j].split != split || config.standardise != standardise) continue;
    mine.push_back(j);
    most = std::max(most, neighbours_of(config));
  }
  if (mine.empty()) return;
  for (const std::size_t j : mine) {
    const ProbeConfig& config = problem.configs[problem.jobs[j].config];
    results[j].parameter_cut = neighbours_of(config) > items.train.size();
  }
  const Matrix scaled =
      standardise ? apply_scaler(problem.x, fit_scaler(problem.x, items.train)) : Matrix();
  const Matrix& x = standardise ? scaled : problem.x;
  for (const std::uint32_t item : items.test) {
    std::vector<double> values;
    for (const std::uint32_t k : nearest(x, item, items.train, most)) {
      values.push_back(problem.y[items.train[k]]);
    }
    for (const std::size_t j : mine) {
      const std::size_t k =
          std::min(values.size(), neighbours_of(problem.configs[problem.jobs[j].config]));
      const std::span<const double> of = std::span(values).first(k);
      results[j].predicted.push_back(problem.classification ? most_votes(of) : mean_of(of));
    }
  }
}

std::vector<FitResult> fit_predict_knn(const FitProblem& problem, const FitOptions& options) {
  std::vector<FitResult> results(problem.jobs.size());
  const auto body = [&](std::size_t split) {
    for (const bool standardise : {false, true}) fit_split(problem, split, standardise, results);
  };
  const auto progress = options.progress ? options.progress : [](std::size_t, std::size_t) {};
  parallel_for(problem.splits.size(), options.threads, body, progress);
  return results;
}

/// Of each tag the share of the neighbours that have it.
std::vector<FitResult> fit_tags_knn(const TagProblem& problem, const FitOptions& options) {
  std::vector<FitResult> results(problem.jobs.size());
  std::size_t n_before = 0;
  for (const TagUnit& unit : tag_units(problem)) {
    const Split& split = problem.splits[unit.split];
    const Matrix scaled =
        unit.standardise ? apply_scaler(problem.x, fit_scaler(problem.x, split.train)) : Matrix();
    const Matrix& x = unit.standardise ? scaled : problem.x;
    std::size_t most = 0;
    for (const std::size_t j : unit.jobs) {
      results[j].predicted.resize(split.test.size());
      const std::size_t k = neighbours_of(problem.configs[problem.jobs[j].config]);
      results[j].parameter_cut = k > split.train.size();
      most = std::max(most, k);
    }
    parallel_for(split.test.size(), options.threads, [&](std::size_t i) {
      const std::vector<std::uint32_t> near = nearest(x, split.test[i], split.train, most);
      for (const std::size_t j : unit.jobs) {
        const TagJob& job = problem.jobs[j];
        const std::size_t k = std::min(near.size(), neighbours_of(problem.configs[job.config]));
        std::vector<double> values;
        for (std::size_t m = 0; m < k; ++m) {
          values.push_back(problem.tags[job.tag][split.train[near[m]]]);
        }
        results[j].predicted[i] = mean_of(values);
      }
    });
    n_before += unit.jobs.size();
    if (options.progress) options.progress(n_before, problem.jobs.size());
  }
  return results;
}

}  // namespace

extern const Probe knn = {.name = "knn",
                          .title = "nearest neighbours",
                          .parameter = "neighbours",
                          .whole_numbers = true,
                          .fit_predict = fit_predict_knn,
                          .fit_tags = fit_tags_knn};

}  // namespace musicrep
