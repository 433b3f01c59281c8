// Figures beside the report, drawn by the program gnuplot from the results alone.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "report/sweeps.h"
#include "report/variability.h"
#include "store/results.h"

namespace musicrep {

struct Figures {
  std::map<std::string, std::string> files;        ///< by data set; what lies beside the report now
  std::map<std::string, std::string> variability;  ///< the same, of what was diagnosed
  std::map<std::string, std::string> sweeps;       ///< by SweepTable::name()
  /// Files of what concerns the run as a whole; empty where there is none.
  std::string scores;
  std::string confusion;
  std::string curves;
  std::string costs;
  std::string problem;  ///< why there are none; empty where all went well
};

/// Draws the mel spectrograms of each data set that has them into folder/mel-<data set>.svg, and
/// cosines by layer into folder/variability-<data set>.svg, sweeps into folder/sweep-<task and
/// protocol>.svg, and scores.svg, confusion.svg, training.svg and costs.svg of the run
/// (score_figures.h): grey, the same bytes from the same
/// results and the same gnuplot. Where gnuplot is missing or fails, the problem says so and the
/// report does without. Throws DataError where the folder cannot be written.
Figures draw_figures(const Results& results, const std::filesystem::path& folder);

/// The gnuplot script of one data set's pictures, without terminal and output.
std::string mel_script(const DatasetRecord& data);

/// The same of the cosines of a clip's frames by layer, a line an encoder: as they are on the left,
/// centred on the right; empty where no clip has two frames.
std::string variability_script(const VariabilityTable& table);

/// The points of one task under one protocol: on the left the score of each encoder by the number
/// of labels, on the right that of each reading with all of them.
std::string sweep_script(const SweepTable& table);

/// A text in single quotes, as gnuplot wants it.
std::string gnuplot_quoted(const std::string& text);

}  // namespace musicrep
