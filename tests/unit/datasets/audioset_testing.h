// Tiny AudioSet folders, written byte by byte: tf.SequenceExample on the wire, and its framing.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/crc32c.h"
#include "datasets/tfrecord.h"
#include "test_files.h"

namespace musicrep {

/// The low `n` bytes of a number, little endian.
inline std::string number_bytes(std::uint64_t value, int n) {
  std::string out;
  for (int i = 0; i < n; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFFU);
  return out;
}

inline std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80U; value >>= 7) out += static_cast<char>((value & 0x7FU) | 0x80U);
  return out + static_cast<char>(value);
}

/// Field `number` of a protocol buffer that holds bytes.
inline std::string field(int number, const std::string& bytes) {
  return varint(static_cast<std::uint64_t>(number) << 3 | 2U) + varint(bytes.size()) + bytes;
}

inline std::string bytes_feature(const std::vector<std::string>& values) {
  std::string list;
  for (const std::string& value : values) list += field(1, value);
  return field(1, list);
}

inline std::string numbers_feature(const std::vector<std::uint64_t>& values) {
  std::string packed;
  for (const std::uint64_t value : values) packed += varint(value);
  return field(3, field(1, packed));
}

/// An entry of a map from text to message.
inline std::string entry(const std::string& key, const std::string& value) {
  return field(1, field(1, key) + field(2, value));
}

/// A frame whose 128 bytes are all `value`.
inline std::string frame(int value, std::size_t width = 128) {
  return std::string(width, static_cast<char>(value));
}

inline std::string frames_list(const std::vector<std::string>& frames) {
  std::string list;
  for (const std::string& one : frames) list += field(1, bytes_feature({one}));
  return list;
}

/// tf.SequenceExample of context features and one feature list.
inline std::string example(const std::string& context, const std::string& list,
                           const std::string& list_name = "audio_embedding") {
  return field(1, context) + field(2, entry(list_name, list));
}

/// As AudioSet writes a clip.
inline std::string clip(const std::string& id, const std::vector<std::uint64_t>& labels,
                        const std::vector<std::string>& frames) {
  return example(entry("labels", numbers_feature(labels)) + entry("video_id", bytes_feature({id})),
                 frames_list(frames));
}

/// Length, checksum, data, checksum.
inline std::string framed(const std::string& data) {
  const std::string length = number_bytes(data.size(), 8);
  return length + number_bytes(masked_crc32c(length), 4) + data +
         number_bytes(masked_crc32c(data), 4);
}

// Labels 0 to 14: the ten genres, two below others, two moods and speech.
inline const std::vector<std::string> kAudioSetNames = {
    "Blues",       "Classical music", "Country", "Disco",      "Hip hop music", "Jazz",
    "Heavy metal", "Pop music",       "Reggae",  "Rock music", "Punk",          "Dub",
    "Sad music",   "Happy music",     "Speech"};

inline std::string label_list() {
  std::string csv = "index,mid,display_name\n";
  for (std::size_t i = 0; i < kAudioSetNames.size(); ++i) {
    csv += std::to_string(i) + ",/m/" + std::to_string(i) + ",\"" + kAudioSetNames[i] + "\"\n";
  }
  return csv;
}

/// Music has all but speech; Rock music has Heavy metal and Punk; Reggae has Dub, and Dub has
/// Reggae: a circle.
inline std::string ontology() {
  std::string json = "[";
  for (std::size_t i = 0; i < kAudioSetNames.size(); ++i) {
    const std::string children = i == 9    ? R"("/m/6", "/m/10")"
                                 : i == 8  ? R"("/m/11")"
                                 : i == 11 ? R"("/m/8")"
                                           : "";
    json += "{\"id\": \"/m/" + std::to_string(i) + "\", \"name\": \"" + kAudioSetNames[i] +
            "\", \"child_ids\": [" + children + "]},";
  }
  json +=
      R"({"id": "/m/music", "name": "Music", )"
      R"("child_ids": ["/m/1", "/m/2", "/m/3", "/m/4", "/m/5", "/m/7", "/m/genre", "/m/mood"]},)";
  json += R"({"id": "/m/genre", "name": "Music genre", "child_ids": ["/m/0", "/m/8", "/m/9"]},)";
  json += R"({"id": "/m/instrument", "name": "Musical instrument", "child_ids": []},)";
  return json + R"({"id": "/m/mood", "name": "Music mood", "child_ids": ["/m/12", "/m/13"]}])";
}

inline void write_lists(const TempFolder& folder) {
  folder.write("class_labels_indices.csv", label_list());
  folder.write("ontology.json", ontology());
}

inline void write_records(const TempFolder& folder, const std::string& set, const std::string& file,
                          const std::vector<std::string>& clips) {
  std::string bytes;
  for (const std::string& one : clips) bytes += framed(one);
  folder.write("audioset_v1_embeddings/" + set + "/" + file, bytes);
}

}  // namespace musicrep
