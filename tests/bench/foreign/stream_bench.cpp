// Programs that stay: clips a second through the pipe of a Python function that does next to
// nothing.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "foreign/python_program.h"
#include "foreign/stream_process.h"

namespace musicrep {
namespace {

StreamCommand stub() {
  StreamCommand out;
  out.argv = {"/usr/bin/python3", "{program}/musicrep.py", "{program}/mine.py", "embed", ""};
  out.environment = {"PYTHONDONTWRITEBYTECODE=1"};
  out.files = {{"musicrep.py", python_helper()},
               {"mine.py", "def embed(audio):\n    return [audio.mean(), audio.std()]\n"}};
  return out;
}

// range(0): clips a call; range(1): seconds of 16 kHz audio in a clip.
void stream_clips(benchmark::State& state) {
  StreamProcess process(stub());
  const ProgramLimits limits{60, 0};
  process.hello(limits);
  const std::vector<float> samples(static_cast<std::size_t>(state.range(1)) * 16000, 0.25F);
  const std::vector<Signal> batch(static_cast<std::size_t>(state.range(0)),
                                  {"clip", samples, 1, samples.size()});
  for (auto _ : state) {
    benchmark::DoNotOptimize(process.encode(batch, InputKind::kPcm, limits));
  }
  state.counters["clips"] = benchmark::Counter(
      static_cast<double>(state.iterations() * state.range(0)), benchmark::Counter::kIsRate);
}
BENCHMARK(stream_clips)->Args({1, 1})->Args({16, 1})->Args({16, 10})->Args({16, 30})->UseRealTime();

}  // namespace
}  // namespace musicrep
