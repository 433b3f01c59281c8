// MTLMR: seconds of audio for a second of one core, steps of training a second, peak memory.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <filesystem>

#include "frontend/front_ends.h"
#include "mtlmr/mtlmr_task.h"
#include "mtlmr/mtlmr_weights.h"
#include "mtlmr/patches.h"
#include "nn/random.h"
#include "nn/state.h"
#include "nn/threads.h"
#include "unit/mtlmr/mtlmr_testing.h"

namespace musicrep {
namespace {

constexpr double kClipS = 10;

void count_audio(benchmark::State& state, double seconds) {
  state.counters["x_real_time"] = benchmark::Counter(
      seconds * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void count_peak_memory(benchmark::State& state) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.counters["peak_MiB"] = static_cast<double>(usage.ru_maxrss) / 1024;
}

MtlmrNet network(const std::string& branch_at) {
  MtlmrNet net(MtlmrConfig{{{"tags", 50, false}, {"self", 2, true}}, branch_at});
  torch::Generator generator = make_generator(1);
  initialise_glorot(*net, generator);
  net->set_scaler(torch::full(128, -40.0), torch::full(128, 12.0));
  return net;
}

/// From samples to the vector.
void encode(benchmark::State& state, const char* branch_at) {
  MtlmrNet net = network(branch_at);
  Weights weights = mtlmr_description(net->config(), "drop");
  weights.tensors = state_of(*net);
  weights.source = {{"kind", "made"}};
  const std::filesystem::path path = std::filesystem::temp_directory_path() / "mtlmr_bench.h5";
  write_weights(path, weights);
  EncoderArgs args;
  args.options = options_with({{"weights", path.string()}});
  Mtlmr encoder(args);
  const auto seconds = static_cast<double>(state.range(0));
  const std::vector<float> samples = tone(440, seconds, 1);
  const Signal signal = {"a clip", samples, 2, samples.size() / 2};
  for (auto _ : state) benchmark::DoNotOptimize(encoder.encode({&signal, 1}));
  count_audio(state, seconds);
  count_peak_memory(state);
}
BENCHMARK_CAPTURE(encode, fc, "fc")->Arg(10)->Arg(30)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(encode, null_2_tasks, "null")->Arg(30)->Unit(benchmark::kMillisecond);

void front_end(benchmark::State& state) {
  const LogMel front_end(musicrep::front_end("mtlmr").config);
  const std::vector<float> samples = tone(440, kClipS, 1);
  const Signal signal = {"a clip", samples, 2, samples.size() / 2};
  for (auto _ : state) {
    benchmark::DoNotOptimize(cut_patches(mtlmr_spectrogram(front_end, signal), LastPatch::kDrop));
  }
  count_audio(state, kClipS);
}
BENCHMARK(front_end)->Unit(benchmark::kMillisecond);

/// The network alone, on so many patches at once.
void patches(benchmark::State& state) {
  use_one_thread();
  const torch::InferenceMode inference;
  MtlmrNet net = network("fc");
  net->eval();
  net->fold();
  const torch::Tensor input = torch::randn({state.range(0), 2, 216, 128});
  for (auto _ : state) benchmark::DoNotOptimize(net->all_features(input));
  count_audio(state, 216 * 256 / 22050.0 * static_cast<double>(state.range(0)));
}
BENCHMARK(patches)->Arg(1)->Arg(4)->Arg(16)->Unit(benchmark::kMillisecond);

/// Steps of training of so many items each, sources and sizes as by default.
void training(benchmark::State& state) {
  TrainingCorpus corpus = made_corpus(160, kClipS);
  TrainerConfig config;
  config.batch_size = static_cast<std::size_t>(state.range(0));
  config.steps = 10;
  config.l2 = 1e-6;
  const std::vector<MtlmrTarget> targets = mtlmr_targets(corpus, options_with({}), 1);
  MtlmrTask task(MtlmrNet(mtlmr_config(targets, "fc")), targets,
                 {load_mtlmr_clips(corpus, "train", 2), {}}, false, torch::kCPU, 1);
  for (auto _ : state) benchmark::DoNotOptimize(train(task, config, 1, nullptr, {}));
  state.counters["steps_per_s"] = benchmark::Counter(
      static_cast<double>(config.steps) * static_cast<double>(state.iterations()),
      benchmark::Counter::kIsRate);
  count_peak_memory(state);
}
BENCHMARK(training)->Arg(32)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace musicrep
