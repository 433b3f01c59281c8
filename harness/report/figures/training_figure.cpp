// A panel for each trained encoder and corpus: losses of all its seeds by training step.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "report/figure.h"
#include "report/gnuplot.h"

namespace musicrep {
namespace {

/// The curves of one encoder: thin for training batches, with markers for held-out items; dashed,
/// the loss of base rates.
std::string panel_script(const Results& results, const std::pair<std::string, std::string>& trained,
                         const EncoderLook& look, std::size_t number) {
  std::string data;
  std::string training;
  std::string validation;
  std::vector<double> losses;
  std::vector<double> bases;  // seeds that hold out the same items have the same
  double first = std::numeric_limits<double>::infinity();
  double last = 1;
  // Next to held-out items the batches are faint, so that those can be seen among them, also in
  // grey.
  const bool any_validated = std::ranges::any_of(results.curves, [&](const TrainingCurve& curve) {
    return curve.encoder == trained.first && curve.corpus == trained.second &&
           !curve.validation_step.empty();
  });
  std::size_t k = 0;
  for (const TrainingCurve& curve : results.curves) {
    if (curve.encoder != trained.first || curve.corpus != trained.second || curve.step.empty()) {
      continue;
    }
    losses.insert(losses.end(), curve.loss.begin(), curve.loss.end());
    losses.insert(losses.end(), curve.validation_loss.begin(), curve.validation_loss.end());
    if (curve.base_loss && std::isfinite(*curve.base_loss) &&
        std::ranges::find(bases, *curve.base_loss) == bases.end()) {
      bases.push_back(*curve.base_loss);
    }
    for (const auto* steps : {&curve.step, &curve.validation_step}) {
      if (steps->empty()) continue;
      first = std::min(first, std::max(1.0, steps->front()));
      last = std::max(last, steps->back());
    }
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
                            training.empty() ? "" : ", ", number, k,
                            any_validated ? faint(look.colour()) : std::string(look.colour()));
    if (!curve.validation_step.empty()) {
      validation += fmt::format(", $v{}s{} using 1:2 with linespoints ps 0.6 lw 1.6 {} notitle",
                                number, k, look_script(look));
    }
    ++k;
  }
  losses.insert(losses.end(), bases.begin(), bases.end());
  std::string base;
  for (std::size_t b = 0; b < bases.size(); ++b) {
    data += fmt::format("$b{0}s{1} << END\n{2} {4:.6g}\n{3} {4:.6g}\nEND\n", number, b, first, last,
                        bases[b]);
    base += fmt::format(", $b{}s{} using 1:2 with lines lw 1.6 dt 2 lc rgb '{}' notitle", number, b,
                        kInk);
  }
  constexpr std::size_t kTics = 5;
  const Axis axis = axis_of(losses, kTics);
  return data +
         fmt::format(
             "set yrange [{:.6g}:{:.6g}]\nset ytics {:.6g}\nset xrange [*:*] noextend\nplot ",
             axis.low, axis.high, axis.step) +
         training + base + validation + "\n";
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
  const bool any_base = std::ranges::any_of(
      results.curves, [](const TrainingCurve& c) { return c.base_loss.has_value(); });
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
      "set label 1 'one line per training seed; thin: training batches; with markers: held-out items{}' "
      "at screen 0.5, screen {:.4f} center font ',10'\n",
      kGnuplotAxes, kFaintInk, any_base ? "; dashed: base rates" : "",
      0.45 * kLegend / static_cast<double>(height));
  for (std::size_t k = 0; k < trained.size(); ++k) {
    const double left = column * static_cast<double>(k % 2);
    const double top = kPanelHeight * static_cast<double>(k / 2);
    const EncoderLook look = look_of(looks, trained[k].first);
    const PanelFrame frame{left + 62, left + column - 14, top + 30, top + kPanelHeight - 44};
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
    .caption =
        "Losses of the trainings behind the rows, one line per seed; dashed, where known: the "
        "loss of base rates.",
};

}  // namespace musicrep
