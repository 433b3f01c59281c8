#include "audio_check/audio_check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "audio/examine.h"
#include "audio/ffmpeg.h"
#include "core/hash.h"
#include "core/parallel.h"
#include "core/utf8.h"
#include "musicrep/error.h"
#include "store/stored.h"

namespace musicrep {
namespace {

/// Bumped with every change of what is found in the same files.
constexpr int kAudioCheckVersion = 2;
constexpr const char* kArtefact = "audio";
/// Results are stored for this many items at a time, so that a run that is stopped goes on from
/// there, and a file that changes has few others decoded again.
constexpr std::size_t kItemsTogether = 256;

/// Of some items of `dataset`, or of all where it names its audio.
std::string key_json(const Dataset& dataset, std::span<const CheckedAudio> audio) {
  nlohmann::json key = {{"step", "check audio"}, {"version", kAudioCheckVersion}};
  if (dataset.audio_sha256.empty()) {
    key["files"] = files_sha256(audio);
  } else {
    Sha256 ids;
    for (const std::string& id : dataset.ids) ids.update_text(id);
    key["audio"] = dataset.audio_sha256;
    key["items"] = ids.hex();
  }
  return key.dump();
}

CheckedAudio hash_file(const std::filesystem::path& path) {
  CheckedAudio out;
  try {
    out.file_sha256 = sha256_of_file(path);
  } catch (const DataError& error) {
    out.problem = without_path(error.what(), path);
  }
  return out;
}

void decode(const std::filesystem::path& path, CheckedAudio& out) {
  try {
    const AudioExamination found = examine_audio(path);
    out.pcm_sha256 = found.pcm_sha256;
    out.cancels = found.cancels();
    out.silent = found.peak == 0 || out.cancels;
    out.reading = found.info.reading;
    // They were mixed by another rule once, and vectors of that are stored under the file's hash.
    if (out.reading.empty() && found.info.channels > 2) out.reading = "channels mixed by place";
  } catch (const DataError& error) {
    out.problem = without_path(error.what(), path);
  }
}

std::string to_text(std::span<const CheckedAudio> audio) {
  nlohmann::json list = nlohmann::json::array();
  for (const CheckedAudio& item : audio) {
    list.push_back({item.pcm_sha256, item.silent, item.cancels, item.reading, item.problem});
  }
  return list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool take_stored(const ArtefactStore& store, const std::string& key,
                 std::span<CheckedAudio> audio) {
  const auto text = store.get_text(kArtefact, key);
  if (!text) return false;
  const auto found = from_stored(*text, [](const nlohmann::json& list) {
    return list.get<std::vector<std::tuple<std::string, bool, bool, std::string, std::string>>>();
  });
  if (!found || found->size() != audio.size()) return false;
  // Another ffmpeg may decode other samples.
  const bool is_stale = std::ranges::any_of(*found, [](const auto& item) {
    const std::string& reading = std::get<3>(item);
    return is_ffmpeg_reading(reading) && reading != ffmpeg_reading();
  });
  if (is_stale) return false;
  for (std::size_t i = 0; i < audio.size(); ++i) {
    // What was bad is decoded again: it may have been the disk's fault, not the file's.
    std::tie(audio[i].pcm_sha256, audio[i].silent, audio[i].cancels, audio[i].reading,
             std::ignore) = (*found)[i];
  }
  return true;
}

}  // namespace

std::vector<CheckedAudio> check_audio(
    const Dataset& dataset, const ArtefactStore& store, std::size_t jobs,
    const std::function<void(std::size_t, std::size_t)>& on_progress) {
  const std::size_t n = dataset.audio.size();
  const bool has_name = !dataset.audio_sha256.empty();
  std::vector<CheckedAudio> audio(n);
  const std::size_t n_together = has_name ? n : std::min(n, kItemsTogether);
  for (std::size_t first = 0; first < n; first += n_together) {
    const std::span part = std::span(audio).subspan(first, std::min(n_together, n - first));
    if (!has_name) {
      parallel_for(part.size(), jobs,
                   [&](std::size_t i) { part[i] = hash_file(dataset.audio[first + i]); });
    }
    const std::string json = key_json(dataset, part);
    const std::string key = sha256_hex(json);
    // A file that cannot be read may be readable the next time: that is not stored.
    const bool all_read =
        std::ranges::all_of(part, [](const CheckedAudio& item) { return item.problem.empty(); });
    const bool stored = all_read && take_stored(store, key, part);
    const auto decode_item = [&](std::size_t i) {
      if (part[i].problem.empty() && part[i].pcm_sha256.empty()) {
        decode(dataset.audio[first + i], part[i]);
      }
    };
    parallel_for(part.size(), jobs, decode_item, [&](std::size_t done, std::size_t) {
      if (on_progress && !stored) on_progress(first + done, n);
    });
    if (on_progress && stored) on_progress(first + part.size(), n);
    if (all_read && !stored) {
      store.put_text(kArtefact, key, json, fmt::format("check of the audio of {}", dataset.name),
                     to_text(part));
    }
  }
  return audio;
}

bool is_audio_checked(const Dataset& dataset, const ArtefactStore& store) {
  return !dataset.audio_sha256.empty() && store.has(kArtefact, sha256_hex(key_json(dataset, {})));
}

AuditedAudio audit_audio(const Dataset& dataset, const ArtefactStore& store, bool skip_bad,
                         const std::function<void(std::size_t, std::size_t)>& on_progress) {
  const std::vector<CheckedAudio> all =
      check_audio(dataset, store, available_processors(), on_progress);
  AuditedAudio out;
  std::vector<std::size_t> kept;
  Problems problems;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].problem.empty()) {
      kept.push_back(i);
      out.audio.push_back(all[i]);
    } else {
      problems.add(fmt::format("item '{}': '{}': {}", dataset.ids[i], dataset.audio[i].string(),
                               all[i].problem));
      out.skipped.push_back({dataset.ids[i], all[i].problem});
    }
  }
  if (!skip_bad || kept.empty()) {
    problems.throw_if_any(fmt::format("audio of data set '{}':", dataset.name));
  }
  out.dataset = kept.size() == all.size() ? dataset : select_items(dataset, kept);
  return out;
}

