// How fast the built-in corpus is composed and rendered. "x_real_time" is the seconds of audio made
// in a second.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <filesystem>

#include "datasets/orchestrion/rendered.h"

namespace musicrep::orchestrion {
namespace {

OrchestrionOptions one_clip_an_artist() {
  OrchestrionOptions options;
  options.n_artists = 20;
  options.n_clips = 20;
  return options;
}

void compose(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(compose_orchestrion(one_clip_an_artist()));
  state.counters["clips"] = benchmark::Counter(20.0 * static_cast<double>(state.iterations()),
                                               benchmark::Counter::kIsRate);
}
BENCHMARK(compose)->Unit(benchmark::kMillisecond);

/// One core, all ten styles, without writing files.
void render(benchmark::State& state) {
  const Orchestrion corpus = compose_orchestrion(one_clip_an_artist());
  Renderer renderer(render_options(corpus.options));
  for (auto _ : state) {
    for (const Item& item : corpus.items) {
      benchmark::DoNotOptimize(renderer.render(item.score, corpus.options.clip_s, item.seed));
    }
  }
  const double audio_s = corpus.options.clip_s * static_cast<double>(corpus.items.size());
  state.counters["x_real_time"] = benchmark::Counter(
      audio_s * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(render)->Unit(benchmark::kMillisecond);

/// As a run does it: to FLAC files in a cache, on so many threads.
void render_to_cache(benchmark::State& state) {
  const Orchestrion corpus = compose_orchestrion(one_clip_an_artist());
  const std::filesystem::path cache =
      std::filesystem::temp_directory_path() / "musicrep_orchestrion_bench";
  for (auto _ : state) {
    state.PauseTiming();
    std::filesystem::remove_all(cache);
    state.ResumeTiming();
    benchmark::DoNotOptimize(
        render_corpus(corpus, cache, static_cast<std::size_t>(state.range(0))));
  }
  std::filesystem::remove_all(cache);
  const double audio_s = corpus.options.clip_s * static_cast<double>(corpus.items.size());
  state.counters["x_real_time"] = benchmark::Counter(
      audio_s * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(render_to_cache)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace musicrep::orchestrion
