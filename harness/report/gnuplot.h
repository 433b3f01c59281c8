// Scripts for the program gnuplot, and how it is run.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "report/encoder_looks.h"
#include "report/figure.h"
#include "report/figures.h"

namespace musicrep {

/// Figures are this wide, so that their text can be read where a page has 600 pixels for them.
inline constexpr std::size_t kFigureWidth = 640;

/// Axes of a plot of points or lines.
inline constexpr const char* kGnuplotAxes =
    "set border 3 lw 0.5\nset tics out nomirror font ',10' scale 0.5\n";

/// A text in single quotes, as gnuplot wants it.
std::string gnuplot_quoted(const std::string& text);

/// `set title`, in letters that become smaller where the text would not fit into `width` points,
/// and cut at its end where it would not fit even so.
std::string title_script(const std::string& text, double width);

/// The colour and marker of an encoder, as options of `plot`: "lc rgb '#0072b2' pt 7".
std::string look_script(const EncoderLook& look);

/// A colour such as "#0072b2" as gnuplot's transparent one: faint on white and on black paper.
std::string faint(std::string_view colour);

/// Where a panel's axes are, in points of the figure from its upper left corner.
struct PanelFrame {
  double left = 0;
  double right = 0;
  double top = 0;
  double bottom = 0;
  double begin = 0;  ///< where its heading begins
};

/// `set lmargin at screen …` and so on, in a figure of this size.
std::string frame_script(const PanelFrame& frame, std::size_t width, std::size_t height);

/// An axis from `low` to `high` with at most `n_tics` round tics.
struct Axis {
  double low = 0;
  double high = 1;
  double step = 1;
};
Axis axis_of(const std::vector<double>& values, std::size_t n_tics);
/// `set xrange` and `set xtics` of it.
std::string x_axis_script(const Axis& axis);

inline constexpr double kLegendLine = 18;

/// Markers with names, in as many lines as they need; the lowest line begins `below` points above
/// the figure's lower end. To be followed by `unset label` after the first panel.
std::string legend_script(const std::vector<EncoderLook>& looks, double below, std::size_t width,
                          std::size_t height);
/// The height of these lines in points.
double legend_height(const std::vector<EncoderLook>& looks, std::size_t width);

/// A heading that begins at (x, y) from the upper left corner, in letters that fit into `room`
/// points. To be followed by `unset label` after its panel.
std::string heading_script(const std::string& text, double x, double y, double room,
                           std::size_t width, std::size_t height);

/// How many points a text of this many letters takes at font size 10.
double text_width(const std::string& text);

enum class Drawn { kYes, kFailed, kNoProgram };

/// Writes the file `out`.
Drawn draw(const Drawing& drawing, const std::filesystem::path& out, FigureFormat format);

}  // namespace musicrep
