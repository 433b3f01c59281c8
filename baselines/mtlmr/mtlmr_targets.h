// What MTLMR learns, from what a corpus knows of its items.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "musicrep/trainable.h"

namespace musicrep {

/// One task's distributions.
struct MtlmrTarget {
  std::string name;                 ///< "self", "tags", "artist", "tempo", "year", "valence", ...
  std::size_t outputs = 0;          ///< width of the distribution
  std::vector<float> values;        ///< [items, outputs], rows sum to 1; of "self": none
  std::vector<std::uint8_t> known;  ///< [items] whether the corpus says it; of "self": all
  std::vector<std::string> labels;  ///< [outputs] or empty: what the outputs mean
};

/// The sources that there are: "self", "tags", "artist", "tempo", "year", "mood" (two tasks).
const std::vector<std::string>& mtlmr_sources();

/// Option `sources`; where that is empty, all that the corpus offers, without "mood" where the
/// option leave_out says so. Throws DataError that lists every named source that the corpus lacks
/// and what it would need, and ConfigError on an unknown name.
std::vector<std::string> chosen_sources(const TrainingCorpus& corpus, const Options& options);

/// The distributions of all items, one target a task, fitted on the split "train" alone:
///  - self: 2 outputs (another song, the same song), made while training;
///  - tags: all tags of an item alike;
///  - artist: P(topic | artist) by pLSA of the artists' tag counts, option `factors` topics;
///  artists
///    of other splits are folded in;
///  - tempo, year, valence, arousal: P(component | number) of a mixture of `factors` normals.
/// (Kim et al. 2019, section 3.1; the release's preprocess/routine.)
std::vector<MtlmrTarget> mtlmr_targets(const TrainingCorpus& corpus, const Options& options,
                                       std::uint64_t seed);

}  // namespace musicrep
