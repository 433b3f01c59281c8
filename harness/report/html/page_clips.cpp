#include "report/html/page_clips.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <span>

namespace musicrep {
namespace {

using nlohmann::json;

void add_items(ClipOrder& order, const std::vector<std::string>& ids,
               const std::vector<std::int64_t>& groups) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto [at, is_new] = order.place.emplace(ids[i], order.ids.size());
    if (!is_new) continue;
    order.ids.push_back(ids[i]);
    order.group.push_back(i < groups.size() ? groups[i] : -1);
  }
}

const PageClip* clip_of(const PageClips* known, const std::string& id) {
  if (known == nullptr) return nullptr;
  const auto at = known->clips.find(id);
  return at == known->clips.end() ? nullptr : &at->second;
}

json dataset_json(const ClipOrder& order, const PageClips* known, const DatasetRecord* record) {
  json artists = json::array();
  json audio = json::object();
  json texts = json::object();
  json pictures = json::object();
  for (std::size_t i = 0; i < order.ids.size(); ++i) {
    const PageClip* clip = clip_of(known, order.ids[i]);
    if (clip != nullptr && !clip->artist.empty()) {
      artists.push_back(clip->artist);
    } else {
      artists.push_back(order.group[i] < 0 ? json() : json(order.group[i]));
    }
    if (clip == nullptr) continue;
    const std::string key = std::to_string(i);
    if (!clip->audio.empty()) audio[key] = clip->audio;
    if (!clip->text.empty()) texts[key] = clip->text;
    if (!clip->picture.values.empty()) pictures[key] = picture_json(clip->picture);
  }
  if (record != nullptr) {
    for (const MelPicture& picture : record->pictures) {
      const auto at = order.place.find(picture.id);
      if (at != order.place.end()) pictures[std::to_string(at->second)] = picture_json(picture);
    }
  }
  return {{"ids", order.ids},
          {"artists", std::move(artists)},
          {"audio", std::move(audio)},
          {"texts", std::move(texts)},
          {"pictures", std::move(pictures)},
          {"problem", known == nullptr ? "" : known->problem}};
}

}  // namespace

std::map<std::string, ClipOrder> clip_orders(const Results& results) {
  std::map<std::string, ClipOrder> out;
  for (const ResultRow& row : results.rows)
    add_items(out[row.dataset], row.item_ids, row.item_group);
  for (const Retrieval& row : results.retrievals) {
    add_items(out[row.dataset], row.item_ids, row.item_group);
  }
  return out;
}

json picture_json(const MelPicture& picture) {
  // 16 levels: the eye sees no more in a small picture.
  std::string values;
  values.reserve(picture.values.size());
  for (const std::uint8_t value : picture.values) values += "0123456789abcdef"[value / 16];
  return {{"bands", picture.n_bands},      {"columns", picture.n_columns},
          {"seconds", picture.duration_s}, {"low", picture.low_hz},
          {"high", picture.high_hz},       {"values", std::move(values)}};
}

json clips_json(const Results& results, const ClipsOfDatasets& clips) {
  json out = json::object();
  for (const auto& [name, order] : clip_orders(results)) {
    const auto known = clips.find(name);
    const DatasetRecord* record = nullptr;
    for (const DatasetRecord& each : results.datasets) {
      if (each.name == name) record = &each;
    }
    out[name] = dataset_json(order, known == clips.end() ? nullptr : &known->second, record);
  }
  return out;
}

}  // namespace musicrep
