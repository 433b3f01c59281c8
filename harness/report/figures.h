// Figures beside the report, drawn by the program gnuplot from the results alone.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "store/results.h"

namespace musicrep {

/// The figures next to the report.
struct Figures {
  using Files = std::map<std::string, std::string>;  ///< by key (report/figure.h)
  std::map<std::string, Files, std::less<>> files;   ///< by id of the figure
  std::string problem;  ///< why there are none; empty where all went well

  /// The files of one figure, by key.
  [[nodiscard]] const Files& of(std::string_view id) const;
  /// One of them; empty where it was not drawn.
  [[nodiscard]] std::string file(std::string_view id, const std::string& key = "") const;
};

enum class FigureFormat { kSvg, kPdf };

/// Draws all of report_figures() that have something to draw into folder/<id>.svg or
/// folder/<id>-<key>.svg (or .pdf): without a background, in colours for white and black paper; SVG
/// are the same bytes from the same results and the same gnuplot. Where
/// gnuplot is missing or fails, the problem says so and the report does without. Throws DataError
/// where the folder cannot be written.
Figures draw_figures(const Results& results, const std::filesystem::path& folder,
                     FigureFormat format = FigureFormat::kSvg);

}  // namespace musicrep
