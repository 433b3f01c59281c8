// The encoder of vectors that someone else has computed.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/usable_values.h"
#include "feature_table.h"
#include "musicrep/encoder.h"
#include "musicrep/error.h"

namespace musicrep {

/// Looks up vectors or sequences of frames by item id, in one file or several. With several, either
/// each holds some of the features of every item (join = "columns": they are put side by side, in
/// the order of the files) or each holds some of the items (join = "rows").
class Features : public Encoder {
 public:
  static EncoderInfo static_info();
  /// Throws ConfigError on options that cannot be; files are opened later.
  explicit Features(const EncoderArgs& args);

  /// Reads all files and checks them against the data set's items: files that cannot be read, items
  /// without features, ids that the data set lacks, rows of an item that do not stand together,
  /// frame counts that differ between files, values that are not usable (unusable_values()).
  void check_items(std::span<const std::string> ids) override;

  /// The features [T_i, dim] of each item; T_i is the number of its rows. Reads the files where
  /// check_items() has not.
  std::vector<Matrix> encode(std::span<const Signal> signals) override;

  /// SHA-256 over the bytes of the feature files, in their order, and of the list of ids.
  [[nodiscard]] std::string content_sha256() const override;

  /// Which files have no ids, so that their rows are taken in the order of the items.
  [[nodiscard]] std::vector<std::string> notes() const override;

  /// Ids in the files that the data set of the last check_items() lacks and ignore_extra passed
  /// over.
  [[nodiscard]] std::size_t ignored_ids() const { return n_ignored_; }

 private:
  /// The rows of one item in one file.
  struct Rows {
    std::size_t first = 0;
    std::size_t count = 0;
  };
  struct Part {
    FeatureTable table;
    std::unordered_map<std::string, Rows> items;
    std::map<std::size_t, UnusableValue> unusable;  // the first of each row
  };
  /// A part and an item's rows in it.
  struct Place {
    const Part* part;
    Rows rows;
  };

  /// Reads the files. `items` are those of the data set; nothing where they are not known.
  void load(const std::optional<std::span<const std::string>>& items);
  void assign_ids(const std::optional<std::span<const std::string>>& items, Problems& problems);
  static void index_rows(Part& part, Problems& problems);
  void check_rows_join(Problems& problems) const;
  void check_missing(std::span<const std::string> ids, Problems& problems) const;
  void check_extra(std::span<const std::string> ids, Problems& problems);

  /// Where an item's features are: every part that holds it, in the order of the files.
  [[nodiscard]] std::vector<Place> places(const std::string& id) const;
  /// The parts of an item's features, complete, with frame counts that agree and usable values.
  void check_item(const std::string& id, const std::vector<Place>& places,
                  Problems& problems) const;

  std::vector<std::string> files_;
  std::string ids_file_;
  FeatureFileOptions file_options_;
  bool join_rows_ = false;
  bool ignore_extra_ = false;
  bool loaded_ = false;
  std::vector<Part> parts_;
  std::vector<std::string> in_order_;  // files whose rows are in the order of the data set's items
  std::size_t n_ignored_ = 0;
};

}  // namespace musicrep
