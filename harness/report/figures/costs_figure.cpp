// Processor time and memory of each encoder, means over data sets and seeds.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/encoder_costs.h"
#include "report/figure.h"
#include "report/gnuplot.h"

namespace musicrep {
namespace {

struct Panel {
  const char* title;
  const char* unit;
  std::vector<double> values;  // 0: none
};

/// What differs among encoders: memory of the whole program that is the same for all says nothing.
std::vector<Panel> panels_of(const std::vector<EncoderCost>& costs) {
  std::vector<Panel> panels = {{"encoding an item", "processor time (ms)", {}},
                               {"a training", "processor time (s)", {}},
                               {"memory while encoding", "peak of the program (MiB)", {}}};
  for (const EncoderCost& cost : costs) {
    panels[0].values.push_back(cost.encode_ms);
    panels[1].values.push_back(cost.train_s);
    panels[2].values.push_back(cost.peak_mib);
  }
  const auto [least, most] = std::ranges::minmax(panels[2].values);
  if (most < 1.2 * least) panels.pop_back();
  std::erase_if(panels, [](const Panel& panel) {
    return std::ranges::none_of(panel.values, [](double v) { return v > 0; });
  });
  return panels;
}

/// A point for each encoder with its number: on a log axis the length of a bar would mean nothing.
std::string panel_script(const Panel& panel, std::size_t number,
                         const std::vector<EncoderLook>& looks) {
  double least = HUGE_VAL;
  double most = 0;
  std::string data;
  std::string plot;
  for (std::size_t k = 0; k < looks.size(); ++k) {
    const double v = panel.values[k];
    if (v <= 0) continue;
    least = std::min(least, v);
    most = std::max(most, v);
    data += fmt::format("$p{}e{} << END\n{:.6g} {} {:.3g}\nEND\n", number, k, v,
                        -static_cast<double>(k), v);
    plot += fmt::format(
        "{0}$p{1}e{2} using 1:2 with points ps 0.8 lw 1.4 {3} notitle, $p{1}e{2} using 1:2:3 with labels "
        "left offset 0.8,0 font ',9' notitle",
        plot.empty() ? "" : ", ", number, k, look_script(looks[k]));
  }
  // Room for the last number on the right.
  const double from = std::pow(10, std::floor(std::log10(least)));
  const double to = std::max(from * 10, most * std::pow(most / from, 0.3) * 1.6);
  return data + title_script(panel.title, 150) +
         fmt::format(
             "set xlabel '{}' font ',10' offset 0,0.7\nset xrange [{:.6g}:{:.6g}]\nplot {}\n",
             panel.unit, from, to, plot);
}

std::vector<Drawing> drawings(const Results& results, const std::vector<ScoreTable>&) {
  const std::vector<EncoderCost> costs = encoder_costs(results);
  if (costs.empty()) return {};
  const std::vector<Panel> panels = panels_of(costs);
  if (panels.empty()) return {};
  const std::vector<EncoderLook> all = encoder_looks(results);
  std::vector<EncoderLook> looks;
  double left = 0;
  std::string tics;
  std::string no_tics;
  for (const EncoderCost& cost : costs) {
    looks.push_back(look_of(all, cost.encoder));
    left = std::max(left, text_width(looks.back().name));
    tics += fmt::format("{}{} {}", tics.empty() ? "" : ", ", gnuplot_quoted(looks.back().name),
                        -static_cast<double>(looks.size() - 1));
    no_tics +=
        fmt::format("{}'' {}", no_tics.empty() ? "" : ", ", -static_cast<double>(looks.size() - 1));
  }
  left = std::min(left, 220.0) + 14;
  const double column =
      (static_cast<double>(kFigureWidth) - left) / static_cast<double>(panels.size());
  constexpr double kGap = 36;  // numbers of two axes side by side
  const auto height = static_cast<std::size_t>(18 * looks.size() + 74);
  std::string out = fmt::format(
      "{}set multiplot\nunset key\nset logscale x\nset format x '%g'\nset grid x lw 0.4 lc rgb '{}'\n"
      "set yrange [{:.1f}:0.6]\n",
      kGnuplotAxes, kFaintInk, 0.4 - static_cast<double>(looks.size()));
  for (std::size_t p = 0; p < panels.size(); ++p) {
    const double begin = left + column * static_cast<double>(p);
    out += frame_script({begin, begin + column - kGap, 30, static_cast<double>(height) - 44},
                        kFigureWidth, height);
    // Names on the left alone: the rows go on.
    out += fmt::format("set ytics ({}) noenhanced\n", p == 0 ? tics : no_tics);
    out += panel_script(panels[p], p, looks);
  }
  return {{"", out + "unset multiplot\n", kFigureWidth, height}};
}

}  // namespace

extern const ReportFigure costs_figure = {
    .id = "costs",
    .place = 700,
    .drawings = drawings,
    .title = "Time and memory",
    .caption =
        "What encoding and training cost when they were run, which may have been on a busy "
        "machine; "
        "memory is that of the whole program.",
};

}  // namespace musicrep
