// The data sets of a plan: loaded, limited, and their audio checked.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "planner/prepare.h"
#include "planner/problem_collector.h"
#include "planner/selection.h"
#include "steps/prepared_dataset.h"

namespace musicrep {

/// Every k-th of n items, so that files sorted by class keep all their classes; all where there are
/// no more than `limit`.
std::vector<std::size_t> evenly_spaced(std::size_t n, std::size_t limit);

/// What loading needs to know of an experiment; all must outlive what it is given to.
struct LoadingArgs {
  const Experiment& experiment;
  const EncoderRegistry& registry;
  const PrepareOptions& options;
  const TableSelection& selection;
};

class LoadedDatasets {
 public:
  /// Loads every data set that somebody takes, into `out`, the plan's. Problems go to `problems`.
  LoadedDatasets(const LoadingArgs& args, std::vector<std::unique_ptr<PreparedDataset>>& out,
                 ProblemCollector& problems);

  /// Decodes audio that some encoder takes, once from end to end. Bad audio is a problem, or with
  /// skip_bad left out of the data set for every encoder, so that all rows use the same items.
  void check_audio(ProblemCollector& problems);

  /// The data set called `name`; null: the experiment has none, or it is not on this machine.
  [[nodiscard]] const PreparedDataset* find(const std::string& name) const;
  /// The same before any limit and with bad items.
  [[nodiscard]] const Dataset& full(const PreparedDataset& dataset) const;

  /// Why there is nothing to encode this data set with; empty: there is.
  [[nodiscard]] std::string missing_for(const std::string& encoder,
                                        const std::string& dataset) const;

 private:
  /// Encoder and data set of every row of [[evaluate]] and [[zero_shot]] that is asked for.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> wanted_rows() const;
  [[nodiscard]] std::set<std::string> names_in_use();
  void load(const DatasetSpec& spec, std::span<const DatasetKind> kinds);
  [[nodiscard]] bool takes_audio(const std::string& label, const Dataset& dataset) const;
  [[nodiscard]] bool uses_audio(const Dataset& dataset) const;
  void check_audio_of(PreparedDataset& prepared);

  LoadingArgs args_;
  std::filesystem::path base_;
  std::vector<std::unique_ptr<PreparedDataset>>& datasets_;
  std::map<const PreparedDataset*, std::unique_ptr<Dataset>> full_;  // where it is another
  std::map<std::string, std::string> missing_;  // data sets that are not there, and why
  std::set<std::string> scored_;                // names of the data sets that score
};

}  // namespace musicrep
