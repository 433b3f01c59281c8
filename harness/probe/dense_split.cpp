#include "probe/dense_split.h"

#include <cblas.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "core/parallel.h"

namespace musicrep {
namespace {

Matrix rows_of(const Matrix& x, std::span<const std::uint32_t> rows) {
  Matrix out(rows.size(), x.cols());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::ranges::copy(x.row(rows[i]), out.row(i).begin());
  }
  return out;
}

template <typename Problem>
void each_configuration(const Problem& problem, const FitOptions& options, const FitConfig& fit) {
  keep_blas_single_threaded();
  std::map<std::pair<std::size_t, std::size_t>, ConfigJobs> found;
  for (std::size_t j = 0; j < problem.jobs.size(); ++j) {
    const auto& job = problem.jobs[j];
    ConfigJobs& to = found[{job.split, job.config}];
    to.split = job.split;
    to.config = job.config;
    to.jobs.push_back(j);
  }
  std::vector<ConfigJobs> all;
  for (auto& [key, jobs] : found) all.push_back(std::move(jobs));
  std::mutex mutex;
  std::size_t n_done = 0;
  parallel_for(all.size(), options.threads, [&](std::size_t k) {
    fit(dense_split(problem.x, problem.splits[all[k].split],
                    problem.configs[all[k].config].standardise),
        all[k]);
    const std::lock_guard lock(mutex);
    n_done += all[k].jobs.size();
    if (options.progress) options.progress(n_done, problem.jobs.size());
  });
}

Matrix multiplied(const Matrix& a, bool transpose_a, const Matrix& b) {
  const std::size_t n = transpose_a ? a.cols() : a.rows();
  const std::size_t inner = transpose_a ? a.rows() : a.cols();
  Matrix out(n, b.cols());
  if (n == 0 || b.cols() == 0 || inner == 0) return out;
  cblas_dgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans, CblasNoTrans,
              static_cast<int>(n), static_cast<int>(b.cols()), static_cast<int>(inner), 1.0,
              a.data(), static_cast<int>(a.cols()), b.data(), static_cast<int>(b.cols()), 0.0,
              out.data(), static_cast<int>(b.cols()));
  return out;
}

}  // namespace

DenseSplit dense_split(const Matrix& x, const Split& split, bool standardise) {
  DenseSplit out{rows_of(x, split.train), rows_of(x, split.test)};
  if (!standardise) return out;
  const Scaler scaler = fit_scaler(x, split.train);
  return {apply_scaler(out.train, scaler), apply_scaler(out.test, scaler)};
}

std::vector<double> classes_of(std::span<const double> y, std::span<const std::uint32_t> rows) {
  std::set<double> found;
  for (const std::uint32_t row : rows) found.insert(y[row]);
  return {found.begin(), found.end()};
}

Matrix class_indicators(std::span<const double> y, std::span<const std::uint32_t> rows,
                        std::span<const double> classes) {
  Matrix out(rows.size(), classes.size() == 2 ? 1 : classes.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto c = std::ranges::lower_bound(classes, y[rows[i]]) - classes.begin();
    if (classes.size() == 2) {
      out.at(i, 0) = static_cast<double>(c);
    } else {
      out.at(i, static_cast<std::size_t>(c)) = 1;
    }
  }
  return out;
}

std::vector<double> winning_classes(const Matrix& scores, std::span<const double> classes) {
  std::vector<double> out;
  out.reserve(scores.rows());
  for (std::size_t i = 0; i < scores.rows(); ++i) {
    const auto row = scores.row(i);
    const std::ptrdiff_t c =
        scores.cols() == 1 ? (row[0] > 0 ? 1 : 0) : std::ranges::max_element(row) - row.begin();
    out.push_back(classes[static_cast<std::size_t>(c)]);
  }
  return out;
}

Matrix product(const Matrix& a, const Matrix& b) { return multiplied(a, false, b); }

Matrix transposed_product(const Matrix& a, const Matrix& b) { return multiplied(a, true, b); }

void for_each_configuration(const FitProblem& problem, const FitOptions& options,
                            const FitConfig& fit) {
  each_configuration(problem, options, fit);
}

void for_each_configuration(const TagProblem& problem, const FitOptions& options,
                            const FitConfig& fit) {
  each_configuration(problem, options, fit);
}

}  // namespace musicrep
