// What encoders that can be trained are given, and how they are asked to train.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "musicrep/encoder.h"

namespace musicrep {

/// A label that an item has or has not.
struct TrainingTag {
  std::string id;                     ///< "/m/06by7"
  std::string title;                  ///< "Rock music"
  std::string facet;                  ///< "genre", "mood", "instrument" or "other"
  std::vector<std::uint8_t> present;  ///< [n] 0 or 1
};

/// A signal that belongs to whom it was given to.
struct LoadedSignal {
  std::vector<float> values;  ///< row-major [rows, cols], as Signal has them
  std::size_t rows = 0;
  std::size_t cols = 0;
};

/// What an encoder learns from: all items of one data set, and all that is known of them.
struct TrainingCorpus {
  std::string name;                                    ///< as the experiment calls it
  std::string about;                                   ///< source and licence, one line
  std::string sha256;                                  ///< of labels and audio (or frames)
  std::vector<std::string> ids;                        ///< [n]
  std::vector<std::string> splits;                     ///< [n] "train", "valid", "test" or empty
  std::vector<std::string> groups;                     ///< [n] artist; or empty: none known
  std::vector<TrainingTag> tags;                       ///< may be none
  std::map<std::string, std::vector<double>> numbers;  ///< [n] each: "tempo_bpm", "valence", ...
  std::vector<std::string> texts;                      ///< [n]; or empty: none known
  std::string frame_space;                             ///< as EncoderArgs has it
  /// Item i as Encoder::encode() would be given it. Safe from several threads at once. Throws
  /// DataError naming the item.
  std::function<LoadedSignal(std::size_t)> load;

  /// Places of the items of a split, ascending.
  [[nodiscard]] std::vector<std::size_t> items_of(const std::string& split) const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < splits.size(); ++i) {
      if (splits[i] == split) out.push_back(i);
    }
    return out;
  }
};

/// How far a training is.
struct FitProgress {
  std::size_t step = 0;   ///< steps done
  std::size_t steps = 0;  ///< in all
  double loss = 0;        ///< mean training loss since the last report
};

/// How to train. The result depends on the corpus, the seed and the options, on nothing else here.
struct FitArgs {
  std::uint64_t seed = 0;
  Options options;              ///< complete, as EncoderArgs has them
  std::string device = "cpu";   ///< "cpu" or "cuda"
  std::string weights_path;     ///< where the finished weights go, whole or not at all
  std::string checkpoint_path;  ///< where the state goes on the way, and is found again
  std::map<std::string, std::string> provenance;  ///< for the weights file: code version, step key
  std::function<void(const FitProgress&)> progress;  ///< from the training thread
};

}  // namespace musicrep
