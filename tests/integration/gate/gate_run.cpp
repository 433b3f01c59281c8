// `musicrep run` with MFCC and feature files alone, without the networks, with one fault planted.
// Faults of encoders stand here; those inside the harness stand where they act, behind
// fault_planted() (core/planted_fault.h), so that rewriting the code around one cannot lose it
// unseen: a fault that was never asked for is an error.
//
//     gate_run list
//     gate_run FAULT EXPERIMENT OUT CACHE       FAULT "none": the program as it is
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/planted_fault.h"
#include "mfcc.h"
#include "planner/prepare.h"
#include "planner/run.h"
#include "store/results.h"

void musicrep_register_mfcc(musicrep::EncoderRegistry& registry);
void musicrep_register_features(musicrep::EncoderRegistry& registry);

namespace {

constexpr std::string_view kNone = "none";
constexpr std::string_view kBatchNormalised = "batch_normalised";
constexpr std::string_view kFaults[] = {kNone,          kBatchNormalised, "mel_edge",
                                        "window_width", "shuffled_folds", "leaking_scaler",
                                        "kernel_width"};

std::string_view planted = kNone;
std::atomic<bool> was_reached = false;

/// Vectors centred on the mean of their batch: one clip alone is as ever.
class BatchNormalised final : public musicrep::Mfcc {
 public:
  using Mfcc::Mfcc;
  std::vector<musicrep::Matrix> encode(std::span<const musicrep::Signal> signals) override {
    std::vector<musicrep::Matrix> out = Mfcc::encode(signals);
    was_reached = true;
    if (out.size() < 2) return out;
    double mean = 0;
    for (const musicrep::Matrix& m : out) mean += m.at(0, 0) / static_cast<double>(out.size());
    for (musicrep::Matrix& m : out) m.at(0, 0) -= mean;
    return out;
  }
};

class Silent final : public musicrep::Progress {
 public:
  void plan(std::size_t) override {}
  void begin(const std::string&) override {}
  void update(std::size_t, std::size_t) override {}
  void end(const std::string&) override {}
};

void run_experiment(const char* experiment, const std::string& out, const char* cache) {
  using namespace musicrep;  // NOLINT(google-build-using-namespace): the program's own
  EncoderRegistry registry;
  musicrep_register_mfcc(registry);
  musicrep_register_features(registry);
  if (planted == kBatchNormalised) {
    registry.replace(
        Mfcc::static_info(),
        [](const EncoderArgs& args) { return std::make_unique<BatchNormalised>(args); }, {});
  }
  PrepareOptions options;
  options.cache = cache;
  const Plan plan = prepare(experiment, registry, options);
  Silent progress;
  const ArtefactStore store(options.cache);
  const Results results = run(plan, {store, registry}, progress);
  write_results(results, out + "/results.h5");
}

}  // namespace

bool musicrep::fault_planted(std::string_view name) {
  if (name != planted) return false;
  was_reached = true;
  return true;
}

int main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "list") {
    for (const std::string_view fault : kFaults) {
      std::printf("%.*s\n", static_cast<int>(fault.size()), fault.data());
    }
    return 0;
  }
  if (argc != 5 || std::ranges::find(kFaults, argv[1]) == std::end(kFaults)) {
    std::fprintf(stderr, "usage: gate_run FAULT EXPERIMENT OUT CACHE; gate_run list\n");
    return 2;
  }
  planted = argv[1];
  try {
    run_experiment(argv[2], argv[3], argv[4]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gate_run: %s\n", error.what());
    return 1;
  }
  if (planted != kNone && !was_reached) {
    std::fprintf(stderr, "gate_run: the fault '%s' was never reached\n", argv[1]);
    return 1;
  }
  return 0;
}
