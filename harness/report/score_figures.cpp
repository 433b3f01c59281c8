// Figures of scores, confusions, trainings and costs.
#include "report/score_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "metrics/scores.h"
#include "report/figures.h"
#include "report/markdown_sections.h"

namespace musicrep {
namespace {

constexpr const char* kAxes = "set border 3 lw 0.5\nset tics out nomirror font ',10' scale 0.5\n";

/// Labels of encoders down the left side, the first on top.
std::string name_tics(const std::vector<std::string>& names) {
  std::string out = "set ytics (";
  for (std::size_t k = 0; k < names.size(); ++k) {
    out += fmt::format("{}{} {}", k == 0 ? "" : ", ", gnuplot_quoted(names[k]), names.size() - k);
  }
  return out + ") noenhanced\n" + fmt::format("set yrange [0.4:{}.6]\n", names.size());
}

/// Whether there is a published score that may stand on one axis with ours.
bool has_comparable(const ResultRow& row) {
  return row.published.has_value() && row.published_caveat.empty();
}

struct Mean {
  double sum = 0;
  std::size_t n = 0;
  void add(double v) {
    sum += v;
    ++n;
  }
  [[nodiscard]] double value() const { return n == 0 ? 0 : sum / static_cast<double>(n); }
};

}  // namespace

Drawing scores_drawing(const std::vector<ScoreTable>& tables) {
  std::vector<const ScoreTable*> drawn;
  for (const ScoreTable& table : tables) {
    const auto good = std::ranges::count_if(table.rows, [](const ResultRow* row) {
      return row->failure.empty() && std::isfinite(row->score);
    });
    if (good >= 2) drawn.push_back(&table);
  }
  if (drawn.empty()) return {};
  std::string out = kAxes;
  std::size_t most = 0;
  for (std::size_t t = 0; t < drawn.size(); ++t) {
    std::string ours;
    std::string theirs;
    std::size_t place = drawn[t]->rows.size();
    most = std::max(most, place);
    for (const ResultRow* row : drawn[t]->rows) {
      if (row->failure.empty() && std::isfinite(row->score)) {
        ours +=
            fmt::format("{:.6f} {} {:.6f} {:.6f}\n", row->score, place, row->ci_low, row->ci_high);
      }
      if (has_comparable(*row)) theirs += fmt::format("{:.6f} {}\n", *row->published, place);
      --place;
    }
    out += fmt::format("$ours{} << END\n{}END\n", t, ours);
    if (!theirs.empty()) out += fmt::format("$theirs{} << END\n{}END\n", t, theirs);
  }
  const std::size_t columns = std::min<std::size_t>(drawn.size(), 2);
  const std::size_t rows = (drawn.size() + columns - 1) / columns;
  out += fmt::format("set multiplot layout {},{}\nset grid x lw 0.3 lc rgb '#bbbbbb'\n", rows,
                     columns);
  for (std::size_t t = 0; t < drawn.size(); ++t) {
    const ScoreTable& table = *drawn[t];
    std::vector<std::string> names;
    bool published = false;
    for (const ResultRow* row : table.rows) {
      names.push_back(row->encoder);
      published = published || has_comparable(*row);
    }
    out += fmt::format("set title {} font ',12' noenhanced\n{}",
                       gnuplot_quoted(fmt::format("{} under {}: {}", table.task, table.protocol,
                                                  table.rows.front()->metric)),
                       name_tics(names));
    out += "set key outside below center horizontal font ',10'\n";
    out += fmt::format(
        "plot $ours{0} using 1:2:3:4 with xerrorbars pt 7 ps 0.7 lw 1.5 lc rgb '#000000' title "
        "'ours, 95 % interval'",
        t);
    if (published) {
      out += fmt::format(
          ", $theirs{} using 1:2 with points pt 4 ps 0.9 lw 1.2 lc rgb '#777777' title 'published'",
          t);
    }
    out += "\n";
  }
  return {out + "unset multiplot\n", columns * 440, rows * (most * 22 + 120)};
}

Drawing confusion_drawing(const std::vector<ScoreTable>& tables) {
  // The leader of each table: the others stand in the report as numbers.
  std::vector<std::pair<std::string, const TargetResult*>> drawn;
  for (const ScoreTable& table : tables) {
    const ResultRow& best = *table.rows.front();
    if (!best.failure.empty()) continue;
    for (const TargetResult& target : best.targets) {
      if (target.classes.size() < 2 || target.truth.size() != target.predicted.size()) continue;
      drawn.emplace_back(best.encoder + ": " + table.task + " under " + table.protocol, &target);
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
        "set title {} font ',12' noenhanced\nset xlabel 'predicted' font ',11'\n"
        "set ylabel 'true' font ',11'\nset xtics rotate by -40 (",
        gnuplot_quoted(drawn[t].first));
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
        "font ',9' tc rgb '#000000', "
        "$m{1} using 1:2:($3 > 0.5 ? sprintf('%.0f', 100*$3) : '') with labels font ',9' tc rgb "
        "'#ffffff'\n",
        end, t);
  }
  return {out + "unset multiplot\n", columns * 430, rows * (most * 26 + 140)};
}

Drawing curves_drawing(const Results& results) {
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
      kAxes, rows, columns);
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
  return {data + plots + "unset multiplot\n", columns * 300, rows * 220};
}

Drawing costs_drawing(const Results& results) {
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
  std::string out = kAxes;
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
      panels.size(), name_tics(encoders));
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
  return {out + "unset multiplot\n", panels.size() * 300, encoders.size() * 22 + 110};
}

}  // namespace musicrep
