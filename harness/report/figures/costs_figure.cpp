// Processor time and memory of each encoder, means over data sets and seeds.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "report/figure.h"
#include "report/gnuplot.h"

namespace musicrep {
namespace {

struct Mean {
  double sum = 0;
  std::size_t n = 0;
  void add(double v) {
    sum += v;
    ++n;
  }
  [[nodiscard]] double value() const { return n == 0 ? 0 : sum / static_cast<double>(n); }
};

std::vector<Drawing> drawings(const Results& results, const std::vector<ScoreTable>&) {
  std::vector<std::string> encoders;
  std::map<std::string, Mean> encode_ms;
  std::map<std::string, Mean> train_s;
  std::map<std::string, double> peak_mib;
  for (const StepCost& cost : results.costs) {
    if (cost.encoder.empty() || cost.n == 0) continue;
    if (cost.step == kEvaluateStep) continue;
    if (std::ranges::find(encoders, cost.encoder) == encoders.end()) {
      encoders.push_back(cost.encoder);
    }
    if (cost.step == kTrainStep) {
      train_s[cost.encoder].add(cost.cpu_s);
    } else {
      encode_ms[cost.encoder].add(1000 * cost.cpu_s / static_cast<double>(cost.n));
      peak_mib[cost.encoder] = std::max(peak_mib[cost.encoder], cost.peak_mib);
    }
  }
  if (encoders.empty()) return {};
  struct Panel {
    const char* title;
    const char* unit;
    std::vector<double> values;  // 0: none
  };
  std::vector<Panel> panels = {{"encoding", "processor time an item (ms)", {}},
                               {"memory while encoding", "peak of the program (MiB)", {}},
                               {"training", "processor time a training (s)", {}}};
  for (const std::string& encoder : encoders) {
    panels[0].values.push_back(encode_ms[encoder].value());
    panels[1].values.push_back(peak_mib[encoder]);
    panels[2].values.push_back(train_s[encoder].value());
  }
  std::erase_if(panels, [](const Panel& panel) {
    return std::ranges::none_of(panel.values, [](double v) { return v > 0; });
  });
  if (panels.empty()) return {};
  std::string out = kGnuplotAxes;
  for (std::size_t p = 0; p < panels.size(); ++p) {
    out += fmt::format("$p{} << END\n", p);
    for (std::size_t k = 0; k < encoders.size(); ++k) {
      if (panels[p].values[k] > 0) {
        out += fmt::format("{:.6g} {}\n", panels[p].values[k], encoders.size() - k);
      }
    }
    out += "END\n";
  }
  out += fmt::format(
      "set multiplot layout 1,{}\nunset key\nset logscale x\nset grid x lw 0.3 lc rgb "
      "'#bbbbbb'\n{}",
      panels.size(), encoder_tics(encoders));
  for (std::size_t p = 0; p < panels.size(); ++p) {
    double least = HUGE_VAL;
    double most = 0;
    for (const double v : panels[p].values) {
      if (v > 0) least = std::min(least, v);
      most = std::max(most, v);
    }
    // From half a decade below the smallest power of ten on, so that each has a bar.
    const double from = std::pow(10, std::floor(std::log10(least)) - 0.5);
    const double to = std::pow(10, std::ceil(std::log10(most)) + 0.05);
    out += fmt::format(
        "set title '{0}' font ',12'\nset xlabel '{1}' font ',11'\nset xrange [{2:.6g}:{3:.6g}]\n"
        "plot $p{4} using ({2:.6g}):2:({2:.6g}):1:($2-0.3):($2+0.3) with boxxyerror fs solid 0.4 "
        "lc rgb '#555555'\n",
        panels[p].title, panels[p].unit, from, to, p);
  }
  return {{"", out + "unset multiplot\n", panels.size() * 300, encoders.size() * 22 + 110}};
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
