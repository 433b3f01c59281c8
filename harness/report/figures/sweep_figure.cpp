// The points of one task under one protocol: on the left the score of each encoder by the number of
// labels, on the right that of each reading with all of them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/figure.h"
#include "report/gnuplot.h"
#include "report/sweeps.h"

namespace musicrep {
namespace {

constexpr std::size_t kHeight = 360;

std::string point_text(double x, const SweepPoint& p) {
  return fmt::format("{:.4f} {:.6f} {:.6f} {:.6f}\n", x, p.score, p.low, p.high);
}

// Where a number of labels stands: doublings; all of them one place behind the last.
double place_of(const SweepTable& table, std::size_t l) {
  if (table.labels[l] > 0) return std::log2(static_cast<double>(table.labels[l]));
  return l == 0 ? 0 : place_of(table, l - 1) + 1;
}

// Intervals first, so that they hide no marker.
std::string series(const char* data, const char* columns, bool upright, const char* with,
                   const std::vector<EncoderLook>& looks) {
  std::string out;
  for (std::size_t k = 0; k < looks.size(); ++k) {
    out += fmt::format("{}${}{} using {} with vectors nohead lw 1 lc rgb '{}' notitle",
                       k == 0 ? "" : ", ", data, k, upright ? "1:3:(0):($4-$3)" : "3:1:($4-$3):(0)",
                       looks[k].colour());
  }
  for (std::size_t k = 0; k < looks.size(); ++k) {
    out += fmt::format(", ${}{} using {} with {} ps 0.7 lw 1.5 {} notitle", data, k, columns, with,
                       look_script(looks[k]));
  }
  return out;
}

std::string reading_of(const SweepLine& line) {
  return line.factor == kSweepBase ? "base" : line.factor + ": " + line.value;
}

std::string sweep_script(const SweepTable& table, const std::vector<EncoderLook>& all) {
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
  std::vector<EncoderLook> looks;
  for (const std::string& encoder : encoders) looks.push_back(look_of(all, encoder));
  out += kGnuplotAxes;
  out +=
      "unset key\nset tmargin at screen 0.9\nset bmargin at screen 0.24\n"
      "set multiplot\nset lmargin at screen 0.1\nset rmargin at screen 0.46\n"
      "set title 'by labels' font ',12'\n";
  out += legend_script(looks, 4, kFigureWidth, kHeight);
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
  out += series("curve", "1:2", true, "linespoints", looks);
  ticks.clear();
  for (std::size_t r = 0; r < readings.size(); ++r) {
    ticks += fmt::format("{}{} {}", r == 0 ? "" : ", ", gnuplot_quoted(readings[r]), r);
  }
  // Readings downwards: their names are long.
  out += fmt::format(
      "\nunset label\nset lmargin at screen 0.74\nset rmargin at screen 0.98\nunset key\n"
      "set title 'by reading, all labels' font ',12'\nunset ylabel\nset xlabel {} font ',11'\n"
      "set xrange [*:*]\nset xtics auto\nset yrange [{:.1f}:-0.6]\n"
      "set ytics ({}) noenhanced\nset grid ytics lt 1 lw 0.4 lc rgb '#b0b5bb'\nplot ",
      gnuplot_quoted(table.metric), static_cast<double>(readings.size()) - 0.4, ticks);
  out += series("dots", "2:1", false, "points", looks);
  return out + "\nunset multiplot\n";
}

std::vector<Drawing> drawings(const Results& results, const std::vector<ScoreTable>&) {
  std::vector<Drawing> out;
  const std::vector<EncoderLook> looks = encoder_looks(results);
  for (const SweepTable& table : sweep_tables(results)) {
    out.push_back({table.name(), sweep_script(table, looks), kFigureWidth, kHeight});
  }
  return out;
}

}  // namespace

extern const ReportFigure sweep_figure = {
    .id = "sweep",
    .place = 300,
    .drawings = drawings,
};

}  // namespace musicrep
