// A protocol: folds, grouping, scaling, pooling, grid, selection. Named, versioned, hashed.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "probe/probe.h"

namespace musicrep {

/// How items are cut into folds.
struct FoldRule {
  int n = 0;
  bool stratify = true;  ///< classification alone
  bool shuffle = false;  ///< with NumPy's RandomState(seed), as scikit-learn does
  std::uint32_t seed = 0;
  bool grouped = false;  ///< by the data set's groups where they are known
  friend bool operator==(const FoldRule&, const FoldRule&) = default;
};

/// Which items are tested.
enum class OuterKind {
  kNone,          ///< nothing is held out: the score is the inner one
  kFolds,         ///< every item once
  kSplit,         ///< the data set's test split
  kSplitOrFolds,  ///< the split where there is one, folds otherwise
};

/// How hyper-parameters are chosen inside the items that may be learned from.
enum class InnerKind {
  kNone,        ///< the grid has one point
  kFolds,       ///< mean score over folds, weighted by fold size
  kValidation,  ///< the data set's validation split, which then joins the training items
  kNextFold,    ///< the fold after the tested one, which then joins the training items
};

/// The points that are tried, in the order in which the first best wins: RBF before linear, C
/// outer, gamma inner.
struct Grid {
  std::vector<double> rbf_c;
  std::vector<GammaRule> rbf_gamma;
  std::vector<double> linear_c;
  std::vector<double> values;  ///< of a probe without kernels: of its one parameter
};

struct Protocol {
  std::string name;
  std::int64_t version = 0;
  std::string summary;
  std::string source;
  std::string bibtex;  ///< entries of the works behind it (report/known_works.h); or empty
  std::vector<std::string> caveats;
  std::map<std::string, std::int64_t>
      required_items;  ///< by split: the whole list must be available

  std::vector<std::string> splits;  ///< whose items take part; empty: all
  bool permute_by_class = false;  ///< items by class, then in a seeded permutation; else file order
  std::uint64_t permutation_seed = 0;
  OuterKind outer = OuterKind::kNone;
  FoldRule outer_folds;
  int repeats = 1;                      ///< of the outer folds, each in another order of the items
  std::vector<std::string> learn_from;  ///< splits
  InnerKind inner = InnerKind::kNone;
  FoldRule inner_folds;

  const Probe* probe = nullptr;  ///< what learns from the vectors
  std::string pooling;           ///< "mean" | "mean+std": over an item's vectors
  bool standardise = false;
  bool standardise_targets = false;  ///< regression targets, on the items that may be learned from
  double epsilon = 0.1;              ///< of the SVR
  std::int64_t max_iterations = 10'000'000;  ///< of a binary problem; libsvm's own cap
  Grid classification;
  Grid regression;

  std::string sha256;  ///< of everything above but summary, source, bibtex and caveats

  /// Configurations for one kind of task, in order.
  [[nodiscard]] std::vector<ProbeConfig> configurations(bool is_classification) const;
};

/// Reads a protocol from TOML. Throws ConfigError with file and line: unknown keys, values out of
/// range, parts that contradict each other.
Protocol parse_protocol(const std::string& toml, const std::string& file);

/// Finds a protocol: a built-in name, or the path of a .toml file. Throws ConfigError with the
/// nearest name.
Protocol find_protocol(const std::string& name_or_path);

/// Names of the built-in protocols, in alphabetical order.
std::vector<std::string> protocol_names();

}  // namespace musicrep
