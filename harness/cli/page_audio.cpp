#include "cli/page_audio.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "audio/decode.h"
#include "audio/resample.h"
#include "audio_check/mel_pictures.h"
#include "cli/commands.h"
#include "core/files.h"
#include "experiment/catalogue.h"
#include "experiment/experiment.h"
#include "formats/toml_reader.h"
#include "musicrep/error.h"

namespace musicrep::cli {
namespace {

namespace fs = std::filesystem;

/// A path as a link: bytes that a link cannot hold are "%20" and the like.
std::string link_text(const std::string& path) {
  std::string out;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("/._-~").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string base64(std::string_view bytes) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    unsigned group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8U | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= n ? kDigits[group >> (18 - 6 * k) & 63U] : '=';
    }
  }
  return out;
}

std::string media_type(const fs::path& file) {
  static const std::map<std::string, std::string> kTypes = {
      {".flac", "audio/flac"}, {".wav", "audio/wav"}, {".mp3", "audio/mpeg"}, {".ogg", "audio/ogg"},
      {".opus", "audio/ogg"},  {".m4a", "audio/mp4"}, {".aac", "audio/aac"}};
  const auto at = kTypes.find(file.extension().string());
  return at == kTypes.end() ? "application/octet-stream" : at->second;
}

/// How many predictions of classes were wrong, by item.
std::unordered_map<std::string, std::size_t> mistakes(const Results& results,
                                                      const std::string& dataset) {
  std::unordered_map<std::string, std::size_t> out;
  for (const ResultRow& row : results.rows) {
    if (row.dataset != dataset || !row.failure.empty()) continue;
    for (const TargetResult& target : row.targets) {
      if (target.classes.empty() || target.truth.size() != row.item_ids.size()) continue;
      for (std::size_t i = 0; i < row.item_ids.size(); ++i) {
        if (target.truth[i] != target.predicted[i]) ++out[row.item_ids[i]];
      }
    }
  }
  return out;
}

/// Places of the clips that go into the page: most mistakes first, then the data set's order.
std::vector<std::size_t> embedded_items(const Dataset& dataset, const Results& results,
                                        std::size_t n) {
  const auto wrong = mistakes(results, dataset.name);
  std::vector<std::pair<std::size_t, std::size_t>> order;  // mistakes, place
  for (std::size_t i = 0; i < dataset.ids.size(); ++i) {
    const auto at = wrong.find(dataset.ids[i]);
    order.emplace_back(at == wrong.end() ? 0 : at->second, i);
  }
  std::ranges::stable_sort(order, [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::size_t> out;
  for (std::size_t k = 0; k < std::min(n, order.size()); ++k) out.push_back(order[k].second);
  return out;
}

/// The file's bytes and its spectrogram; left as it is where the file cannot be read.
void embed(PageClip& clip, const fs::path& file) {
  constexpr double kRateHz = 22050;
  constexpr double kLongestS = 30;
  try {
    const Pcm pcm = resampled(decode_audio(file, {.channels = 1, .max_duration_s = kLongestS}),
                              kRateHz, ResamplerKind::kSoxrHq);
    clip.picture = mel_picture(pcm.values);
    clip.audio = fmt::format("data:{};base64,{}", media_type(file), base64(read_file(file)));
  } catch (const Error&) {  // the page's player says that the file is not there
  }
}

PageClips clips_of(const Dataset& dataset, const Results& results,
                   const PageAudioOptions& options) {
  PageClips out;
  std::error_code none;
  const fs::path folder = fs::weakly_canonical(fs::absolute(options.folder), none);
  for (std::size_t i = 0; i < dataset.ids.size(); ++i) {
    PageClip& clip = out.clips[dataset.ids[i]];
    if (i < dataset.groups.size()) clip.artist = dataset.groups[i];
    if (i < dataset.texts.size()) clip.text = dataset.texts[i];
    if (i >= dataset.audio.size()) continue;
    const fs::path file = fs::weakly_canonical(fs::absolute(dataset.audio[i]), none);
    clip.audio = link_text(file.lexically_proximate(folder).string());
  }
  if (dataset.audio.empty()) out.problem = "The data set has no audio.";
  if (dataset.audio.size() == dataset.ids.size()) {
    for (const std::size_t i : embedded_items(dataset, results, options.n_embedded)) {
      embed(out.clips[dataset.ids[i]], dataset.audio[i]);
    }
  }
  return out;
}

bool uses_audio(const Results& results, const std::string& dataset) {
  const auto at = std::ranges::find(results.datasets, dataset, &DatasetRecord::name);
  return at != results.datasets.end() && !at->audio_pcm_sha256.empty();
}

}  // namespace

ClipsOfDatasets clips_of_plan(const Plan& plan, const Results& results,
                              const PageAudioOptions& options) {
  ClipsOfDatasets out;
  for (const auto& prepared : plan.datasets) {
    if (!uses_audio(results, prepared->data->name)) continue;
    out[prepared->data->name] = clips_of(*prepared->data, results, options);
  }
  return out;
}

ClipsOfDatasets clips_of_results(const Results& results, const PageAudioOptions& options,
                                 const std::optional<fs::path>& data_dir, const fs::path& cache) {
  ClipsOfDatasets out;
  const std::vector<DatasetKind> kinds = all_dataset_kinds(cache);
  // Relative paths are the experiment file's, where that is known; else this folder's.
  fs::path base = fs::current_path();
  try {
    base = find_experiment(results.experiment).parent_path();
  } catch (const Error&) {
  }
  for (const DatasetRecord& record : results.datasets) {
    if (!uses_audio(results, record.name)) continue;
    try {
      const TomlTable root = TomlTable::parse(results.experiment_toml, "experiment");
      const auto datasets = root.table("dataset");
      if (!datasets || !datasets->has(record.name))
        throw DataError("its experiment does not name it");
      const auto table = datasets->table(record.name);
      const std::string kind_name = table->text("kind");
      const auto kind = std::ranges::find(kinds, kind_name, &DatasetKind::name);
      if (kind == kinds.end()) throw DataError("this version does not know its kind");
      const Options resolved =
          resolve_options(table->remaining_options(), kind->options, record.name, base, data_dir);
      out[record.name] =
          clips_of(load_dataset(kinds, record.name, kind_name, resolved), results, options);
    } catch (const Error& error) {
      out[record.name].problem =
          fmt::format("No audio of '{}' here: {}", record.name, error.what());
    }
  }
  return out;
}

}  // namespace musicrep::cli
