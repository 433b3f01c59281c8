// A panel for each trained encoder and corpus: losses of all its seeds by training step.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "report/figure.h"
#include "report/gnuplot.h"

namespace musicrep {
namespace {

std::vector<Drawing> drawings(const Results& results, const std::vector<ScoreTable>&) {
  std::vector<std::pair<std::string, std::string>> trained;  // encoder and corpus
  for (const TrainingCurve& curve : results.curves) {
    const std::pair name(curve.encoder, curve.corpus);
    if (!curve.step.empty() && std::ranges::find(trained, name) == trained.end()) {
      trained.push_back(name);
    }
  }
  if (trained.empty()) return {};
  const std::size_t columns = std::min<std::size_t>(trained.size(), 3);
  const std::size_t rows = (trained.size() + columns - 1) / columns;
  std::string data;
  std::string plots = fmt::format(
      "{}set key top right font ',9'\nset multiplot layout {},{}\nset xlabel 'training step' font "
      "',10'\n",
      kGnuplotAxes, rows, columns);
  std::size_t k = 0;
  for (const auto& [encoder, corpus] : trained) {
    plots += fmt::format("set title {} font ',12' noenhanced\nset ylabel 'loss' font ',10'\nplot ",
                         gnuplot_quoted(encoder + " on " + corpus));
    const char* comma = "";
    for (const TrainingCurve& curve : results.curves) {
      if (curve.encoder != encoder || curve.corpus != corpus || curve.step.empty()) continue;
      data += fmt::format("$c{} << END\n", k);
      for (std::size_t i = 0; i < curve.step.size(); ++i) {
        data += fmt::format("{} {:.6g}\n", curve.step[i], curve.loss[i]);
      }
      data += fmt::format("END\n$v{} << END\n", k);
      for (std::size_t i = 0; i < curve.validation_step.size(); ++i) {
        data += fmt::format("{} {:.6g}\n", curve.validation_step[i], curve.validation_loss[i]);
      }
      data += "END\n";
      const bool first = comma[0] == 0;
      plots += fmt::format("{}$c{} using 1:2 with lines lw 1 lc rgb '#888888' {}", comma, k,
                           first ? "title 'training'" : "notitle");
      if (!curve.validation_step.empty()) {
        plots +=
            fmt::format(", $v{} using 1:2 with linespoints pt 6 ps 0.5 lw 1.2 lc rgb '#000000' {}",
                        k, first ? "title 'validation'" : "notitle");
      }
      comma = ", ";
      ++k;
    }
    plots += "\n";
  }
  return {{"", data + plots + "unset multiplot\n", columns * 300, rows * 220}};
}

}  // namespace

extern const ReportFigure training_figure = {
    .id = "training",
    .place = 600,
    .drawings = drawings,
    .title = "Training curves",
    .caption = "Losses of the trainings behind the rows, a line a seed.",
};

}  // namespace musicrep
