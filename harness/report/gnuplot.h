// Scripts for the program gnuplot, and how it is run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "report/figure.h"

namespace musicrep {

/// Axes of a plot of points or lines.
inline constexpr const char* kGnuplotAxes =
    "set border 3 lw 0.5\nset tics out nomirror font ',10' scale 0.5\n";

/// A text in single quotes, as gnuplot wants it.
std::string gnuplot_quoted(const std::string& text);

/// Labels of encoders down the left side, the first on top.
std::string encoder_tics(const std::vector<std::string>& names);

enum class Drawn { kYes, kFailed, kNoProgram };

/// Writes the SVG file `out`.
Drawn draw(const Drawing& drawing, const std::filesystem::path& out);

}  // namespace musicrep
