// A data set: items with ids, labels or targets, groups and splits.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "datasets/frames.h"
#include "musicrep/encoder.h"

namespace musicrep {

/// One thing to predict for each item: a class or a number.
struct Target {
  std::string name;
  std::vector<std::string> classes;  ///< names in alphabetical order; empty for a number
  std::vector<double> values;        ///< [n] index into classes, or the number
  std::string title = {};            ///< its name for people, e.g. of an AudioSet id; or empty
  /// What kind of fact it is: "genre", "mood", "instrument", "other", or empty where not known.
  std::string facet = {};
  [[nodiscard]] bool is_classification() const { return !classes.empty(); }
};

/// Items in the data set's own file order.
struct Dataset {
  std::string name;              ///< as the experiment calls it
  std::string kind;              ///< as the list of kinds calls it
  std::string about;             ///< source and licence, one line
  std::vector<std::string> ids;  ///< [n], unique
  std::vector<Target> targets;
  std::vector<std::string>
      groups;  ///< [n] artist or the like, empty where unknown; or empty: none known
  std::vector<std::string>
      splits;  ///< [n] "train", "valid", "test" or empty; or empty: no split known
  /// [n] which piece of music an item is of, as far as its texts say ("artist: title"), empty where
  /// unknown; or empty: none known. Two items of one piece may be repeats.
  std::vector<std::string> works;
  std::vector<std::filesystem::path> audio;  ///< [n] a file each; or empty: it offers no audio
  /// [n] what was written of the item (reviews, lyrics), empty where nothing; or empty: none known.
  std::vector<std::string> texts;
  /// Names what the audio is or will be, where that is known without reading it; else empty.
  std::string audio_sha256;
  /// [n] SHA-256 of each file of `audio`, where the manifest has them: the files are then known by
  /// it, and looked at when they are encoded; or empty.
  std::vector<std::string> file_sha256;
  /// Makes the audio files that are not there yet, on this many threads, reporting (done, total).
  /// Empty: they are there.
  std::function<void(std::size_t, const std::function<void(std::size_t, std::size_t)>&)> make_audio;
  std::shared_ptr<const FrameTable> frames;  ///< [n] VGGish frames; null: it offers none
  /// What goes before an item's id in the address of its music; empty: it has none.
  std::string link_prefix = {};
  std::size_t n_expected = 0;                ///< items of the complete data set; 0 where not known
  std::vector<std::string> notes;            ///< coverage and known faults, for the report

  [[nodiscard]] const Target& target(const std::string& target_name) const;
};

/// The items `kept` of `full`, in that order, with all that belongs to each; `kept` are indices.
Dataset select_items(const Dataset& full, std::span<const std::size_t> kept);

/// SHA-256 over ids, targets (names, classes and values), groups, splits and, where there are any,
/// texts: what a step's key holds of its data.
std::string manifest_sha256(const Dataset& dataset);

/// One kind of data set: how an experiment file describes it and how it is read.
struct DatasetKind {
  std::string name;
  std::string description;
  std::string fetch_help;   ///< where to get it, its licence, the layout that is expected
  std::string bibtex = {};  ///< entries of the works behind it (report/known_works.h); or empty
  std::vector<OptionSpec> options;
  std::function<Dataset(const Options& options)> load;  ///< throws DataError listing all problems
};

/// The kinds that need no library of their own, in alphabetical order. all_dataset_kinds() of the
/// pipeline adds the built-in corpus.
const std::vector<DatasetKind>& dataset_kinds();

/// Reads a data set and checks it whole: unique ids, finite targets, at least one item. Options
/// that the kind does not know are refused with the nearest known one.
Dataset load_dataset(std::span<const DatasetKind> kinds, const std::string& name,
                     const std::string& kind, const Options& options);
/// The same among dataset_kinds().
Dataset load_dataset(const std::string& name, const std::string& kind, const Options& options);

}  // namespace musicrep
