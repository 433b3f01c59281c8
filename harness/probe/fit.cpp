#include "probe/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <tuple>

#include "core/parallel.h"
#include "core/planted_fault.h"
#include "core/usable_values.h"
#include "musicrep/error.h"
#include "probe/libsvm_solver.h"
#include "probe/simd.h"

namespace musicrep {
namespace {

constexpr std::size_t kAllSplits = static_cast<std::size_t>(-1);

// A value made by whoever needs it first, shared by the rest, and freed after its last user.
template <typename T>
class Shared {
 public:
  void expect_user() { ++users_; }
  template <typename Make>
  std::shared_ptr<const T> get(Make make) {
    const std::lock_guard lock(mutex_);
    if (!value_) value_ = make();
    return value_;
  }
  void release() {
    const std::lock_guard lock(mutex_);
    if (--users_ == 0) value_.reset();
  }

 private:
  std::mutex mutex_;
  std::size_t users_ = 0;
  std::shared_ptr<const T> value_;
};

// Items under one scaling: all splits share the raw ones, each split has its own standardised ones.
struct Features {
  Shared<Matrix> x;      // only where scaled
  Shared<Matrix> inner;  // Gram matrix, dense only
};

struct Group {
  Features* features = nullptr;
  std::size_t split = 0;  // whose scaler; kAllSplits for raw features
  Kernel kernel = Kernel::kRbf;
  double gamma = 0;
  Shared<KernelMatrix> matrix;
};

// Fits of one split on one kernel: all their C together, so that the training block is made once.
struct Unit {
  Group* group = nullptr;
  std::size_t split = 0;
  std::vector<std::size_t> jobs;
  std::vector<double> cs;
};

/// The rows that a split's scaler learns from: those that it trains on.
std::vector<std::uint32_t> rows_of_scaler(const Split& split) {
  std::vector<std::uint32_t> rows = split.train;
  if (fault_planted("leaking_scaler")) {
    rows.insert(rows.end(), split.test.begin(), split.test.end());
  }
  return rows;
}

class Progress {
 public:
  Progress(const FitOptions& options, std::size_t total) : options_(options), total_(total) {}
  void add(std::size_t count) {
    const std::lock_guard lock(mutex_);
    done_ += count;
    if (options_.progress) options_.progress(done_, total_);
  }

 private:
  const FitOptions& options_;
  std::size_t total_;
  std::mutex mutex_;
  std::size_t done_ = 0;
};

}  // namespace

double gamma_of(const ProbeConfig& config, const Matrix& x, const Split& split) {
  if (config.kernel != Kernel::kRbf) return 0;
  const auto d = static_cast<double>(x.cols());
  switch (config.gamma.kind) {
    case GammaRule::Kind::kValue:
      return config.gamma.value / (fault_planted("kernel_width") ? 1.1 : 1);
    case GammaRule::Kind::kAuto:
      return 1 / d;
    case GammaRule::Kind::kScale:
      break;
  }
  const double variance =
      config.standardise
          ? variance_of_entries(apply_scaler(x, fit_scaler(x, split.train)), split.train)
          : variance_of_entries(x, split.train);
  return variance > 0 ? 1 / (d * variance) : 1.0;
}

void require_no_overflow(const Matrix& x, std::span<const ProbeConfig> configs) {
  const bool raw = std::ranges::any_of(configs, [](const ProbeConfig& config) {
    return !config.standardise && config.kernel != Kernel::kPrecomputed;
  });
  if (!raw) return;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (const double v : x.row(i)) {
      if (std::abs(v) <= kLargestValue) continue;
      throw DataError(
          fmt::format("found the feature {}, expected -{} to {} where features are not "
                      "standardised: its products do not fit into float32",
                      v, kLargestValue, kLargestValue));
    }
  }
}

std::string solver_instruction_set() { return simd::instruction_set(); }

