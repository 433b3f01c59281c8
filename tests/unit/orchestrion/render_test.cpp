#include "datasets/orchestrion/render.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "audio/decode.h"
#include "datasets/orchestrion/master.h"
#include "datasets/orchestrion/rendered.h"
#include "musicrep/error.h"
#include "orchestrion_testing.h"
#include "test_files.h"

namespace musicrep::orchestrion {
namespace {

namespace fs = std::filesystem;
using Catch::Contains;

std::vector<std::string> bytes_of_all(const std::vector<fs::path>& paths) {
  std::vector<std::string> all;
  for (const fs::path& path : paths) all.push_back(bytes_of(path));
  return all;
}

TEST_CASE("the bits depend neither on the jobs nor on the order") {
  const Orchestrion corpus = compose_orchestrion(tiny(Corpus::kGenres));
  const TempFolder one;
  const TempFolder two;
  const std::vector<fs::path> with_one = render_corpus(corpus, one.path(), 1);
  const std::vector<fs::path> with_two = render_corpus(corpus, two.path(), 2);
  CHECK(bytes_of_all(with_one) == bytes_of_all(with_two));

  Renderer renderer(render_options(corpus.options));
  for (std::size_t i = corpus.items.size(); i-- > 0;) {
    const Item& item = corpus.items[i];
    INFO(item.id);
    const Samples samples = renderer.render(item.score, corpus.options.clip_s, item.seed);
    const Pcm decoded = decode_audio(with_one[i]);
    CHECK(to_pcm(samples).values == decoded.values);
  }
  const Item& item = corpus.items[7];
  CHECK(render_item(corpus.options, item).values == decode_audio(with_one[7]).values);
}

TEST_CASE("a tiny corpus is rendered in seconds, to the length and level asked for") {
  const Orchestrion corpus = compose_orchestrion(tiny(Corpus::kEvents));
  const auto begin = std::chrono::steady_clock::now();
  Renderer renderer(render_options(corpus.options));
  for (const Item& item : corpus.items) {
    INFO(item.id);
    RenderReport report;
    const Samples samples = renderer.render(item.score, corpus.options.clip_s, item.seed, &report);
    REQUIRE(samples.interleaved.size() == 2 * 44100);
    const auto [low, high] =
        std::minmax_element(samples.interleaved.begin(), samples.interleaved.end());
    CHECK(*low > -32768);
    CHECK(*high < 32767);
    CHECK(report.limited_share < 0.02);
    double square = 0;
    for (const std::int16_t sample : samples.interleaved) square += double{1} * sample * sample;
    const double rms = std::sqrt(square / static_cast<double>(samples.interleaved.size())) / 32768;
    CHECK(rms == Approx(item.score.production.target_rms).epsilon(0.1));
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  CHECK(took.count() < 5);
}

TEST_CASE("what is there is not rendered again, what is damaged is") {
  const Orchestrion corpus = compose_orchestrion(tiny(Corpus::kMoods));
  const TempFolder cache;
  const std::vector<fs::path> paths = render_corpus(corpus, cache.path(), 2);
  const std::string whole = bytes_of(paths[3]);
  const auto written = fs::last_write_time(paths[4]);
  fs::resize_file(paths[3], 20);
  std::vector<std::size_t> seen;
  CHECK(render_corpus(corpus, cache.path(), 2, [&](std::size_t done, std::size_t total) {
          seen.push_back(done);
          CHECK(total == 20);
        }) == paths);
  CHECK(bytes_of(paths[3]) == whole);
  CHECK(fs::last_write_time(paths[4]) == written);
  CHECK(seen.size() == 20);
  CHECK(std::is_sorted(seen.begin(), seen.end()));
}

TEST_CASE("the cache's folder changes with what the samples depend on") {
  const Orchestrion corpus = compose_orchestrion(tiny(Corpus::kMoods));
  const fs::path folder = rendered_folder(corpus, "cache");
  CHECK(folder.parent_path() == fs::path("cache") / "orchestrion");
  Orchestrion other = corpus;
  other.options.channels = 1;
  CHECK(rendered_folder(other, "cache") != folder);
  other = corpus;
  other.items[5].score.notes[0].velocity ^= 1;
  CHECK(rendered_folder(other, "cache") != folder);
  other = corpus;
  other.options.rater_noise = 0;  // moves labels alone
  CHECK(rendered_folder(other, "cache") == folder);
}

TEST_CASE("mono is the mean of both channels") {
  OrchestrionOptions options = tiny(Corpus::kGenres);
  const Orchestrion corpus = compose_orchestrion(options);
  const Pcm stereo = render_item(options, corpus.items[0]);
  options.channels = 1;
  const Pcm mono = render_item(options, corpus.items[0]);
  REQUIRE(mono.frames == stereo.frames);
  double worst = 0;
  for (std::size_t i = 0; i < mono.frames; ++i) {
    const double mean = (double{stereo.channel(0)[i]} + double{stereo.channel(1)[i]}) / 2;
    worst = std::max(worst, std::abs(mean - double{mono.values[i]}));
  }
  CHECK(worst < 1.1 / 32768);
}

TEST_CASE("a SoundFont that is missing or is none is refused with the package's name") {
  const TempFolder folder;
  OrchestrionOptions options = tiny(Corpus::kGenres);
  options.soundfont = folder.path() / "absent.sf2";
  const Orchestrion corpus = compose_orchestrion(options);
  const std::string missing =
      message_of<DataError>([&] { static_cast<void>(render_corpus(corpus, folder.path(), 1)); });
  CHECK_THAT(missing,
             Contains("absent.sf2") && Contains("no such file") && Contains("timgm6mb-soundfont"));
  const std::string whole = bytes_of(kDefaultSoundfont);
  const std::pair<std::string, std::string> odd_files[] = {
      {"", "found no RIFF header"},
      {"not a SoundFont at all", "found no RIFF header"},
      {whole.substr(0, 100000), "found 100000 bytes where its header promises"}};
  for (const auto& [bytes, found] : odd_files) {
    options.soundfont = folder.write("odd.sf2", bytes);
    const std::string odd =
        message_of<DataError>([&] { static_cast<void>(render_item(options, corpus.items[0])); });
    CHECK_THAT(odd, Contains("odd.sf2") && Contains(found) && Contains("timgm6mb-soundfont"));
  }
}

TEST_CASE("an instrument that the SoundFont lacks is named") {
  const Orchestrion corpus = compose_orchestrion(tiny(Corpus::kGenres));
  Score score = corpus.items[0].score;
  score.parts[0] = {Role::kDrums, 99, 100, 64, 40, 0};
  Renderer renderer(render_options(corpus.options));
  CHECK_THAT(message_of<DataError>([&] { static_cast<void>(renderer.render(score, 1, 1)); }),
             Contains("TimGM6mb.sf2") && Contains("bank 128 program 99"));
}

TEST_CASE("a folder that cannot be written is refused before any work") {
  const TempFolder folder;
  const std::string file = folder.write("file", "x");
  const Orchestrion corpus = compose_orchestrion(tiny(Corpus::kGenres));
  CHECK_THAT(message_of<DataError>([&] { static_cast<void>(render_corpus(corpus, file, 1)); }),
             Contains(file));
}

TEST_CASE("FluidSynth prints nothing") {
  const TempFolder folder;
  const fs::path printed = folder.path() / "printed";
  const Orchestrion corpus = compose_orchestrion(tiny(Corpus::kEvents));
  const int out = ::dup(STDOUT_FILENO);
  const int err = ::dup(STDERR_FILENO);
  const int file = ::open(printed.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
  ::dup2(file, STDOUT_FILENO);
  ::dup2(file, STDERR_FILENO);
  for (std::size_t i = 0; i < 5; ++i) {
    static_cast<void>(render_item(corpus.options, corpus.items[i]));
  }
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  for (const int descriptor : {out, err, file}) ::close(descriptor);
  CHECK(bytes_of(printed).empty());
}

TEST_CASE("the limiter bends, and never reaches full scale") {
  Stereo audio;
  for (int i = 0; i < 1000; ++i) {
    audio.left.push_back(i % 100 == 0 ? 40.0F : 0.1F);
    audio.right.push_back(i % 100 == 0 ? -40.0F : 0.1F);
  }
  Production production;
  production.target_rms = 0.2;
  double gain = 0;
  CHECK(master(audio, production, 1, gain) == Approx(0.01));
  CHECK(gain > 0);
  for (const float sample : audio.left) CHECK(std::abs(sample) < 1);
  CHECK(audio.left[0] > 0.8F);
  CHECK(audio.right[0] == -audio.left[0]);
}

TEST_CASE("silence stays silent") {
  Stereo audio{std::vector<float>(100), std::vector<float>(100)};
  Production production;
  production.noise_rms = 0.1;
  double gain = 1;
  CHECK(master(audio, production, 1, gain) == 0);
  CHECK(gain == 0);
  CHECK(audio.left == std::vector<float>(100));
}

}  // namespace
}  // namespace musicrep::orchestrion
