#include "datasets/orchestrion/rendered.h"

#include <fmt/format.h>
#include <sndfile.h>

#include <cerrno>
#include <memory>
#include <mutex>
#include <system_error>
#include <utility>

#include "core/files.h"
#include "core/hash.h"
#include "core/parallel.h"
#include "musicrep/error.h"

namespace musicrep::orchestrion {
namespace {

namespace fs = std::filesystem;

struct CloseSndfile {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using Sndfile = std::unique_ptr<SNDFILE, CloseSndfile>;

/// Whether the file is a clip of this corpus, by its header.
bool is_rendered(const fs::path& path, const OrchestrionOptions& options) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return false;
  SF_INFO info{};
  const Sndfile file(sf_open(path.c_str(), SFM_READ, &info));
  return file && info.samplerate == options.sample_rate_hz && info.channels == options.channels &&
         info.frames == static_cast<sf_count_t>(options.clip_s * options.sample_rate_hz + 0.5);
}

void write_flac(const fs::path& path, const Samples& samples, const OrchestrionOptions& options) {
  SF_INFO info{};
  info.samplerate = samples.sample_rate_hz;
  info.channels = samples.channels;
  info.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
  // libsndfile does not pass the system's reason on.
  errno = 0;
  const auto reason = [](SNDFILE* of) {
    return errno != 0 ? std::generic_category().message(errno) : std::string(sf_strerror(of));
  };
  Sndfile file(sf_open(path.c_str(), SFM_WRITE, &info));
  if (!file) {
    throw DataError(
        fmt::format("{}: cannot be written as FLAC: {}", path.string(), reason(nullptr)));
  }
  const auto frames = static_cast<sf_count_t>(samples.interleaved.size()) / samples.channels;
  const sf_count_t written = sf_writef_short(file.get(), samples.interleaved.data(), frames);
  if (written != frames) {
    throw DataError(fmt::format("{}: wrote {} of {} frames: {}", path.string(), written, frames,
                                reason(file.get())));
  }
  const bool closed = sf_close(file.release()) == 0;
  const std::string why = reason(nullptr);
  // libsndfile does not report when the header, which comes last, cannot be written.
  if (!closed || !is_rendered(path, options)) {
    throw DataError(fmt::format("{}: cannot be written whole: {}", path.string(), why));
  }
}

/// Renderers that wait for a thread: reading the SoundFont is done once a thread, not once a clip.
class RendererPool {
 public:
  explicit RendererPool(RenderOptions options) : options_(std::move(options)) {}
  std::unique_ptr<Renderer> take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        std::unique_ptr<Renderer> renderer = std::move(idle_.back());
        idle_.pop_back();
        return renderer;
      }
    }
    return std::make_unique<Renderer>(options_);
  }
  void give_back(std::unique_ptr<Renderer> renderer) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(renderer));
  }

 private:
  RenderOptions options_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Renderer>> idle_;
};

}  // namespace

RenderOptions render_options(const OrchestrionOptions& options) {
  return {options.soundfont, options.sample_rate_hz, options.channels};
}

Pcm render_item(const OrchestrionOptions& options, const Item& item) {
  const OrchestrionOptions complete = complete_options(options);
  Renderer renderer(render_options(complete));
  return to_pcm(renderer.render(item.score, complete.clip_s, item.seed));
}

fs::path rendered_folder(const Orchestrion& corpus, const fs::path& cache) {
  const OrchestrionOptions& options = corpus.options;
  // The same message for a missing SoundFont, whoever asks first.
  const Renderer check(render_options(options));
  const nlohmann::json key = {{"generator", kGeneratorVersion},
                              {"corpus", corpus_name(options.corpus)},
                              {"composition", composition_sha256(corpus)},
                              {"clip_s", options.clip_s},
                              {"sample_rate_hz", options.sample_rate_hz},
                              {"channels", options.channels},
                              {"seed", options.seed},
                              {"soundfont", sha256_of_file(options.soundfont)},
                              {"fluidsynth", fluidsynth_version()}};
  return cache / "orchestrion" / sha256_of_json(key);
}

std::vector<fs::path> render_corpus(const Orchestrion& corpus, const fs::path& cache,
                                    std::size_t jobs, const RenderProgress& progress) {
  const fs::path folder = rendered_folder(corpus, cache);
  require_writable_folder(folder);
  std::vector<fs::path> paths;
  paths.reserve(corpus.items.size());
  for (const Item& item : corpus.items) paths.push_back(folder / (item.id + ".flac"));

  RendererPool pool(render_options(corpus.options));
  std::mutex progress_mutex;
  std::size_t done = 0;
  parallel_for(paths.size(), jobs, [&](std::size_t i) {
    if (!is_rendered(paths[i], corpus.options)) {
      std::unique_ptr<Renderer> renderer = pool.take();
      const Item& item = corpus.items[i];
      const Samples samples = renderer->render(item.score, corpus.options.clip_s, item.seed);
      pool.give_back(std::move(renderer));
      write_atomically(paths[i],
                       [&](const fs::path& path) { write_flac(path, samples, corpus.options); });
    }
    const std::lock_guard lock(progress_mutex);
    ++done;
    if (progress) progress(done, paths.size());
  });
  return paths;
}

}  // namespace musicrep::orchestrion
