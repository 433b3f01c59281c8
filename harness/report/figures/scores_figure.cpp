// Scores with 95 % intervals: a panel a table, or a panel a task with a row a protocol where few
// encoders are under several protocols. The panels of a task have one axis.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "report/figure.h"
#include "report/gnuplot.h"
#include "report/markdown_text.h"

namespace musicrep {
namespace {

constexpr std::size_t kFewEncoders = 5;
constexpr std::size_t kSeveralProtocols = 3;
constexpr const char* kConstantLabel = "best constant";

bool is_good(const ResultRow* row) { return row->failure.empty() && std::isfinite(row->score); }

/// One score; its height in the panel is that of its row, and a bit aside where a row has several.
struct Point {
  const ResultRow* row;
  double height;
};

struct Panel {
  std::string title;
  std::string metric;
  std::vector<std::string> labels;  ///< of the rows, the first on top; the last is the constant's
  std::vector<double> constants;  ///< score of the best constant prediction, of each row before it
  std::vector<Point> points;
  bool by_protocol = false;  ///< rows are protocols: the encoders need a legend
  Axis axis;
};

/// Good rows in the order of the encoders, so that a row of one panel looks like another's.
std::vector<std::string> encoders_of(const std::vector<const ScoreTable*>& tables) {
  std::vector<std::string> out;
  for (const ScoreTable* table : tables) {
    for (const ResultRow* row : table->rows) {
      if (is_good(row) && std::ranges::find(out, row->encoder) == out.end()) {
        out.push_back(row->encoder);
      }
    }
  }
  return out;
}

Panel protocols_panel(const std::vector<const ScoreTable*>& tables,
                      const std::vector<std::string>& encoders) {
  const ResultRow& first = *tables.front()->rows.front();
  Panel panel{.title = fmt::format("{} under each protocol", first.task),
              .metric = first.metric,
              .labels = {},
              .constants = {},
              .points = {},
              .by_protocol = true,
              .axis = {}};
  for (const ScoreTable* table : tables) {
    const auto height = -static_cast<double>(panel.labels.size());
    for (const ResultRow* row : table->rows) {
      if (!is_good(row)) continue;
      const auto place =
          static_cast<double>(std::ranges::find(encoders, row->encoder) - encoders.begin());
      const double aside = place - 0.5 * static_cast<double>(encoders.size() - 1);
      panel.points.push_back({row, height - 0.7 * aside / static_cast<double>(encoders.size())});
    }
    panel.labels.push_back(table->protocol);
    panel.constants.push_back(table->rows.front()->baseline);
  }
  panel.labels.emplace_back(kConstantLabel);
  return panel;
}

Panel table_panel(const ScoreTable& table, const std::vector<EncoderLook>& looks) {
  const ResultRow& first = *table.rows.front();
  Panel panel{.title = fmt::format("{}, {}", table.task, table.protocol),
              .metric = first.metric,
              .labels = {},
              .constants = {},
              .points = {},
              .by_protocol = false,
              .axis = {}};
  for (const ResultRow* row : table.rows) {
    if (is_good(row)) panel.points.push_back({row, -static_cast<double>(panel.labels.size())});
    panel.labels.push_back(look_of(looks, row->encoder).name);
    panel.constants.push_back(first.baseline);
  }
  panel.labels.emplace_back(kConstantLabel);
  return panel;
}

bool has_comparable(const ResultRow& row) {
  return row.published.has_value() && row.published_caveat.empty();
}

/// One axis for the panels of a task. An interval of r2 can reach far below: it is cut there.
void set_axis(std::vector<Panel>& panels, std::size_t first) {
  std::vector<double> scores;
  std::vector<double> all;
  for (std::size_t p = first; p < panels.size(); ++p) {
    scores.insert(scores.end(), panels[p].constants.begin(), panels[p].constants.end());
    for (const Point& point : panels[p].points) {
      scores.push_back(point.row->score);
      all.insert(all.end(), {point.row->ci_low, point.row->ci_high});
      if (has_comparable(*point.row)) all.push_back(*point.row->published);
    }
  }
  std::erase_if(scores, [](double v) { return !std::isfinite(v); });
  const auto [least, most] = std::ranges::minmax(scores);
  const double floor = least - 1.5 * (most - least) - 0.05;
  for (double& v : all) v = std::max(v, floor);
  all.insert(all.end(), scores.begin(), scores.end());
  constexpr std::size_t kTics = 5;
  for (std::size_t p = first; p < panels.size(); ++p) panels[p].axis = axis_of(all, kTics);
}

std::vector<Panel> panels_of(const std::vector<ScoreTable>& tables,
                             const std::vector<EncoderLook>& looks) {
  std::vector<std::string> tasks;
  for (const ScoreTable& table : tables) {
    if (std::ranges::find(tasks, table.task) == tasks.end()) tasks.push_back(table.task);
  }
  std::vector<Panel> out;
  for (const std::string& task : tasks) {
    std::vector<const ScoreTable*> of;
    for (const ScoreTable& table : tables) {
      const auto n_good = std::ranges::count_if(table.rows, is_good);
      if (table.task == task && n_good >= 2) of.push_back(&table);
    }
    if (of.empty()) continue;
    const std::size_t first = out.size();
    const std::vector<std::string> encoders = encoders_of(of);
    if (of.size() >= kSeveralProtocols && encoders.size() <= kFewEncoders) {
      out.push_back(protocols_panel(of, encoders));
    } else {
      for (const ScoreTable* table : of) out.push_back(table_panel(*table, looks));
    }
    set_axis(out, first);
  }
  return out;
}

/// The constant predictions of rows as dashed lines, rows of several points apart from each other,
/// and the constants' own row.
struct ConstantScript {
  std::string arrows;
  std::string data;
  std::string plot;  ///< parts of `plot`, each after a comma
};

ConstantScript constants_script(const Panel& panel, std::size_t number) {
  ConstantScript out;
  std::vector<double> values;
  for (std::size_t k = 0; k < panel.constants.size(); ++k) {
    const double row = -static_cast<double>(k);
    if (panel.by_protocol) {
      out.arrows += fmt::format(
          "set arrow from graph 0, first {0:.1f} to graph 1, first {0:.1f} nohead back lw 0.4 lc rgb '{1}'\n",
          row - 0.5, faint(kFaintInk));
    }
    const double value = panel.constants[k];
    if (!std::isfinite(value)) continue;
    out.arrows += fmt::format(
        "set arrow from first {0:.6f}, first {1:.1f} to first {0:.6f}, first {2:.1f} nohead dt 2 lw 1 lc rgb '{3}'\n",
        value, k == 0 ? 0.6 : row + 0.5, row - 0.5, kInk);
    if (std::ranges::find(values, value) == values.end()) values.push_back(value);
  }
  if (values.empty()) return out;
  std::ranges::sort(values);
  const double row = -static_cast<double>(panel.constants.size());
  out.data = fmt::format("$p{}c << END\n", number);
  std::string text;
  for (const double value : values) {
    out.data += fmt::format("{:.6f} {:.1f}\n", value, row);
    text += fmt::format("{}{}", text.empty() ? "" : ", ", score_text(value));
  }
  out.data += "END\n";
  out.plot = fmt::format(
      ", $p{}c using 1:($2-0.3):(0):(0.6) with vectors nohead lw 2.5 lc rgb '{}' notitle", number,
      kInk);
  out.arrows +=
      fmt::format("set label 98 {} at first {:.6f}, first {:.1f} left font ',10' offset 0.7,0\n",
                  gnuplot_quoted(text), values.back(), row);
  return out;
}

/// Intervals first, so that they hide no marker; then published scores; then ours.
std::string panel_script(const Panel& panel, std::size_t number,
                         const std::vector<EncoderLook>& looks) {
  std::string data;
  std::string intervals;
  std::string published;
  std::string markers;
  std::vector<std::string> drawn;
  for (const Point& point : panel.points) {
    const std::string& label = point.row->encoder;
    if (std::ranges::find(drawn, label) == drawn.end()) drawn.push_back(label);
  }
  for (std::size_t k = 0; k < drawn.size(); ++k) {
    const EncoderLook look = look_of(looks, drawn[k]);
    const std::string name = fmt::format("$p{}e{}", number, k);
    data += name + " << END\n";
    std::string theirs;
    for (const Point& point : panel.points) {
      const ResultRow& row = *point.row;
      if (row.encoder != drawn[k]) continue;
      const double low = std::clamp(row.ci_low, panel.axis.low, panel.axis.high);
      const double high = std::clamp(row.ci_high, panel.axis.low, panel.axis.high);
      data +=
          fmt::format("{:.6f} {:.4f} {:.6f} {:.6f}\n", row.score, point.height, low, high - low);
      if (has_comparable(row))
        theirs += fmt::format("{:.6f} {:.4f}\n", *row.published, point.height);
    }
    data += "END\n";
    intervals += fmt::format("{} using 3:2:4:(0) with vectors nohead lw 1.6 lc rgb '{}' notitle, ",
                             name, look.colour());
    if (!theirs.empty()) {
      data += fmt::format("{}t << END\n{}END\n", name, theirs);
      published += fmt::format(
          "{}t using 1:($2-0.28):(0):(0.56) with vectors nohead lw 1.6 lc rgb '{}' notitle, ", name,
          kInk);
    }
    markers += fmt::format("{}{} using 1:2 with points ps 0.75 lw 1.4 {} notitle",
                           k == 0 ? "" : ", ", name, look_script(look));
  }
  std::string tics;
  for (std::size_t k = 0; k < panel.labels.size(); ++k) {
    tics += fmt::format("{}{} {}", k == 0 ? "" : ", ", gnuplot_quoted(panel.labels[k]),
                        -static_cast<double>(k));
  }
  const ConstantScript constants = constants_script(panel, number);
  return data + constants.data + x_axis_script(panel.axis) +
         fmt::format("set ytics ({}) noenhanced\nset yrange [{:.2f}:0.6]\nunset arrow\n{}", tics,
                     -static_cast<double>(panel.labels.size()) + 0.4, constants.arrows) +
         fmt::format("set xlabel {} font ',10' offset 0,0.7\n", gnuplot_quoted(panel.metric)) +
         "plot " + intervals + published + markers + constants.plot + "\n";
}

constexpr double kLine = 17;    // of a row
constexpr double kAbove = 30;   // a panel: its title
constexpr double kBelow = 52;   // tics and label of the axis
constexpr double kLegend = 22;  // a line of the legend

double rows_height(const Panel& panel) {
  return kLine * (panel.by_protocol ? 1.6 : 1) * static_cast<double>(panel.labels.size());
}

/// Two columns, or one where a panel needs the room; `top` becomes the height of all.
std::vector<PanelFrame> frames_of(const std::vector<Panel>& panels, double& top) {
  const bool wide = panels.size() == 1 || std::ranges::any_of(panels, &Panel::by_protocol);
  const std::size_t n_columns = wide ? 1 : 2;
  const double column = static_cast<double>(kFigureWidth) / static_cast<double>(n_columns);
  double left = 0;
  for (const Panel& panel : panels) {
    for (const std::string& label : panel.labels) left = std::max(left, text_width(label));
  }
  left = std::min(left, column * 0.5) + 20;
  std::vector<PanelFrame> frames;
  for (std::size_t p = 0; p < panels.size(); p += n_columns) {
    double most = 0;
    for (std::size_t k = p; k < std::min(panels.size(), p + n_columns); ++k) {
      const double begin = column * static_cast<double>(k - p);
      const double height = rows_height(panels[k]);
      frames.push_back(
          {begin + left, begin + column - 14, top + kAbove, top + kAbove + height, begin + 6});
      most = std::max(most, height);
    }
    top += kAbove + most + kBelow;
  }
  return frames;
}

std::vector<Drawing> drawings(const Results& results, const std::vector<ScoreTable>& tables) {
  const std::vector<EncoderLook> looks = encoder_looks(results);
  const std::vector<Panel> panels = panels_of(tables, looks);
  if (panels.empty()) return {};
  double top = 0;
  const std::vector<PanelFrame> frames = frames_of(panels, top);
  bool any_published = false;
  std::vector<EncoderLook> legend;  // of panels whose rows are not the encoders
  for (const Panel& panel : panels) {
    for (const Point& point : panel.points) {
      any_published = any_published || has_comparable(*point.row);
      const EncoderLook look = look_of(looks, point.row->encoder);
      if (panel.by_protocol &&
          std::ranges::find(legend, look.label, &EncoderLook::label) == legend.end()) {
        legend.push_back(look);
      }
    }
  }
  const auto height = static_cast<std::size_t>(top + kLegend + legend_height(legend, kFigureWidth));
  std::string out = fmt::format("{}set multiplot\nset grid x lw 0.4 lc rgb '{}'\nunset key\n",
                                kGnuplotAxes, kFaintInk);
  out += fmt::format(
      "set label 1 {} at screen 0.5, screen {:.4f} center font ',10'\n",
      gnuplot_quoted(fmt::format("lines: 95 % intervals; dashed: best constant prediction{}",
                                 any_published ? "; upright: published score" : "")),
      0.5 * kLegend / static_cast<double>(height));
  out += legend_script(legend, kLegend, kFigureWidth, height);
  for (std::size_t p = 0; p < panels.size(); ++p) {
    out += frame_script(frames[p], kFigureWidth, height) +
           heading_script(panels[p].title, frames[p].begin, frames[p].top - 12,
                          frames[p].right - frames[p].begin, kFigureWidth, height) +
           panel_script(panels[p], p, looks) + "unset label\n";
  }
  return {{"", out + "unset multiplot\n", kFigureWidth, height}};
}

}  // namespace

extern const ReportFigure scores_figure = {
    .id = "scores",
    .place = 400,
    .drawings = drawings,
};

}  // namespace musicrep
