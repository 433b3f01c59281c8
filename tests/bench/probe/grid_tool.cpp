// Runs the grids that grid_vs_sklearn.py times, and prints seconds, scores and peak memory as JSON.
//
//   grid_tool --choi FEATURES.npy THREADS   the 32 points of choi2017 raw, then standardised, on 10
//                                           stratified folds; 100 items a class, in order
//   grid_tool --deezer THREADS              12 points of an RBF SVR on 11,267 + 3,863 synthetic
//                                           rows, then on a half and a quarter of them
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>

#include "formats/npy.h"
#include "musicrep/error.h"
#include "protocols/folds.h"
#include "synthetic.h"

namespace musicrep {
namespace {

class Timer {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;  // Linux counts in KiB
}

/// The best mean accuracy over the folds, weighted by fold size.
double best_score(const std::vector<FitResult>& results, const std::vector<Split>& splits,
                  const std::vector<double>& y, std::size_t n_configs) {
  double best = 0;
  for (std::size_t c = 0; c < n_configs; ++c) {
    std::size_t hits = 0;
    for (std::size_t s = 0; s < splits.size(); ++s) {
      const FitResult& result = results[s * n_configs + c];
      for (std::size_t k = 0; k < splits[s].test.size(); ++k) {
        if (result.predicted[k] == y[splits[s].test[k]]) ++hits;
      }
    }
    best = std::max(best, static_cast<double>(hits) / static_cast<double>(y.size()));
  }
  return best;
}

nlohmann::json run_choi(const std::string& file, std::size_t threads) {
  const Matrix x = read_npy(file).to_matrix();
  std::vector<double> y;
  std::vector<int> classes;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    classes.push_back(static_cast<int>(i / 100));
    y.push_back(static_cast<double>(i / 100));
  }
  for (int c = 0; c <= classes.back(); ++c) names.push_back(std::to_string(c));
  const FoldRule rule{10, true, false, 0, false};
  const auto splits = splits_of(assign_folds(rule, x.rows(), classes, names, {}), 10);
  FitOptions options;
  options.threads = threads;
  nlohmann::json out;
  const Timer all;
  for (const bool standardise : {false, true}) {
    const auto configs = choi2017_grid(standardise);
    const Timer timer;
    const auto results = fit_predict(
        {x, y, true, splits, configs, all_jobs(splits.size(), configs.size())}, options);
    const char* name = standardise ? "standardised" : "raw";
    out[name] = {{"seconds", timer.seconds()},
                 {"best", best_score(results, splits, y, configs.size())}};
  }
  out["seconds"] = all.seconds();
  out["peak_mib"] = peak_mib();
  return out;
}

nlohmann::json run_deezer(std::size_t threads) {
  constexpr std::size_t kTrain = 11267;
  constexpr std::size_t kTest = 3863;
  const Synthetic data = noisy_values(kTrain + kTest, 128);
  std::vector<ProbeConfig> configs;
  for (const double c : {0.1, 2.0, 8.0, 32.0}) {
    for (const int power : {-5, -7, -9}) {
      configs.push_back({Kernel::kRbf, c, {GammaRule::Kind::kValue, std::exp2(power), "2^"}, true});
    }
  }
  FitOptions options;
  options.threads = threads;
  nlohmann::json out = nlohmann::json::array();
  for (const std::size_t part : {4U, 2U, 1U}) {
    std::vector<Split> splits(1);
    splits[0].train.resize(kTrain / part);
    splits[0].test.resize(kTest / part);
    std::iota(splits[0].train.begin(), splits[0].train.end(), 0U);
    std::iota(splits[0].test.begin(), splits[0].test.end(), static_cast<std::uint32_t>(kTrain));
    const Timer timer;
    const auto results =
        fit_predict({data.x, data.y, false, splits, configs, all_jobs(1, configs.size())}, options);
    const double seconds = timer.seconds();
    double best = 0;
    std::int64_t iterations = 0;
    bool capped = false;
    for (const FitResult& result : results) {
      double mean = 0;
      for (const std::uint32_t i : splits[0].test) mean += data.y[i];
      mean /= static_cast<double>(splits[0].test.size());
      double rest = 0;
      double total = 0;
      for (std::size_t k = 0; k < splits[0].test.size(); ++k) {
        const double truth = data.y[splits[0].test[k]];
        rest += (truth - result.predicted[k]) * (truth - result.predicted[k]);
        total += (truth - mean) * (truth - mean);
      }
      best = std::max(best, 1 - rest / total);
      iterations += result.iterations;
      capped = capped || result.cap_hit;
    }
    out.push_back({{"train", splits[0].train.size()},
                   {"seconds", seconds},
                   {"best_r2", best},
                   {"iterations", iterations},
                   {"cap_hit", capped},
                   {"peak_mib", peak_mib()}});
  }
  return out;
}

int main_program(const std::vector<std::string>& arguments) {
  nlohmann::json out;
  if (arguments.size() == 3 && arguments[0] == "--choi") {
    out = run_choi(arguments[1], std::stoul(arguments[2]));
  } else if (arguments.size() == 2 && arguments[0] == "--deezer") {
    out = run_deezer(std::stoul(arguments[1]));
  } else {
    fmt::print(stderr, "usage: grid_tool --choi FEATURES.npy THREADS | --deezer THREADS\n");
    return 2;
  }
  fmt::print("{}\n", out.dump());
  return 0;
}

}  // namespace
}  // namespace musicrep

int main(int argc, char** argv) {
  try {
    return musicrep::main_program({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    fmt::print(stderr, "grid_tool: {}\n", error.what());
    return 3;
  }
}
