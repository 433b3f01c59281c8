// A panel for each task of classes: what its best encoder takes for what under the first protocol,
// in per cent of a class.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "metrics/scores.h"
#include "report/figure.h"
#include "report/gnuplot.h"

namespace musicrep {
namespace {

std::vector<Drawing> drawings(const Results& results, const std::vector<ScoreTable>& tables) {
  // The leader of each task: the others, and other protocols, stand in the report as numbers.
  const std::vector<EncoderLook> looks = encoder_looks(results);
  std::vector<std::pair<std::string, const TargetResult*>> drawn;
  std::vector<std::string> tasks;
  for (const ScoreTable& table : tables) {
    if (std::ranges::find(tasks, table.task) != tasks.end()) continue;
    tasks.push_back(table.task);
    const ResultRow& best = *table.rows.front();
    if (!best.failure.empty()) continue;
    for (const TargetResult& target : best.targets) {
      if (target.classes.size() < 2 || target.truth.size() != target.predicted.size()) continue;
      drawn.emplace_back(
          look_of(looks, best.encoder).name + ": " + table.task + ", " + table.protocol, &target);
    }
  }
  if (drawn.empty()) return {};
  const std::size_t columns = std::min<std::size_t>(drawn.size(), 2);
  const std::size_t rows = (drawn.size() + columns - 1) / columns;
  std::size_t most = 0;
  std::string out =
      "set palette gray negative\nset cbrange [0:1]\nunset key\nunset colorbox\n"
      "set tics out nomirror font ',9' scale 0.5\nset border 15 lw 0.5\n";
  for (std::size_t t = 0; t < drawn.size(); ++t) {
    const TargetResult& target = *drawn[t].second;
    const std::size_t n = target.classes.size();
    most = std::max(most, n);
    const auto counts = confusion(target.truth, target.predicted, n);
    out += fmt::format("$m{} << END\n", t);
    for (std::size_t i = 0; i < n; ++i) {
      double of_class = 0;
      for (std::size_t j = 0; j < n; ++j) of_class += static_cast<double>(counts[i * n + j]);
      for (std::size_t j = 0; j < n; ++j) {
        const double share = of_class == 0 ? 0 : static_cast<double>(counts[i * n + j]) / of_class;
        out += fmt::format("{} {} {:.4f}\n", j, n - 1 - i, share);
      }
    }
    out += "END\n";
  }
  out += fmt::format("set multiplot layout {},{}\n", rows, columns);
  for (std::size_t t = 0; t < drawn.size(); ++t) {
    const auto& classes = drawn[t].second->classes;
    out += fmt::format(
        "{}set xlabel 'predicted' font ',10'\n"
        "set ylabel 'true' font ',10'\nset xtics rotate by -40 (",
        title_script(drawn[t].first, 300));
    for (std::size_t k = 0; k < classes.size(); ++k) {
      out += fmt::format("{}{} {}", k == 0 ? "" : ", ", gnuplot_quoted(classes[k]), k);
    }
    out += ") noenhanced\nset ytics (";
    for (std::size_t k = 0; k < classes.size(); ++k) {
      out += fmt::format("{}{} {}", k == 0 ? "" : ", ", gnuplot_quoted(classes[k]),
                         classes.size() - 1 - k);
    }
    const double end = static_cast<double>(classes.size()) - 0.5;
    // Numbers in black on pale cells, in white on dark ones; what rounds to nothing is left out.
    out += fmt::format(
        ") noenhanced\nset xrange [-0.5:{0}]\nset yrange [-0.5:{0}]\n"
        "plot $m{1} using 1:2:3 with image pixels, "
        "$m{1} using 1:2:($3 >= 0.005 && $3 <= 0.5 ? sprintf('%.0f', 100*$3) : '') with labels "
        "font ',9' tc rgb '#010101', "
        "$m{1} using 1:2:($3 > 0.5 ? sprintf('%.0f', 100*$3) : '') with labels font ',9' tc rgb "
        "'#ffffff'\n",
        end, t);
  }
  return {
      {"", out + "unset multiplot\n", columns == 1 ? 480 : kFigureWidth, rows * (most * 22 + 120)}};
}

}  // namespace

extern const ReportFigure confusion_figure = {
    .id = "confusion",
    .place = 500,
    .drawings = drawings,
    .title = "Confusion matrices",
    .caption =
        "What the best encoder of each task takes for what under the first protocol: per cent of the "
        "true class. Numbers of all encoders and protocols stand under \"Confusion\".",
};

}  // namespace musicrep
