// Binary C-SVC of many tags on the same items: they share one training block of the kernel.
#include <cblas.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "core/parallel.h"
#include "core/stop.h"
#include "probe/fit.h"
#include "probe/libsvm_solver.h"

namespace musicrep {
namespace {

constexpr std::size_t kTestStrip = 128;

/// K[train, train], held whole and read by any number of solvers.
struct Block {
  std::size_t n = 0;
  std::unique_ptr<float[]> values;
  std::vector<double> diagonal;
};

class RowsOfBlock final : public KernelRows {
 public:
  explicit RowsOfBlock(const Block& block) : block_(block) {}
  [[nodiscard]] std::size_t size() const override { return block_.n; }
  const float* row(std::size_t i) override { return block_.values.get() + i * block_.n; }
  [[nodiscard]] std::span<const double> diagonal() const override { return block_.diagonal; }

 private:
  const Block& block_;
};

/// The block where it fits into `max_bytes`; else nothing, and each solver keeps rows of its own.
std::unique_ptr<Block> make_block(const KernelMatrix& kernel, std::span<const std::uint32_t> train,
                                  std::size_t max_bytes) {
  const std::size_t n = train.size();
  if (n > max_bytes / sizeof(float) / n) return nullptr;
  auto block = std::make_unique<Block>();
  block->n = n;
  block->values = std::make_unique_for_overwrite<float[]>(n * n);
  block->diagonal = kernel.diagonal(train);
  kernel.square(train, block->values.get());
  return block;
}

/// Jobs of one split on one kernel.
struct KernelJobs {
  Kernel kernel = Kernel::kLinear;
  double gamma = 0;
  std::vector<std::size_t> jobs;
};

std::vector<KernelJobs> kernels_of(const TagProblem& problem, const TagUnit& unit) {
  std::map<std::pair<Kernel, double>, KernelJobs> found;
  std::map<std::size_t, double> gammas;  // by configuration
  for (const std::size_t j : unit.jobs) {
    const std::size_t c = problem.jobs[j].config;
    const ProbeConfig& config = problem.configs[c];
    if (!gammas.contains(c)) gammas[c] = gamma_of(config, problem.x, problem.splits[unit.split]);
    KernelJobs& to = found[{config.kernel, gammas[c]}];
    to.kernel = config.kernel;
    to.gamma = gammas[c];
    to.jobs.push_back(j);
  }
  std::vector<KernelJobs> out;
  for (auto& [key, jobs] : found) out.push_back(std::move(jobs));
  return out;
}

class TagSolver {
 public:
  TagSolver(const TagProblem& problem, const FitOptions& options,
            std::function<void(std::size_t)> solved)
      : problem_(problem), options_(options), solved_(std::move(solved)) {}

