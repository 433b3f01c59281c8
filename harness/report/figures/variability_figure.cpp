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

/// Empty where no clip has two frames.
std::string variability_script(const VariabilityTable& table) {
  std::vector<Line> lines = lines_of(table);
  std::erase_if(lines, [](const Line& line) {
    return std::ranges::none_of(kPanels, [&](const char* name) { return has_any(line, name); });
  });
  if (lines.empty()) return "";
  const auto longest =
      std::ranges::max_element(lines, {}, [](const Line& line) { return line.layers.size(); });
  const double last = std::max<double>(1, static_cast<double>(longest->layers.size()) - 1);
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
  out += fmt::format(
      "set border 3 lw 0.5\nset tics out nomirror font ',10' scale 0.5\n"
      "set xrange [-0.2:{}]\nset yrange [*<0:1]\nset xtics (",
      last + 0.2);
  const char* comma = "";
  for (const LayerLine* layer : longest->layers) {
    out +=
        fmt::format("{}{} {}", comma, gnuplot_quoted(tick_text(layer->layer)), layer->layer_index);
    comma = ", ";
  }
  out +=
      ")\nset xlabel 'layer' font ',11'\n"
      "set key outside below center horizontal noenhanced font ',10'\n"
      "set multiplot layout 1,2\n";
  for (const char* name : kPanels) {
    if (std::ranges::none_of(lines, [&](const Line& line) { return has_any(line, name); })) {
      continue;  // gnuplot draws nothing at all where a plot has no point
    }
    out += fmt::format("set title '{}' font ',12'\nset ylabel '{}' font ',11'\nplot ",
                       name == std::string("cosine") ? "as they are" : "centred",
                       name == std::string("cosine") ? "cosine of two frames of a clip" : "");
    for (std::size_t k = 0; k < lines.size(); ++k) {
      const std::string data = fmt::format("${}{}", name, k);
      const std::string grey = fmt::format("lc rgb '#{0:02x}{0:02x}{0:02x}'", k % 3 * 64);
      const bool level = lines[k].layers.size() == 1;
      out += fmt::format("{}{} using 1:2 with {} dt {} pt {} ps 0.7 lw 1.5 {} title {}",
                         k == 0 ? "" : ", ", data, level ? "lines" : "linespoints",
                         level ? 2 + k % 4 : 1, 4 + k, grey, gnuplot_quoted(lines[k].encoder));
      if (lines[k].layers.front()->n_seeds > 1) {
        out += fmt::format(", {} using 1:2:3:4 with yerrorbars pt 0 lw 0.8 {} notitle", data, grey);
      }
    }
    out += "\n";
  }
  return out + "unset multiplot\n";
}

std::vector<Drawing> drawings(const Results& results, const std::vector<ScoreTable>&) {
  std::vector<Drawing> out;
  for (const VariabilityTable& table : variability_tables(results)) {
    out.push_back({table.dataset, variability_script(table), 760, 340});
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