namespace {

/// Of each job. 'scale' differs from split to split: one value a distinct (split, scaling).
std::vector<double> gammas_of(const FitProblem& problem) {
  const auto& [x, y, classification, splits, configs, jobs] = problem;
  std::vector<double> gammas(jobs.size());
  std::map<std::pair<std::size_t, bool>, double> scale_gammas;
  for (std::size_t k = 0; k < jobs.size(); ++k) {
    const ProbeConfig& config = configs[jobs[k].config];
    assert(!splits[jobs[k].split].train.empty() && !splits[jobs[k].split].test.empty());
    if (config.kernel == Kernel::kRbf && config.gamma.kind == GammaRule::Kind::kScale) {
      const auto [it, fresh] = scale_gammas.try_emplace({jobs[k].split, config.standardise}, 0.0);
      if (fresh) it->second = gamma_of(config, x, splits[jobs[k].split]);
      gammas[k] = it->second;
    } else {
      gammas[k] = gamma_of(config, x, splits[jobs[k].split]);
    }
  }
  return gammas;
}

/// All jobs: those of one split and one kernel go together, and units that share a kernel are
/// neighbours.
struct Work {
  std::map<std::size_t, Features> features;
  std::map<std::tuple<std::size_t, Kernel, double>, Group> groups;
  std::vector<Unit> units;
};

void plan_work(std::span<const ProbeConfig> configs, std::span<const FitJob> jobs,
               std::span<const double> gammas, Work& work) {
  std::map<std::tuple<std::size_t, Kernel, double, std::size_t>, Unit> planned;
  for (std::size_t k = 0; k < jobs.size(); ++k) {
    const ProbeConfig& config = configs[jobs[k].config];
    // A kernel matrix that is given is no feature: there is nothing to standardise.
    const bool scaled = config.standardise && config.kernel != Kernel::kPrecomputed;
    const std::size_t scaled_by = scaled ? jobs[k].split : kAllSplits;
    Group& group = work.groups[{scaled_by, config.kernel, gammas[k]}];
    group.features = &work.features[scaled_by];
    group.split = scaled_by;
    group.kernel = config.kernel;
    group.gamma = gammas[k];
    Unit& unit = planned[{scaled_by, config.kernel, gammas[k], jobs[k].split}];
    unit.group = &group;
    unit.split = jobs[k].split;
    unit.jobs.push_back(k);
    unit.cs.push_back(config.c);
  }
  for (auto& [key, unit] : planned) {
    unit.group->matrix.expect_user();
    unit.group->features->x.expect_user();
    unit.group->features->inner.expect_user();
    work.units.push_back(std::move(unit));
  }
}

}  // namespace

std::vector<FitResult> fit_predict(const FitProblem& problem, const FitOptions& options) {
  const Matrix& x = problem.x;
  assert(x.rows() == problem.y.size());
  keep_blas_single_threaded();
  require_no_overflow(x, problem.configs);
  const bool dense = x.rows() <= options.max_dense_items;
  Work work;
  plan_work(problem.configs, problem.jobs, gammas_of(problem), work);
  const std::vector<Unit>& units = work.units;
  std::vector<FitResult> results(problem.jobs.size());
  Progress progress(options, problem.jobs.size());
  const std::shared_ptr<const Matrix> raw(std::shared_ptr<const Matrix>{}, &x);  // not owned
  parallel_for(units.size(), options.threads, [&](std::size_t u) {
    const Unit& unit = units[u];
    Group& group = *unit.group;
    const Split& split = problem.splits[unit.split];
    const auto scaled = [&] {
      if (group.split == kAllSplits) return raw;
      return group.features->x.get([&] {
        return std::make_shared<const Matrix>(
            apply_scaler(x, fit_scaler(x, rows_of_scaler(problem.splits[group.split]))));
      });
    };
    std::vector<FitResult> fitted;
    if (options.solver == Solver::kLibsvm) {
      for (const double c : unit.cs) {
        fitted.push_back(fit_predict_libsvm(*scaled(), problem.y, problem.classification, split,
                                            {group.kernel, group.gamma, c, options.epsilon},
                                            options.limits));
      }
    } else {
      const auto matrix = group.matrix.get([&]() -> std::shared_ptr<const KernelMatrix> {
        if (group.kernel == Kernel::kPrecomputed) {
          return make_dense_kernel(group.kernel, 0, raw);
        }
        if (!dense) return make_streamed_kernel(group.kernel, group.gamma, scaled());
        const auto inner = group.features->inner.get(
            [&] { return std::make_shared<const Matrix>(gram(*scaled())); });
        return make_dense_kernel(group.kernel, group.gamma, inner);
      });
      fitted = problem.classification
                   ? fit_predict_svc(*matrix, problem.y, split, unit.cs, options.limits)
                   : fit_predict_svr(*matrix, problem.y, split, unit.cs, options.epsilon,
                                     options.limits);
    }
    group.matrix.release();
    group.features->inner.release();
    group.features->x.release();
    for (std::size_t k = 0; k < unit.jobs.size(); ++k) {
      results[unit.jobs[k]] = std::move(fitted[k]);
      results[unit.jobs[k]].gamma = group.gamma;
    }
    progress.add(unit.jobs.size());
  });
  return results;
}

}  // namespace musicrep
