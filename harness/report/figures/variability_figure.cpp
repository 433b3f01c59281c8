// Cosines of a clip's frames by layer, a line an encoder: as they are on the left, centred on the
// right.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/figure.h"
#include "report/gnuplot.h"
#include "report/variability.h"

namespace musicrep {
namespace {

/// "att. 1" for "layer 1 attention", "1" for "layer 1".
std::string tick_text(const std::string& layer) {
  if (!layer.starts_with("layer ")) return layer;
  const std::string rest = layer.substr(6);
  const std::size_t end = rest.find(" attention");
  return end == std::string::npos ? rest : "att. " + rest.substr(0, end);
}

struct Line {
  std::string encoder;
  std::vector<const LayerLine*> layers;
};

std::vector<Line> lines_of(const VariabilityTable& table) {
  std::vector<Line> out;
  for (const LayerLine& line : table.lines) {
    auto at = std::ranges::find(out, line.encoder, &Line::encoder);
    if (at == out.end()) at = out.insert(out.end(), {line.encoder, {}});
    at->layers.push_back(&line);
  }
  return out;
}

constexpr std::array kPanels = {"cosine", "cosine_centred"};

bool has_any(const Line& line, const char* measure) {
  return std::ranges::any_of(line.layers, [&](const LayerLine* layer) {
    const Diagnosis* found = measure_of(*layer, measure);
    return found != nullptr && !std::isnan(found->value);
  });
}

/// A point, or an empty line where there is none.
std::string point_text(double x, const Diagnosis* of) {
  if (of == nullptr || std::isnan(of->value)) return "\n";
  return fmt::format("{} {:.6f} {:.6f} {:.6f}\n", x, of->value, of->low, of->high);
}

/// The data blocks of all lines and panels.
std::string data_script(const std::vector<Line>& lines, double last) {
  std::string out;
  for (const char* name : kPanels) {
    for (std::size_t k = 0; k < lines.size(); ++k) {
      out += fmt::format("${}{} << END\n", name, k);
      for (const LayerLine* layer : lines[k].layers) {
        out += point_text(static_cast<double>(layer->layer_index), measure_of(*layer, name));
      }
      // Frames as they are: a level to compare the layers of others with.
      if (lines[k].layers.size() == 1)
        out += point_text(last, measure_of(*lines[k].layers[0], name));
      out += "END\n";
    }
  }
  return out;
}

/// Intervals first, so that they hide no marker.
std::string panel_script(const std::vector<Line>& lines, const char* name,
                         const std::vector<EncoderLook>& looks) {
  std::string intervals;
  std::string curves;
  for (std::size_t k = 0; k < lines.size(); ++k) {
    const std::string data = fmt::format("${}{}", name, k);
    const EncoderLook look = look_of(looks, lines[k].encoder);
    const bool level = lines[k].layers.size() == 1;
    if (lines[k].layers.front()->n_seeds > 1) {
      intervals +=
          fmt::format("{} using 1:3:(0):($4-$3) with vectors nohead lw 0.9 lc rgb '{}' notitle, ",
                      data, look.colour());
    }
    curves += fmt::format("{}{} using 1:2 with linespoints dt {} ps 0.7 lw 1.5 {} notitle",
                          k == 0 ? "" : ", ", data, level ? 2 : 1, look_script(look));
  }
  return "plot " + intervals + curves + "\n";
}

/// Without a script where no clip has two frames.
Drawing variability_drawing(const VariabilityTable& table, const std::vector<EncoderLook>& looks) {
  std::vector<Line> lines = lines_of(table);
  std::erase_if(lines, [](const Line& line) {
    return std::ranges::none_of(kPanels, [&](const char* name) { return has_any(line, name); });
  });
  if (lines.empty()) return {};
  const auto longest =
      std::ranges::max_element(lines, {}, [](const Line& line) { return line.layers.size(); });
  const double last = std::max<double>(1, static_cast<double>(longest->layers.size()) - 1);
  std::string tics;
  for (const LayerLine* layer : longest->layers) {
    tics += fmt::format("{}{} {}", tics.empty() ? "" : ", ",
                        gnuplot_quoted(tick_text(layer->layer)), layer->layer_index);
  }
  // Both panels have one axis.
  std::vector<double> values;
  std::vector<EncoderLook> legend;
  for (const Line& line : lines) {
    legend.push_back(look_of(looks, line.encoder));
    for (const char* name : kPanels) {
      for (const LayerLine* layer : line.layers) {
        const Diagnosis* of = measure_of(*layer, name);
        if (of != nullptr) values.insert(values.end(), {of->value, of->low, of->high});
      }
    }
  }
  constexpr std::size_t kTics = 6;
  constexpr double kHeight = 310;
  const auto height = static_cast<std::size_t>(kHeight + legend_height(legend, kFigureWidth));
  const Axis axis = axis_of(values, kTics);
  std::string out = data_script(lines, last);
  out += fmt::format(
      "{}set xrange [-0.2:{:.1f}]\nset yrange [{:.6g}:{:.6g}]\nset ytics {:.6g}\nset xtics rotate by -30 ({})\n"
      "set grid y lw 0.4 lc rgb '{}'\nset xlabel 'layer' font ',10'\nunset key\nset multiplot\n",
      kGnuplotAxes, last + 0.2, axis.low, axis.high, axis.step, tics, kFaintInk);
  out += legend_script(legend, 4, kFigureWidth, height);
  double left = 66;
  for (const char* name : kPanels) {
    const double right = left + 250;
    if (std::ranges::none_of(lines, [&](const Line& line) { return has_any(line, name); })) {
      continue;  // gnuplot draws nothing at all where a plot has no point
    }
    const bool as_they_are = name == std::string("cosine");
    out += frame_script({left, right, 30,
                         static_cast<double>(height) - 72 - legend_height(legend, kFigureWidth)},
                        kFigureWidth, height) +
           title_script(as_they_are ? "as they are" : "centred", 200) +
           fmt::format("set ylabel '{}' font ',10' offset 1.5,0\n",
                       as_they_are ? "cosine of two frames of a clip" : "") +
           panel_script(lines, name, looks) + "unset label\n";
    left += 310;
  }
  return {table.dataset, out + "unset multiplot\n", kFigureWidth, height};
}

std::vector<Drawing> drawings(const Results& results, const std::vector<ScoreTable>&) {
  const std::vector<EncoderLook> looks = encoder_looks(results);
  std::vector<Drawing> out;
  for (const VariabilityTable& table : variability_tables(results)) {
    out.push_back(variability_drawing(table, looks));
  }
  return out;
}

}  // namespace

extern const ReportFigure variability_figure = {
    .id = "variability",
    .place = 200,
    .drawings = drawings,
};

}  // namespace musicrep
