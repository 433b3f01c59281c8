// An experiment written from a table of labels.
#pragma once

#include <filesystem>
#include <string>

namespace musicrep::cli {

/// What an experiment is written from. Paths are as they are found from here.
struct ExperimentSources {
  std::string name;                ///< of the experiment
  std::filesystem::path csv;       ///< one line per item
  std::filesystem::path audio;     ///< folder of the items' audio; or empty
  std::filesystem::path features;  ///< file of vectors; or empty
  std::filesystem::path folder;    ///< where the experiment will be
};

/// The experiment's text: which column is the id, a class, a number, an artist, a split or a file
/// is taken from the values and said in comments. Throws DataError naming the file where no column
/// can be the id, where nothing can be predicted, and where there is neither audio nor features.
std::string experiment_text(const ExperimentSources& sources);

}  // namespace musicrep::cli
