// How fast audio becomes features, as times real time: seconds of audio for a second of CPU.
#include <benchmark/benchmark.h>
#include <sndfile.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "audio/decode.h"
#include "audio/load.h"
#include "audio/resample.h"
#include "core/parallel.h"
#include "core/random.h"
#include "frontend/front_ends.h"
#include "frontend/log_mel.h"
#include "mfcc/mfcc.h"

namespace musicrep {
namespace {

namespace fs = std::filesystem;

constexpr double kDurationS = 30;
constexpr int kRateHz = 22050;

/// Tones and noise, as long as a clip of GTZAN.
std::vector<float> clip(int rate_hz, double duration_s = kDurationS) {
  Random random(1);
  std::vector<float> out(static_cast<std::size_t>(duration_s * rate_hz));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double t = static_cast<double>(i) / rate_hz;
    const double tone = 0.3 * std::sin(2764 * t) + 0.2 * std::sin(8292 * t);
    out[i] = static_cast<float>(tone + 0.1 * (2 * random.uniform() - 1));
  }
  return out;
}

/// A folder with the clip in several formats, removed at the end of the program.
class Folder {
 public:
  Folder()
      : path_(fs::temp_directory_path() / ("musicrep-audio-bench-" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
    const std::vector<float> samples = clip(kRateHz);
    const auto write = [&](const std::string& name, int format) {
      SF_INFO info = {0, kRateHz, 1, format, 0, 0};
      SNDFILE* file = sf_open((path_ / name).c_str(), SFM_WRITE, &info);
      if (file == nullptr) std::abort();
      sf_writef_float(file, samples.data(), static_cast<sf_count_t>(samples.size()));
      sf_close(file);
    };
    write("clip.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16);
    write("clip.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16);
    write("clip.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS);
    write("clip.mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III);
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] fs::path file(const std::string& extension) const {
    return path_ / ("clip." + extension);
  }

 private:
  fs::path path_;
};

const Folder& folder() {
  static const Folder only;
  return only;
}

void count_audio(benchmark::State& state, double seconds) {
  state.counters["x_real_time"] = benchmark::Counter(
      seconds * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void decode(benchmark::State& state, const char* extension) {
  const fs::path path = folder().file(extension);
  for (auto _ : state) benchmark::DoNotOptimize(decode_audio(path));
  count_audio(state, kDurationS);
}
BENCHMARK_CAPTURE(decode, wav, "wav")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(decode, flac, "flac")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(decode, ogg, "ogg")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(decode, mp3, "mp3")->Unit(benchmark::kMillisecond);

void kaiser_best(benchmark::State& state) {
  const auto from_hz = static_cast<int>(state.range(0));
  const std::vector<float> samples = clip(from_hz);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        resample_kaiser_best(samples, from_hz, static_cast<double>(state.range(1))));
  }
  count_audio(state, kDurationS);
}
BENCHMARK(kaiser_best)
    ->Args({22050, 12000})
    ->Args({44100, 12000})
    ->Args({44100, 16000})
    ->Args({44099, 16000})
    ->Unit(benchmark::kMillisecond);

void soxr(benchmark::State& state) {
  const std::vector<float> samples = clip(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(resample_soxr(samples, static_cast<double>(state.range(0)),
                                           static_cast<double>(state.range(1))));
  }
  count_audio(state, kDurationS);
}
BENCHMARK(soxr)->Args({22050, 12000})->Args({44100, 16000})->Unit(benchmark::kMillisecond);

void log_mel(benchmark::State& state, const char* name) {
  const LogMel front_end(musicrep::front_end(name).config);
  const std::vector<float> samples = clip(static_cast<int>(front_end.config().sample_rate_hz));
  for (auto _ : state) benchmark::DoNotOptimize(front_end.compute(samples));
  count_audio(state, kDurationS);
}
BENCHMARK_CAPTURE(log_mel, mfcc, "mfcc_choi2017")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(log_mel, tlm, "tlm_keras2")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(log_mel, mtlmr, "mtlmr")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(log_mel, vggish, "vggish")->Unit(benchmark::kMillisecond);

void encode_file(const fs::path& path, Mfcc& mfcc, const EncoderInfo& info) {
  const Pcm pcm = load_audio(path, info);
  const Signal signal = {path.string(), pcm.values, pcm.channels, pcm.frames};
  benchmark::DoNotOptimize(mfcc.encode({&signal, 1}));
}

/// Decoding, resampling and features, from a file of 30 s at 22050 Hz.
void mfcc_from_file(benchmark::State& state, const char* extension) {
  const EncoderInfo info = Mfcc::static_info();
  const fs::path path = folder().file(extension);
  Mfcc mfcc({});
  for (auto _ : state) encode_file(path, mfcc, info);
  count_audio(state, info.max_duration_s);  // not more than it looks at
}
BENCHMARK_CAPTURE(mfcc_from_file, wav, "wav")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(mfcc_from_file, flac, "flac")->Unit(benchmark::kMillisecond);

/// The same on several threads; x_real_time is by the clock on the wall.
void mfcc_in_parallel(benchmark::State& state) {
  constexpr std::size_t kFiles = 16;
  const EncoderInfo info = Mfcc::static_info();
  const fs::path path = folder().file("wav");
  Mfcc mfcc({});
  for (auto _ : state) {
    parallel_for(kFiles, static_cast<std::size_t>(state.range(0)),
                 [&](std::size_t) { encode_file(path, mfcc, info); });
  }
  count_audio(state, info.max_duration_s * kFiles);
}
BENCHMARK(mfcc_in_parallel)
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace musicrep