std::string files_sha256(std::span<const CheckedAudio> audio) {
  Sha256 all;
  for (const CheckedAudio& item : audio) {
    all.update_text(item.file_sha256);
    if (!item.reading.empty()) all.update_text(item.reading);
  }
  return all.hex();
}

std::string known_audio_sha256(const Dataset& dataset) {
  if (dataset.file_sha256.empty()) return dataset.audio_sha256;
  Sha256 all;
  for (const std::string& file : dataset.file_sha256) all.update_text(file);
  if (needs_ffmpeg(dataset, {})) all.update_text(ffmpeg_reading());
  return all.hex();
}

bool needs_ffmpeg(const Dataset& dataset, std::span<const CheckedAudio> audio) {
  if (!dataset.file_sha256.empty()) return std::ranges::any_of(dataset.audio, has_ffmpeg_ending);
  return std::ranges::any_of(
      audio, [](const CheckedAudio& item) { return is_ffmpeg_reading(item.reading); });
}

void require_known_file(const Dataset& dataset, std::size_t i) {
  if (dataset.file_sha256.empty()) return;
  const std::string found = sha256_of_file(dataset.audio[i]);
  if (found != dataset.file_sha256[i]) {
    throw DataError(fmt::format("'{}': found a file with the SHA-256 {}, expected {}",
                                dataset.audio[i].string(), found, dataset.file_sha256[i]));
  }
  if (has_ffmpeg_ending(dataset.audio[i])) return;
  // The key of its vectors was made by its name, without ffmpeg's version.
  const AudioInfo info = probe_audio(dataset.audio[i]);
  if (is_ffmpeg_reading(info.reading)) {
    throw DataError(fmt::format(
        "'{}': found {}, which ffmpeg reads, expected the format of its extension '{}'; rename the file",
        dataset.audio[i].string(), info.format, dataset.audio[i].extension().string()));
  }
}

std::string pcm_sha256(std::span<const std::string> ids, std::span<const CheckedAudio> audio) {
  Sha256 all;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    all.update_text(ids[i]).update_text(audio[i].pcm_sha256);
  }
  return all.hex();
}

std::vector<std::string> audio_notes(std::span<const std::string> ids,
                                     std::span<const CheckedAudio> audio) {
  std::vector<std::string> silent;
  std::vector<std::string> cancelling;
  std::map<std::string, std::vector<std::string>> same;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (audio[i].silent) (audio[i].cancels ? cancelling : silent).push_back(ids[i]);
    if (!audio[i].silent) same[audio[i].pcm_sha256].push_back(ids[i]);
  }
  std::vector<std::string> twins;
  for (const auto& [sha, items] : same) {
    if (items.size() > 1) twins.push_back(fmt::format("{}", fmt::join(items, " = ")));
  }
  std::ranges::sort(twins);
  constexpr std::size_t kMost = 10;
  const auto listed = [kMost](std::vector<std::string> texts) {
    const std::size_t n = texts.size();
    texts.resize(std::min(n, kMost));
    if (n > kMost) texts.push_back(fmt::format("{} more", n - kMost));
    return fmt::format("{}", fmt::join(texts, ", "));
  };
  std::vector<std::string> notes;
  if (!silent.empty()) {
    notes.push_back(
        fmt::format("{} of {} items are silence: {}", silent.size(), ids.size(), listed(silent)));
  }
  if (!cancelling.empty()) {
    notes.push_back(fmt::format(
        "{} of {} items are silence once they are mixed to one channel, because their channels cancel each other: {}",
        cancelling.size(), ids.size(), listed(cancelling)));
  }
  if (!twins.empty()) {
    notes.push_back(
        fmt::format("the same audio to the sample under several ids: {}", listed(twins)));
  }
  return notes;
}

std::string without_path(const std::string& message, const std::filesystem::path& path) {
  const std::string head = fmt::format("'{}': ", path.string());
  if (message.starts_with(head)) return escaped_to_utf8(message.substr(head.size()));
  std::string out = message;
  if (const std::size_t at = out.find(path.string()); at != std::string::npos) {
    out.replace(at, path.string().size(), path.filename().string());
  }
  return escaped_to_utf8(out);  // results hold UTF-8 alone
}

}  // namespace musicrep
