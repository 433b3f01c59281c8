// Figures beside the report, drawn by the program gnuplot from the results alone.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "store/results.h"

namespace musicrep {

struct Figures {
  std::map<std::string, std::string> files;  ///< by data set; what lies beside the report now
  std::string problem;                       ///< why there are none; empty where all went well
};

/// Draws the mel spectrograms of each data set that has them into folder/mel-<data set>.svg: grey,
/// axes in s and Hz, the same bytes from the same results and the same gnuplot. Where gnuplot is
/// missing or fails, the problem says so and the report does without. Throws DataError where the
/// folder cannot be written.
Figures draw_figures(const Results& results, const std::filesystem::path& folder);

/// The gnuplot script of one data set's pictures, without terminal and output.
std::string mel_script(const DatasetRecord& data);

}  // namespace musicrep
