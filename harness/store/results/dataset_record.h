// Data sets as a run saw them.
// A list of fields follows each struct (results/fields.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/results/fields.h"

namespace musicrep {

/// An item that a run went on without, and why.
struct SkippedItem {
  std::string id;
  std::string reason;
};

template <Is<SkippedItem> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("id", v.id);
  visit("reason", v.reason);
}

/// The mel spectrogram of one item, small enough to be kept with the results.
struct MelPicture {
  std::string id;
  std::string label;      ///< its class; empty where the data set has none
  double duration_s = 0;  ///< from the item's beginning
  double low_hz = 0;      ///< centre of the lowest band
  double high_hz = 0;     ///< centre of the highest; between them bands are even in mel
  std::int64_t n_bands = 0;
  std::int64_t n_columns = 0;
  std::vector<std::uint8_t> values;  ///< [n_bands, n_columns], 0: 80 dB below the loudest, 255
};

template <Is<MelPicture> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("id", v.id);
  visit("label", v.label);
  visit("duration_s", v.duration_s);
  visit("low_hz", v.low_hz);
  visit("high_hz", v.high_hz);
  visit("n_bands", v.n_bands);
  visit("n_columns", v.n_columns);
  visit("values", v.values);
}

/// A data set as the run saw it.
struct DatasetRecord {
  std::string name;
  std::string kind;
  std::string manifest_sha256;
  std::int64_t n_items = 0;
  std::int64_t n_expected = 0;  ///< of the complete data set; 0 where not known
  std::string about;            ///< source, licence, coverage: one line
  std::vector<std::string> notes;
  std::string audio_pcm_sha256;      ///< of the decoded samples; empty where no audio was used
  std::vector<SkippedItem> skipped;  ///< left out of every row, at the user's wish
  std::vector<MelPicture> pictures;
};

template <Is<DatasetRecord> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("name", v.name);
  visit("kind", v.kind);
  visit("manifest_sha256", v.manifest_sha256);
  visit("n_items", v.n_items);
  visit("n_expected", v.n_expected);
  visit("about", v.about);
  visit("notes", v.notes);
  visit("audio_pcm_sha256", v.audio_pcm_sha256);
  visit("skipped", v.skipped);
  visit("pictures", v.pictures);
}

}  // namespace musicrep
