// The figure of a sweep.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/figures.h"

namespace musicrep {
namespace {

// Lines that are told apart without colour: by dash, symbol and grey.
std::string style(std::size_t k, bool lines) {
  const std::string grey = fmt::format("lc rgb '#{0:02x}{0:02x}{0:02x}'", k % 3 * 64);
  return lines ? fmt::format("linespoints dt {} pt {} ps 0.7 lw 1.5 {}", 1 + k % 5, 4 + k, grey)
               : fmt::format("points pt {} ps 0.9 lw 1.5 {}", 4 + k, grey);
}

std::string point_text(double x, const SweepPoint& p) {
  return fmt::format("{:.4f} {:.6f} {:.6f} {:.6f}\n", x, p.score, p.low, p.high);
}

// Where a number of labels stands: doublings; all of them one place behind the last.
double place_of(const SweepTable& table, std::size_t l) {
  if (table.labels[l] > 0) return std::log2(static_cast<double>(table.labels[l]));
  return l == 0 ? 0 : place_of(table, l - 1) + 1;
}

std::string reading_of(const SweepLine& line) {
  return line.factor == kSweepBase ? "base" : line.factor + ": " + line.value;
}

}  // namespace

std::string sweep_script(const SweepTable& table) {
  std::vector<std::string> encoders;
  std::vector<std::string> readings;
  for (const SweepLine& line : table.lines) {
    if (std::ranges::find(encoders, line.encoder) == encoders.end())
      encoders.push_back(line.encoder);
    const std::string reading = reading_of(line);
    if (std::ranges::find(readings, reading) == readings.end()) readings.push_back(reading);
  }
  std::string out;
  for (std::size_t k = 0; k < encoders.size(); ++k) {
    std::string curve;
    std::string dots;
    // Side by side, so that none hides another.
    const double aside =
        0.12 * (static_cast<double>(k) - 0.5 * static_cast<double>(encoders.size() - 1));
    for (const SweepLine& line : table.lines) {
      if (line.encoder != encoders[k]) continue;
      for (std::size_t l = 0; l < table.labels.size() && line.factor == kSweepBase; ++l) {
        if (line.points[l] != nullptr) curve += point_text(place_of(table, l), *line.points[l]);
      }
      const auto at = std::ranges::find(readings, reading_of(line)) - readings.begin();
      if (line.points.back() != nullptr) {
        dots += point_text(static_cast<double>(at) + aside, *line.points.back());
      }
    }
    out += fmt::format("$curve{0} << END\n{1}END\n$dots{0} << END\n{2}END\n", k, curve, dots);
  }
  out +=
      "set border 3 lw 0.5\nset tics out nomirror font ',10' scale 0.5\n"
      "set key outside below center horizontal noenhanced font ',10'\n"
      "set multiplot layout 1,2\nset title 'by labels' font ',12'\n";
  out += fmt::format("set ylabel {} font ',11'\nset xlabel 'items to learn from{}' font ',11'\n",
                     gnuplot_quoted(table.task + ": " + table.metric),
                     table.metric == "accuracy" ? ", of each class" : "");
  std::string ticks;
  for (std::size_t l = 0; l < table.labels.size(); ++l) {
    ticks += fmt::format("{}'{}' {:.4f}", l == 0 ? "" : ", ",
                         table.labels[l] == 0 ? "all" : std::to_string(table.labels[l]),
                         place_of(table, l));
  }
  out += fmt::format("set xrange [{:.4f}:{:.4f}]\nset xtics ({})\nplot ", place_of(table, 0) - 0.3,
                     place_of(table, table.labels.size() - 1) + 0.3, ticks);
  for (std::size_t k = 0; k < encoders.size(); ++k) {
    out += fmt::format(
        "{0}$curve{1} using 1:2 with {2} title {3}, $curve{1} using 1:2:3:4 with "
        "yerrorbars pt 0 lw 0.8 lc rgb '#606060' notitle",
        k == 0 ? "" : ", ", k, style(k, true), gnuplot_quoted(encoders[k]));
  }
  ticks.clear();
  for (std::size_t r = 0; r < readings.size(); ++r) {
    ticks += fmt::format("{}{} {}", r == 0 ? "" : ", ", gnuplot_quoted(readings[r]), r);
  }
  out += fmt::format(
      "\nset title 'by reading, all labels' font ',12'\nset ylabel ''\nset xlabel ''\n"
      "set xrange [-0.6:{:.1f}]\nset xtics ({}) rotate by 35 right font ',9' noenhanced\nplot ",
      static_cast<double>(readings.size()) - 0.4, ticks);
  for (std::size_t k = 0; k < encoders.size(); ++k) {
    out += fmt::format(
        "{0}$dots{1} using 1:2 with {2} title {3}, $dots{1} using 1:2:3:4 with "
        "yerrorbars pt 0 lw 0.8 lc rgb '#606060' notitle",
        k == 0 ? "" : ", ", k, style(k, false), gnuplot_quoted(encoders[k]));
  }
  return out + "\nunset multiplot\n";
}

}  // namespace musicrep
