// Logistic regression with an L2 penalty, by L-BFGS: scikit-learn's LogisticRegression. Classes are
// multinomial (two are binomial), tags binomial each. It minimises C sum of losses + |w|^2 / 2,
// with a free constant.
#include <cblas.h>

#include <algorithm>
#include <cmath>

#include "core/parallel.h"
#include "probe/dense_split.h"
#include "probe/lbfgs.h"
#include "probe/probe.h"

namespace musicrep {
namespace {

/// Weights of m columns [d, m], row after row, then their m constants.
struct Linear {
  std::size_t d = 0;
  std::size_t m = 0;
  [[nodiscard]] std::size_t size() const { return (d + 1) * m; }

  /// x [n, d] times the weights, plus the constants: [n, m].
  [[nodiscard]] Matrix scores(const Matrix& x, std::span<const double> w) const {
    Matrix out(x.rows(), m);
    for (std::size_t i = 0; i < x.rows(); ++i) {
      for (std::size_t k = 0; k < m; ++k) out.at(i, k) = w[d * m + k];
    }
    if (m == 1) {
      cblas_dgemv(CblasRowMajor, CblasNoTrans, static_cast<int>(x.rows()), static_cast<int>(d), 1.0,
                  x.data(), static_cast<int>(d), w.data(), 1, 1.0, out.data(), 1);
    } else {
      cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<int>(x.rows()),
                  static_cast<int>(m), static_cast<int>(d), 1.0, x.data(), static_cast<int>(d),
                  w.data(), static_cast<int>(m), 1.0, out.data(), static_cast<int>(m));
    }
    return out;
  }

  /// From the derivatives by score [n, m], those by weight and constant.
  void gradient(const Matrix& x, const Matrix& by_score, std::span<double> out) const {
    if (m == 1) {
      cblas_dgemv(CblasRowMajor, CblasTrans, static_cast<int>(x.rows()), static_cast<int>(d), 1.0,
                  x.data(), static_cast<int>(d), by_score.data(), 1, 0.0, out.data(), 1);
    } else {
      cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, static_cast<int>(d), static_cast<int>(m),
                  static_cast<int>(x.rows()), 1.0, x.data(), static_cast<int>(d), by_score.data(),
                  static_cast<int>(m), 0.0, out.data(), static_cast<int>(m));
    }
    for (std::size_t k = 0; k < m; ++k) {
      double sum = 0;
      for (std::size_t i = 0; i < x.rows(); ++i) sum += by_score.at(i, k);
      out[d * m + k] = sum;
    }
  }
};

/// Replaces the scores of one item by the derivatives of its loss, which it gives.
double binomial_loss(std::span<double> scores, std::span<const double> indicators) {
  const double z = scores[0];
  const double smaller = std::exp(-std::abs(z));
  const double p = z >= 0 ? 1 / (1 + smaller) : smaller / (1 + smaller);
  scores[0] = p - indicators[0];
  return std::max(z, 0.0) - z * indicators[0] + std::log1p(smaller);
}

double multinomial_loss(std::span<double> scores, std::span<const double> indicators) {
  double most = scores[0];
  for (const double s : scores) most = std::max(most, s);
  double sum = 0;
  double own = 0;
  for (std::size_t k = 0; k < scores.size(); ++k) {
    own += indicators[k] * (scores[k] - most);
    scores[k] = std::exp(scores[k] - most);
    sum += scores[k];
  }
  for (std::size_t k = 0; k < scores.size(); ++k) scores[k] = scores[k] / sum - indicators[k];
  return std::log(sum) - own;
}

/// The scores of the test items [n_test, m] for `indicators` [n_train, m] and this C.
Matrix fit_scores(const DenseSplit& items, const Matrix& indicators, double c,
                  const FitLimits& limits, FitResult& result) {
  const Linear linear{items.train.cols(), indicators.cols()};
  const auto n = static_cast<double>(items.train.rows());
  const SmoothFunction objective = [&](std::span<const double> w, std::span<double> gradient) {
    Matrix scores = linear.scores(items.train, w);
    double loss = 0;
    for (std::size_t i = 0; i < scores.rows(); ++i) {
      loss += linear.m == 1 ? binomial_loss(scores.row(i), indicators.row(i))
                            : multinomial_loss(scores.row(i), indicators.row(i));
    }
    linear.gradient(items.train, scores, gradient);
    double squares = 0;
    for (std::size_t k = 0; k < w.size(); ++k) {
      const bool penalised = k < linear.d * linear.m;
      if (penalised) squares += w[k] * w[k];
      gradient[k] = gradient[k] / n + (penalised ? w[k] / (c * n) : 0);
    }
    return loss / n + squares / (2 * c * n);
  };
  const LbfgsResult found = minimise(objective, std::vector<double>(linear.size()),
                                     {.max_iterations = limits.max_iterations});
  result.objective = found.value;
  result.iterations = found.iterations;
  result.cap_hit = !found.converged;
  return linear.scores(items.test, found.at);
}

std::vector<FitResult> fit_predict_logistic(const FitProblem& problem, const FitOptions& options) {
  std::vector<FitResult> results(problem.jobs.size());
  for_each_configuration(problem, options, [&](const DenseSplit& items, const ConfigJobs& of) {
    const Split& split = problem.splits[of.split];
    const std::vector<double> classes = classes_of(problem.y, split.train);
    const Matrix indicators = class_indicators(problem.y, split.train, classes);
    FitResult result;
    const Matrix scores =
        fit_scores(items, indicators, problem.configs[of.config].c, options.limits, result);
    result.predicted = winning_classes(scores, classes);
    for (const std::size_t j : of.jobs) results[j] = result;
  });
  return results;
}

std::vector<FitResult> fit_tags_logistic(const TagProblem& problem, const FitOptions& options) {
  keep_blas_single_threaded();
  std::vector<FitResult> results(problem.jobs.size());
  std::size_t n_before = 0;
  for (const TagUnit& unit : tag_units(problem)) {
    const Split& split = problem.splits[unit.split];
    const DenseSplit items = dense_split(problem.x, split, unit.standardise);
    const auto fit = [&](std::size_t k) {
      const TagJob& job = problem.jobs[unit.jobs[k]];
      Matrix indicators(split.train.size(), 1);
      for (std::size_t i = 0; i < split.train.size(); ++i) {
        indicators.at(i, 0) = problem.tags[job.tag][split.train[i]];
      }
      FitResult& result = results[unit.jobs[k]];
      result.predicted =
          fit_scores(items, indicators, problem.configs[job.config].c, options.limits, result)
              .values();
    };
    parallel_for(unit.jobs.size(), options.threads, fit, [&](std::size_t done, std::size_t) {
      if (options.progress) options.progress(n_before + done, problem.jobs.size());
    });
    n_before += unit.jobs.size();
  }
  return results;
}

}  // namespace

extern const Probe logistic = {.name = "logistic",
                               .title = "logistic regression",
                               .parameter = "C",
                               .fits_numbers = false,
                               .max_iterations = 1000,
                               .fit_predict = fit_predict_logistic,
                               .fit_tags = fit_tags_logistic};

}  // namespace musicrep
