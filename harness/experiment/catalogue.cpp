#include "experiment/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "datasets/orchestrion/orchestrion.h"
#include "datasets/orchestrion/render.h"
#include "datasets/orchestrion/rendered.h"

namespace musicrep {
namespace {

// Composed now, rendered when an encoder asks for audio.
Dataset load_orchestrion(const Options& options, const std::filesystem::path& cache) {
  const auto corpus = std::make_shared<const orchestrion::Orchestrion>(
      orchestrion::compose_orchestrion(orchestrion::options_from(options)));
  Dataset dataset = corpus->dataset;
  const std::filesystem::path folder = orchestrion::rendered_folder(*corpus, cache);
  for (const std::string& id : dataset.ids) dataset.audio.push_back(folder / (id + ".flac"));
  dataset.audio_sha256 = folder.filename().string();
  dataset.notes.push_back(
      fmt::format("audio `{}`: the hash of the notes, the options, the SoundFont's bytes and "
                  "FluidSynth {}",
                  dataset.audio_sha256.substr(0, 12), orchestrion::fluidsynth_version()));
  dataset.make_audio = [corpus, cache](std::size_t jobs,
                                       const orchestrion::RenderProgress& on_progress) {
    orchestrion::render_corpus(*corpus, cache, jobs, on_progress);
  };
  return dataset;
}

}  // namespace

std::vector<DatasetKind> all_dataset_kinds(const std::filesystem::path& cache) {
  std::vector<DatasetKind> kinds = dataset_kinds();
  DatasetKind built_in = orchestrion::orchestrion_kind();
  built_in.load = [cache](const Options& options) { return load_orchestrion(options, cache); };
  kinds.push_back(std::move(built_in));
  std::ranges::sort(kinds, {}, &DatasetKind::name);
  return kinds;
}

}  // namespace musicrep
