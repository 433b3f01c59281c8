#include "evaluation/deformed.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <set>

#include "evaluation/candidates.h"
#include "evaluation/pooling.h"
#include "evaluation/target_evaluation.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

// [2n, columns]: the clean vectors, then the deformed ones.
Matrix stacked(const Matrix& clean, const Matrix& deformed) {
  std::vector<double> values = clean.values();
  values.insert(values.end(), deformed.values().begin(), deformed.values().end());
  return {clean.rows() + deformed.rows(), clean.cols(), std::move(values)};
}

class TargetPredictions {
 public:
  TargetPredictions(std::span<const FeatureView> views, const Task& task, const Target& target,
                    const Protocol& protocol, const FitOptions& options)
      : views_(views),
        target_(target),
        protocol_(protocol),
        options_(options),
        configs_(protocol.configurations(target.is_classification())),
        plan_(plan_folds(protocol, *task.dataset, target)) {
    options_.epsilon = protocol.epsilon;
    options_.limits.max_iterations = protocol.max_iterations;
    // Kernels come about as in the row's own fits, which have half as many rows.
    const std::size_t n = target.values.size();
    options_.max_dense_items = n <= options.max_dense_items ? 2 * n : options.max_dense_items;
  }

  DeformedTarget run(const TargetResult& row, std::int64_t& n_refit) {
    const std::size_t n = target_.values.size();
    std::vector<double> clean(plan_.n_repeats * n);
    std::vector<double> deformed(clean.size());
    std::vector<bool> is_tested(clean.size());
    const std::vector<FitResult> fitted = fit(row);
    for (std::size_t o = 0; o < plan_.outer.size(); ++o) {
      const std::vector<std::uint32_t>& test = plan_.outer[o].test;
      for (std::size_t i = 0; i < test.size(); ++i) {
        const std::size_t place = plan_.outer[o].repeat * n + test[i];
        clean[place] = fitted[o].predicted[i];
        deformed[place] = fitted[o].predicted[test.size() + i];
        is_tested[place] = true;
      }
    }
    DeformedTarget out;
    out.name = target_.name;
    for (std::size_t k = 0; k < clean.size(); ++k) {
      if (!is_tested[k]) continue;
      const double of_row = row.predicted.at(out.predicted.size());
      const double scale = target_.is_classification() ? 0 : 1e-9 * std::max(1.0, std::abs(of_row));
      n_refit += std::abs(clean[k] - of_row) > scale ? 1 : 0;
      out.predicted.push_back(deformed[k]);
    }
    return out;
  }

 private:
  // View and configuration that the row chose in an outer fold.
  [[nodiscard]] std::pair<std::size_t, std::size_t> choice(const TargetResult& row,
                                                           std::size_t outer) const {
    const CandidateScore& chosen = row.selected.at(outer).chosen;
    for (std::size_t v = 0; v < views_.size(); ++v) {
      for (std::size_t c = 0; c < configs_.size(); ++c) {
        const CandidateScore one =
            candidate_of(*protocol_.probe, configs_[c], views_[v].name, outer);
        if (one.view == chosen.view && one.kernel == chosen.kernel && one.c == chosen.c &&
            one.gamma_rule == chosen.gamma_rule && one.standardised == chosen.standardised) {
          return {v, c};
        }
      }
    }
    throw DataError(fmt::format("the choice of outer fold {} is no point of the grid of '{}'",
                                outer, protocol_.name));
  }

  std::vector<FitResult> fit(const TargetResult& row) {
    const auto n = static_cast<std::uint32_t>(target_.values.size());
    std::vector<Split> splits;
    for (const OuterFold& fold : plan_.outer) {
      splits.push_back({fold.train, fold.test});
      for (const std::uint32_t item : fold.test) splits.back().test.push_back(n + item);
    }
    std::vector<FitResult> fitted(splits.size());
    for (std::size_t v = 0; v < views_.size(); ++v) {
      std::vector<FitJob> jobs;
      for (std::size_t o = 0; o < splits.size(); ++o) {
        const auto [view, config] = choice(row, o);
        if (view == v) jobs.push_back({o, config});
      }
      if (target_.is_classification() || !protocol_.standardise_targets) {
        fit_jobs(v, {}, splits, jobs, fitted);
        continue;
      }
      for (const FitJob& job : jobs) {
        fit_jobs(v, target_scale(protocol_, target_, plan_.outer[job.split]), splits, {&job, 1},
                 fitted);
      }
    }
    return fitted;
  }

