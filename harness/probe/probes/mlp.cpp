// A multilayer perceptron of one hidden layer, as HEAR (Turian et al. 2022) and MARBLE (Yuan et al.
// 2023) fit to frozen embeddings, by the rules of scikit-learn's MLPClassifier and MLPRegressor:
// 100 rectified units, Adam, batches of 200, an L2 penalty, and an end once the training loss has
// stopped falling. It begins at random, from FitOptions::seed.
#include <algorithm>
#include <cmath>

#include "core/random.h"
#include "core/stop.h"
#include "probe/mlp.h"
#include "probe/probe.h"

namespace musicrep {
namespace {

std::uint64_t seed_of(const FitOptions& options, const ConfigJobs& of) {
  return derive_seed(options.seed,
                     "mlp/" + std::to_string(of.split) + "/" + std::to_string(of.config));
}

MlpOptions mlp_options(MlpLoss loss, double penalty, const FitOptions& options) {
  MlpOptions mlp;
  mlp.penalty = penalty;
  mlp.max_epochs = options.limits.max_iterations;
  mlp.loss = loss;
  return mlp;
}

/// The outputs for the test items, before the last function: [n_test, columns of y].
Matrix fit_outputs(const DenseSplit& items, const Matrix& y, const MlpOptions& mlp,
                   std::uint64_t seed, FitResult& result) {
  Random random(seed);
  Mlp network = make_mlp(items.train.cols(), y.cols(), mlp, random);
  const MlpTraining trained = train_mlp(network, items.train, y, mlp, &random);
  result.objective = trained.loss;
  result.iterations = trained.epochs;
  result.cap_hit = !trained.converged;
  return outputs_of(network, items.test);
}

std::vector<FitResult> fit_predict_mlp(const FitProblem& problem, const FitOptions& options) {
  std::vector<FitResult> results(problem.jobs.size());
  for_each_configuration(problem, options, [&](const DenseSplit& items, const ConfigJobs& of) {
    const Split& split = problem.splits[of.split];
    const double penalty = problem.configs[of.config].c;
    const std::uint64_t seed = seed_of(options, of);
    FitResult result;
    if (problem.classification) {
      const std::vector<double> classes = classes_of(problem.y, split.train);
      const Matrix y = class_indicators(problem.y, split.train, classes);
      const MlpLoss loss = classes.size() == 2 ? MlpLoss::kBinomial : MlpLoss::kMultinomial;
      const Matrix outputs =
          fit_outputs(items, y, mlp_options(loss, penalty, options), seed, result);
      result.predicted = winning_classes(outputs, classes);
    } else {
      Matrix y(split.train.size(), 1);
      for (std::size_t i = 0; i < split.train.size(); ++i) y.at(i, 0) = problem.y[split.train[i]];
      result.predicted =
          fit_outputs(items, y, mlp_options(MlpLoss::kSquared, penalty, options), seed, result)
              .values();
    }
    for (const std::size_t j : of.jobs) results[j] = result;
  });
  return results;
}

/// One network learns all tags of the problem together, as HEAR and MARBLE have it; each job takes
/// the output of its tag.
std::vector<FitResult> fit_tags_mlp(const TagProblem& problem, const FitOptions& options) {
  std::vector<FitResult> results(problem.jobs.size());
  for_each_configuration(problem, options, [&](const DenseSplit& items, const ConfigJobs& of) {
    const Split& split = problem.splits[of.split];
    Matrix y(split.train.size(), problem.tags.size());
    for (std::size_t i = 0; i < split.train.size(); ++i) {
      for (std::size_t t = 0; t < problem.tags.size(); ++t) {
        y.at(i, t) = problem.tags[t][split.train[i]];
      }
    }
    FitResult result;
    const MlpOptions mlp = mlp_options(MlpLoss::kBinomial, problem.configs[of.config].c, options);
    const Matrix outputs = fit_outputs(items, y, mlp, seed_of(options, of), result);
    for (const std::size_t j : of.jobs) {
      results[j] = result;
      for (std::size_t i = 0; i < outputs.rows(); ++i) {
        results[j].predicted.push_back(outputs.at(i, problem.jobs[j].tag));
      }
    }
  });
  return results;
}

}  // namespace

extern const Probe mlp = {.name = "mlp",
                          .title = "multilayer perceptron",
                          .parameter = "penalty",
                          .max_iterations = 200,
                          .fit_predict = fit_predict_mlp,
                          .fit_tags = fit_tags_mlp};

}  // namespace musicrep
