// The clips of a run as data of report.html.
#pragma once

#include <cstddef>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "report/html/page.h"

namespace musicrep {

/// The items of one data set that were scored or found.
struct ClipOrder {
  std::vector<std::string> ids;  ///< in order of first appearance
  std::unordered_map<std::string, std::size_t> place;
  std::vector<std::int64_t> group;  ///< number of the artist; -1 where it is not known
};

/// By data set.
std::map<std::string, ClipOrder> clip_orders(const Results& results);

/// A small spectrogram: a hexadecimal digit for each value, loud ones high.
nlohmann::json picture_json(const MelPicture& picture);

/// What the blocks of single sections refer to by place: ids, artists, texts, audio, spectrograms.
nlohmann::json clips_json(const Results& results, const ClipsOfDatasets& clips);

}  // namespace musicrep