  void fit_jobs(std::size_t view, const TargetScale& scale, std::span<const Split> splits,
                std::span<const FitJob> jobs, std::vector<FitResult>& fitted) const {
    if (jobs.empty()) return;
    std::vector<double> y = target_.values;
    for (double& v : y) v = (v - scale.mean) / scale.deviation;
    y.insert(y.end(), y.begin(), y.begin() + static_cast<std::ptrdiff_t>(target_.values.size()));
    std::vector<FitResult> results = protocol_.probe->fit_predict(
        {views_[view].x, y, target_.is_classification(), splits, configs_, jobs}, options_);
    for (std::size_t k = 0; k < jobs.size(); ++k) {
      for (double& v : results[k].predicted) v = v * scale.deviation + scale.mean;
      fitted[jobs[k].split] = std::move(results[k]);
    }
  }

  std::span<const FeatureView> views_;  // of 2n rows
  const Target& target_;
  const Protocol& protocol_;
  FitOptions options_;
  std::vector<ProbeConfig> configs_;
  FoldPlan plan_;
};

// How far the pooled vectors of the items `scored` moved.
void add_distance(const Matrix& clean, const Matrix& deformed, const std::set<std::string>& scored,
                  const std::vector<std::string>& ids, Deformed& out) {
  double distances = 0;
  double cosines = 0;
  double n = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!scored.contains(ids[i])) continue;
    double aa = 0;
    double bb = 0;
    double ab = 0;
    double dd = 0;
    for (std::size_t k = 0; k < clean.cols(); ++k) {
      const double a = clean.at(i, k);
      const double b = deformed.at(i, k);
      aa += a * a;
      bb += b * b;
      ab += a * b;
      dd += (b - a) * (b - a);
    }
    if (aa == 0 || bb == 0) continue;  // no direction
    distances += std::sqrt(dd / aa);
    cosines += ab / std::sqrt(aa) / std::sqrt(bb);
    ++n;
  }
  const double none = std::numeric_limits<double>::quiet_NaN();
  out.distance = n > 0 ? distances / n : none;
  out.cosine = n > 0 ? cosines / n : none;
}

}  // namespace

Deformed predict_deformed(const ResultRow& row, const Embeddings& clean, const Embeddings& deformed,
                          const Task& task, const Protocol& protocol, const FitOptions& options) {
  assert(clean.ids == task.dataset->ids && deformed.ids == clean.ids && row.n_seeds == 1);
  if (clean.values.cols() != deformed.values.cols()) {
    throw DataError(fmt::format("deformed vectors have {} dimensions, expected {}",
                                deformed.values.cols(), clean.values.cols()));
  }
  std::vector<FeatureView> views = views_of(clean, protocol.pooling);
  const std::vector<FeatureView> others = views_of(deformed, protocol.pooling);
  for (std::size_t v = 0; v < views.size(); ++v) {
    views[v].x = stacked(views[v].x, others.at(v).x);
  }
  Deformed out;
  out.task = task.name;
  out.dataset = task.dataset->name;
  out.protocol = protocol.name;
  out.metric = row.metric;
  for (std::size_t t = 0; t < task.targets.size(); ++t) {
    TargetPredictions predictions(views, task, *task.targets[t], protocol, options);
    out.targets.push_back(predictions.run(row.targets.at(t), out.n_refit));
  }
  add_distance(pool(clean, protocol.pooling), pool(deformed, protocol.pooling),
               {row.item_ids.begin(), row.item_ids.end()}, clean.ids, out);
  return out;
}

}  // namespace musicrep