  void run(const Split& split, const std::shared_ptr<const Matrix>& x, const KernelJobs& of,
           std::vector<FitResult>& results) const {
    const auto kernel = make_streamed_kernel(of.kernel, of.gamma, x);
    const std::size_t n = split.train.size();
    const std::size_t n_jobs = of.jobs.size();
    std::vector<double> coefficients(n * n_jobs);  // [n, n_jobs]
    std::vector<double> rho(n_jobs);
    {
      const auto block = make_block(*kernel, split.train, options_.limits.max_kernel_bytes);
      parallel_for(n_jobs, options_.threads, [&](std::size_t k) {
        const SmoResult found = solve(split, *kernel, block.get(), of.jobs[k], results[of.jobs[k]]);
        rho[k] = found.rho;
        const std::vector<double>& tag = problem_.tags[problem_.jobs[of.jobs[k]].tag];
        for (std::size_t i = 0; i < n; ++i) {
          coefficients[i * n_jobs + k] =
              tag[split.train[i]] > 0.5 ? found.alpha[i] : -found.alpha[i];
        }
        solved_(of.jobs[k]);
      });
    }
    for (const std::size_t j : of.jobs) {
      results[j].gamma = of.gamma;
      results[j].predicted.resize(split.test.size());
    }
    const std::size_t n_strips = (split.test.size() + kTestStrip - 1) / kTestStrip;
    parallel_for(n_strips, options_.threads, [&](std::size_t strip) {
      const std::size_t begin = strip * kTestStrip;
      const std::size_t count = std::min(kTestStrip, split.test.size() - begin);
      std::vector<double> values(count * n);
      kernel->block(std::span(split.test).subspan(begin, count), split.train, values.data());
      std::vector<double> decisions(count * n_jobs);
      cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<int>(count),
                  static_cast<int>(n_jobs), static_cast<int>(n), 1.0, values.data(),
                  static_cast<int>(n), coefficients.data(), static_cast<int>(n_jobs), 0.0,
                  decisions.data(), static_cast<int>(n_jobs));
      for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t k = 0; k < n_jobs; ++k) {
          results[of.jobs[k]].predicted[begin + i] = decisions[i * n_jobs + k] - rho[k];
        }
      }
    });
  }

 private:
  SmoResult solve(const Split& split, const KernelMatrix& kernel, const Block* block,
                  std::size_t job, FitResult& result) const {
    throw_if_stop_requested();
    const std::vector<double>& tag = problem_.tags[problem_.jobs[job].tag];
    std::vector<signed char> sign;
    for (const std::uint32_t i : split.train) sign.push_back(tag[i] > 0.5 ? 1 : -1);
    const std::vector<double> linear(sign.size(), -1.0);
    std::unique_ptr<KernelRows> rows;
    if (block != nullptr) {
      rows = std::make_unique<RowsOfBlock>(*block);
    } else {
      rows = make_kernel_rows(kernel, split.train, options_.limits.max_kernel_bytes);
    }
    SmoResult found = solve_smo({linear, sign, problem_.configs[problem_.jobs[job].config].c,
                                 options_.limits.tolerance, options_.limits.max_iterations},
                                *rows);
    result.objective = found.objective;
    result.iterations = found.iterations;
    result.cap_hit = found.cap_hit;
    return found;
  }

  const TagProblem& problem_;
  const FitOptions& options_;
  std::function<void(std::size_t)> solved_;
};

FitResult fit_one_with_libsvm(const TagProblem& problem, const FitOptions& options, const Matrix& x,
                              std::size_t job) {
  const TagJob& of = problem.jobs[job];
  const ProbeConfig& config = problem.configs[of.config];
  const Split& split = problem.splits[of.split];
  return fit_predict_libsvm(
      x, problem.tags[of.tag], true, split,
      {config.kernel, gamma_of(config, problem.x, split), config.c, options.epsilon, true},
      options.limits);
}

}  // namespace

std::vector<FitResult> fit_tags_svm(const TagProblem& problem, const FitOptions& options) {
  keep_blas_single_threaded();
  require_no_overflow(problem.x, problem.configs);
  std::vector<FitResult> results(problem.jobs.size());
  std::mutex mutex;
  std::size_t n_done = 0;
  const auto solved = [&](std::size_t) {
    const std::lock_guard lock(mutex);
    if (++n_done; options.progress) options.progress(n_done, problem.jobs.size());
  };
  const TagSolver solver(problem, options, solved);
  const std::shared_ptr<const Matrix> raw(std::shared_ptr<const Matrix>{}, &problem.x);
  for (const TagUnit& unit : tag_units(problem)) {
    const Split& split = problem.splits[unit.split];
    const std::shared_ptr<const Matrix> x =
        unit.standardise ? std::make_shared<const Matrix>(
                               apply_scaler(problem.x, fit_scaler(problem.x, split.train)))
                         : raw;
    if (options.solver == Solver::kLibsvm) {
      parallel_for(unit.jobs.size(), options.threads, [&](std::size_t k) {
        results[unit.jobs[k]] = fit_one_with_libsvm(problem, options, *x, unit.jobs[k]);
        solved(unit.jobs[k]);
      });
      continue;
    }
    for (const KernelJobs& of : kernels_of(problem, unit)) solver.run(split, x, of, results);
  }
  return results;
}

}  // namespace musicrep
