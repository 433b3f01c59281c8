// A panel for each trained encoder and corpus: losses of all its seeds by training step.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "report/figure.h"
#include "report/gnuplot.h"

namespace musicrep {
namespace {

/// The curves of one encoder: thin for training batches, with markers for held-out items. Names go
/// into the legend of the first panel alone.
std::string panel_script(const Results& results, const std::pair<std::string, std::string>& trained,
                         const EncoderLook& look, std::size_t number) {
  std::string data;
  std::string training;
  std::string validation;
  std::vector<double> losses;
  std::size_t k = 0;
  for (const TrainingCurve& curve : results.curves) {
    if (curve.encoder != trained.first || curve.corpus != trained.second || curve.step.empty()) {
      continue;
    }
    losses.insert(losses.end(), curve.loss.begin(), curve.loss.end());
    losses.insert(losses.end(), curve.validation_loss.begin(), curve.validation_loss.end());
    data += fmt::format("$c{}s{} << END\n", number, k);
    for (std::size_t i = 0; i < curve.step.size(); ++i) {
      data += fmt::format("{} {:.6g}\n", std::max(1.0, curve.step[i]), curve.loss[i]);
    }
    data += fmt::format("END\n$v{}s{} << END\n", number, k);
    for (std::size_t i = 0; i < curve.validation_step.size(); ++i) {
      data += fmt::format("{} {:.6g}\n", std::max(1.0, curve.validation_step[i]),
                          curve.validation_loss[i]);
    }
    data += "END\n";
    training += fmt::format("{}$c{}s{} using 1:2 with lines lw 0.8 lc rgb '{}' notitle",
                            training.empty() ? "" : ", ", number, k, look.colour());
    if (!curve.validation_step.empty()) {
      validation += fmt::format(", $v{}s{} using 1:2 with linespoints ps 0.6 lw 1.6 {} notitle",
                                number, k, look_script(look));
    }
    ++k;
  }
  constexpr std::size_t kTics = 5;
  const Axis axis = axis_of(losses, kTics);
  return data +
         fmt::format(
             "set yrange [{:.6g}:{:.6g}]\nset ytics {:.6g}\nset xrange [*:*] noextend\nplot ",
             axis.low, axis.high, axis.step) +
         training + validation + "\n";
}

std::vector<Drawing> drawings(const Results& results, const std::vector<ScoreTable>&) {
  std::vector<std::pair<std::string, std::string>> trained;  // encoder and corpus
  for (const TrainingCurve& curve : results.curves) {
    const std::pair name(curve.encoder, curve.corpus);
    if (!curve.step.empty() && std::ranges::find(trained, name) == trained.end()) {
      trained.push_back(name);
    }
  }
  if (trained.empty()) return {};
  const std::vector<EncoderLook> looks = encoder_looks(results);
  constexpr double kPanelHeight = 200;
  constexpr double kLegend = 24;
  const double column = static_cast<double>(kFigureWidth) / 2;
  const std::size_t n_rows = (trained.size() + 1) / 2;
  const auto height =
      static_cast<std::size_t>(kPanelHeight * static_cast<double>(n_rows) + kLegend);
  std::string out = fmt::format(
      "{}set multiplot\nunset key\nset logscale x\nset format x '%.0f'\nset ylabel 'loss' font ',10' offset 1,0\n"
      "set xlabel 'training step' font ',10' offset 0,0.7\nset grid y lw 0.4 lc rgb '{}'\n"
      "set label 1 'one line per training seed; thin: training batches; with markers: held-out items' "
      "at screen 0.5, screen {:.4f} center font ',10'\n",
      kGnuplotAxes, kFaintInk, 0.45 * kLegend / static_cast<double>(height));
  for (std::size_t k = 0; k < trained.size(); ++k) {
    const double left = column * static_cast<double>(k % 2);
    const double top = kPanelHeight * static_cast<double>(k / 2);
    const EncoderLook look = look_of(looks, trained[k].first);
    const PanelFrame frame{left + 52, left + column - 14, top + 30, top + kPanelHeight - 44};
    out += frame_script(frame, kFigureWidth, height) +
           title_script(look.name + " on " + trained[k].second, frame.right - frame.left) +
           panel_script(results, trained[k], look, k) + "unset label\n";
  }
  return {{"", out + "unset multiplot\n", kFigureWidth, height}};
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
