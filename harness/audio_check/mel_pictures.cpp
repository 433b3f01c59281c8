#include "audio_check/mel_pictures.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "audio/decode.h"
#include "audio/resample.h"
#include "core/hash.h"
#include "core/parallel.h"
#include "frontend/log_mel.h"
#include "store/stored.h"

namespace musicrep {
namespace {

/// Bumped with every change that moves a pixel.
constexpr int kPictureVersion = 1;
constexpr const char* kArtefact = "pictures";
constexpr double kRateHz = 22050;
constexpr double kDurationS = 30;
constexpr std::size_t kBands = 64;
constexpr std::size_t kMostColumns = 100;
constexpr double kRangeDb = 80;
constexpr std::size_t kWithoutClasses = 4;
constexpr std::size_t kMostPictures = 12;

const LogMel& front_end() {
  static const LogMel kFrontEnd([] {
    LogMelConfig config;
    config.sample_rate_hz = kRateHz;
    config.stft.padding = StftPadding::kCentredZero;  // clips of any length
    config.mel.n_mels = kBands;
    config.log.kind = LogConfig::Kind::kNone;
    return config;
  }());
  return kFrontEnd;
}

std::vector<std::size_t> chosen_items(const Dataset& dataset, std::span<const CheckedAudio> audio) {
  std::vector<std::size_t> audible;
  for (std::size_t i = 0; i < audio.size(); ++i) {
    if (audio[i].problem.empty() && !audio[i].silent) audible.push_back(i);
  }
  std::vector<std::size_t> chosen;
  const auto target = std::ranges::find_if(dataset.targets, &Target::is_classification);
  if (target != dataset.targets.end() && target->classes.size() <= kMostPictures) {
    for (std::size_t c = 0; c < target->classes.size(); ++c) {
      const auto first = std::ranges::find_if(
          audible, [&](std::size_t i) { return target->values[i] == static_cast<double>(c); });
      if (first != audible.end()) chosen.push_back(*first);
    }
    return chosen;
  }
  const std::size_t n = std::min(kWithoutClasses, audible.size());
  for (std::size_t k = 0; k < n; ++k) chosen.push_back(audible[k * audible.size() / n]);
  return chosen;
}

std::string label_of(const Dataset& dataset, std::size_t item) {
  const auto target = std::ranges::find_if(dataset.targets, &Target::is_classification);
  if (target == dataset.targets.end() || target->classes.size() > kMostPictures) return "";
  return target->classes[static_cast<std::size_t>(target->values[item])];
}

nlohmann::json to_json(const MelPicture& picture) {
  return {{"duration_s", picture.duration_s}, {"low_hz", picture.low_hz},
          {"high_hz", picture.high_hz},       {"n_bands", picture.n_bands},
          {"n_columns", picture.n_columns},   {"values", picture.values}};
}

MelPicture from_json(const nlohmann::json& json) {
  MelPicture picture;
  picture.duration_s = json.at("duration_s").get<double>();
  picture.low_hz = json.at("low_hz").get<double>();
  picture.high_hz = json.at("high_hz").get<double>();
  picture.n_bands = json.at("n_bands").get<std::int64_t>();
  picture.n_columns = json.at("n_columns").get<std::int64_t>();
  picture.values = json.at("values").get<std::vector<std::uint8_t>>();
  return picture;
}

}  // namespace

MelPicture mel_picture(std::span<const float> samples) {
  const Spectrogram mel = front_end().compute(samples);
  const std::size_t columns = std::min(kMostColumns, mel.frames);
  std::vector<double> power(kBands * columns, 0.0);
  for (std::size_t c = 0; c < columns; ++c) {
    const std::size_t first = c * mel.frames / columns;
    const std::size_t end = (c + 1) * mel.frames / columns;
    for (std::size_t t = first; t < end; ++t) {
      const std::span<const double> row = mel.row(0, t);
      for (std::size_t b = 0; b < kBands; ++b) {
        power[b * columns + c] += row[b] / static_cast<double>(end - first);
      }
    }
  }
  MelPicture out;
  out.duration_s = static_cast<double>(samples.size()) / kRateHz;
  const double top = hz_to_mel(MelKind::kSlaney, kRateHz / 2);
  out.low_hz = mel_to_hz(MelKind::kSlaney, top / (kBands + 1));
  out.high_hz = mel_to_hz(MelKind::kSlaney, top * kBands / (kBands + 1));
  out.n_bands = kBands;
  out.n_columns = static_cast<std::int64_t>(columns);
  const double loudest = std::max(1e-10, std::ranges::max(power));
  for (const double p : power) {
    const double db = 10 * std::log10(std::max(p, 1e-10 * loudest) / loudest);
    out.values.push_back(
        static_cast<std::uint8_t>(std::lround(255 * std::max(0.0, 1 + db / kRangeDb))));
  }
  return out;
}

std::vector<MelPicture> mel_pictures(const Dataset& dataset, std::span<const CheckedAudio> audio,
                                     const ArtefactStore& store, std::size_t jobs,
                                     const std::function<void()>& need_audio) {
  const std::vector<std::size_t> items = chosen_items(dataset, audio);
  if (items.empty()) return {};
  nlohmann::json key = {{"step", "mel pictures"}, {"version", kPictureVersion}};
  for (const std::size_t i : items) key["samples"].push_back(audio[i].pcm_sha256);
  const std::string key_json = key.dump();
  std::vector<MelPicture> pictures(items.size());
  const auto text = store.get_text(kArtefact, sha256_hex(key_json));
  const auto stored = from_stored(text.value_or(""), [&](const nlohmann::json& list) {
    std::vector<MelPicture> read;
    for (std::size_t k = 0; k < items.size(); ++k) read.push_back(from_json(list.at(k)));
    return read;
  });
  if (stored) {
    pictures = *stored;
  } else {
    need_audio();
    parallel_for(items.size(), jobs, [&](std::size_t k) {
      const Pcm pcm = resampled(
          decode_audio(dataset.audio[items[k]], {.channels = 1, .max_duration_s = kDurationS}),
          kRateHz, ResamplerKind::kSoxrHq);
      pictures[k] = mel_picture(pcm.values);
    });
    nlohmann::json list = nlohmann::json::array();
    for (const MelPicture& picture : pictures) list.push_back(to_json(picture));
    store.put_text(kArtefact, sha256_hex(key_json), key_json, "mel spectrograms of " + dataset.name,
                   list.dump());
  }
  for (std::size_t k = 0; k < items.size(); ++k) {
    pictures[k].id = dataset.ids[items[k]];
    pictures[k].label = label_of(dataset, items[k]);
  }
  return pictures;
}

}  // namespace musicrep
