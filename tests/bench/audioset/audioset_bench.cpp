// How fast AudioSet's records are read: both sets whole, from files that the system has cached.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "core/crc32c.h"
#include "datasets/audioset_clips.h"
#include "datasets/tfrecord.h"

namespace musicrep {
namespace {

void read_both_sets(benchmark::State& state) {
  const char* data = std::getenv("MUSICREP_DATA");
  const std::filesystem::path folder =
      std::filesystem::path(data != nullptr ? data : "") / "audioset" / "audioset_v1_embeddings";
  if (data == nullptr || !std::filesystem::is_directory(folder)) {
    state.SkipWithError("no audioset/audioset_v1_embeddings under $MUSICREP_DATA");
    return;
  }
  const auto threads = static_cast<std::size_t>(state.range(0));
  std::size_t clips = 0;
  for (auto _ : state) {
    clips = read_audioset_clips(folder / "bal_train", 527, threads).size() +
            read_audioset_clips(folder / "eval", 527, threads).size();
  }
  state.counters["clips"] = static_cast<double>(clips);
}
BENCHMARK(read_both_sets)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void checksum(benchmark::State& state) {
  const std::string bytes(1 << 20, 'x');
  for (auto _ : state) benchmark::DoNotOptimize(crc32c(bytes));
  state.SetBytesProcessed(state.iterations() * std::ssize(bytes));
}
BENCHMARK(checksum);

}  // namespace
}  // namespace musicrep
