// Ridge regression with a free constant: scikit-learn's Ridge and RidgeClassifier. Classes and tags
// are learned as 1 against -1, each against the rest.
#include <cmath>

#include "musicrep/error.h"
#include "probe/dense_split.h"
#include "probe/probe.h"

namespace musicrep {
namespace {

/// The lower triangle L of a = L L', in place of a's; a [n, n] symmetric, positive definite.
void factorise(Matrix& a) {
  const std::size_t n = a.rows();
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = j; i < n; ++i) {
      double sum = a.at(i, j);
      const auto row_i = a.row(i);
      const auto row_j = a.row(j);
      for (std::size_t k = 0; k < j; ++k) sum -= row_i[k] * row_j[k];
      if (i == j && !(sum > 0)) {
        throw DataError(
            "ridge regression: the features' products are singular up to rounding; expected "
            "standardised features or a larger penalty");
      }
      a.at(i, j) = i == j ? std::sqrt(sum) : sum / a.at(j, j);
    }
  }
}

/// Solves L L' x = b for each column of b [n, m], in place.
void solve(const Matrix& l, Matrix& b) {
  const std::size_t n = l.rows();
  const auto subtract = [&](std::size_t i, std::size_t k, double factor) {
    for (std::size_t c = 0; c < b.cols(); ++c) b.at(i, c) -= factor * b.at(k, c);
  };
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) subtract(i, k, l.at(i, k));
    for (std::size_t c = 0; c < b.cols(); ++c) b.at(i, c) /= l.at(i, i);
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) subtract(i, k, l.at(k, i));
    for (std::size_t c = 0; c < b.cols(); ++c) b.at(i, c) /= l.at(i, i);
  }
}

Matrix transposed(const Matrix& a) {
  Matrix out(a.cols(), a.rows());
  for (std::size_t i = 0; i < a.rows(); ++i) {
    for (std::size_t k = 0; k < a.cols(); ++k) out.at(k, i) = a.at(i, k);
  }
  return out;
}

/// Means of the columns, which it subtracts.
std::vector<double> centre(Matrix& x) {
  std::vector<double> mean(x.cols());
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t k = 0; k < x.cols(); ++k) mean[k] += x.at(i, k);
  }
  for (double& v : mean) v /= static_cast<double>(x.rows());
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t k = 0; k < x.cols(); ++k) x.at(i, k) -= mean[k];
  }
  return mean;
}

/// Predictions [n_test, m] for values y [n_train, m]. With more columns than items the weights are
/// found as sums of items, which takes the smaller matrix.
Matrix fit_values(const DenseSplit& items, Matrix y, double penalty) {
  Matrix x = items.train;
  const std::vector<double> mean_x = centre(x);
  const std::vector<double> mean_y = centre(y);
  const bool by_items = x.cols() > x.rows();
  Matrix weights;
  Matrix system = by_items ? product(x, transposed(x)) : transposed_product(x, x);
  for (std::size_t k = 0; k < system.rows(); ++k) system.at(k, k) += penalty;
  factorise(system);
  if (by_items) {
    solve(system, y);
    weights = transposed_product(x, y);
  } else {
    weights = transposed_product(x, y);
    solve(system, weights);
  }
  Matrix out = product(items.test, weights);
  for (std::size_t c = 0; c < out.cols(); ++c) {
    double constant = mean_y[c];
    for (std::size_t k = 0; k < mean_x.size(); ++k) constant -= mean_x[k] * weights.at(k, c);
    for (std::size_t i = 0; i < out.rows(); ++i) out.at(i, c) += constant;
  }
  return out;
}

/// 1 and 0 to 1 and -1.
Matrix signs(Matrix indicators) {
  for (std::size_t i = 0; i < indicators.rows(); ++i) {
    for (double& v : indicators.row(i)) v = 2 * v - 1;
  }
  return indicators;
}

std::vector<FitResult> fit_predict_ridge(const FitProblem& problem, const FitOptions& options) {
  std::vector<FitResult> results(problem.jobs.size());
  for_each_configuration(problem, options, [&](const DenseSplit& items, const ConfigJobs& of) {
    const Split& split = problem.splits[of.split];
    const double penalty = problem.configs[of.config].c;
    FitResult result;
    if (problem.classification) {
      const std::vector<double> classes = classes_of(problem.y, split.train);
      const Matrix indicators = class_indicators(problem.y, split.train, classes);
      result.predicted = winning_classes(fit_values(items, signs(indicators), penalty), classes);
    } else {
      Matrix y(split.train.size(), 1);
      for (std::size_t i = 0; i < split.train.size(); ++i) y.at(i, 0) = problem.y[split.train[i]];
      result.predicted = fit_values(items, std::move(y), penalty).values();
    }
    for (const std::size_t j : of.jobs) results[j] = result;
  });
  return results;
}

std::vector<FitResult> fit_tags_ridge(const TagProblem& problem, const FitOptions& options) {
  std::vector<FitResult> results(problem.jobs.size());
  for_each_configuration(problem, options, [&](const DenseSplit& items, const ConfigJobs& of) {
    const Split& split = problem.splits[of.split];
    Matrix y(split.train.size(), of.jobs.size());
    for (std::size_t k = 0; k < of.jobs.size(); ++k) {
      const std::vector<double>& tag = problem.tags[problem.jobs[of.jobs[k]].tag];
      for (std::size_t i = 0; i < split.train.size(); ++i) y.at(i, k) = 2 * tag[split.train[i]] - 1;
    }
    const Matrix predicted = fit_values(items, std::move(y), problem.configs[of.config].c);
    for (std::size_t k = 0; k < of.jobs.size(); ++k) {
      std::vector<double>& to = results[of.jobs[k]].predicted;
      for (std::size_t i = 0; i < predicted.rows(); ++i) to.push_back(predicted.at(i, k));
    }
  });
  return results;
}

}  // namespace

extern const Probe ridge = {.name = "ridge",
                            .title = "ridge regression",
                            .parameter = "penalty",
                            .fit_predict = fit_predict_ridge,
                            .fit_tags = fit_tags_ridge};

}  // namespace musicrep
