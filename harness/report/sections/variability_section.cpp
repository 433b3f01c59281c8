// How much frames differ over time, and how attention blurs them.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "diagnose/measures.h"
#include "report/html/page.h"
#include "report/markdown_text.h"
#include "report/section.h"
#include "report/variability.h"

namespace musicrep {
namespace {

/// Numbers, of the one that matters most with its 95 % interval, where that is known.
std::string cell_text(const Diagnosis* of) {
  if (of == nullptr) return kNothing;
  std::string out = score_text(of->value);
  if (of->measure == "cosine_centred" && !std::isnan(of->low)) {
    out += " " + interval_text(of->low, of->high);
  }
  return out;
}

std::string table_text(const ReportInput& input, const VariabilityTable& table, bool of_attention) {
  const auto infos = measure_infos();
  std::vector<std::string> header = {"Encoder", "Layer"};
  for (const MeasureInfo& info : infos) {
    if (info.of_attention == of_attention) header.push_back(std::string(">") + info.heading);
  }
  MarkdownTable out(header);
  for (const LayerLine& line : table.lines) {
    std::vector<std::string> cells = {input.name(line.encoder), plain(line.layer)};
    bool any = false;
    for (std::size_t i = 0; i < infos.size(); ++i) {
      if (infos[i].of_attention != of_attention) continue;
      cells.push_back(cell_text(line.measures[i]));
      any = any || line.measures[i] != nullptr;
    }
    if (any) out.add(cells);
  }
  return out.empty() ? "" : out.text();
}

std::string meanings_text(bool of_attention) {
  std::string out;
  for (const MeasureInfo& info : measure_infos()) {
    if (info.of_attention == of_attention) {
      out += fmt::format("- **{}**: {}.\n", info.heading, info.meaning);
    }
  }
  return out + "\n";
}

/// From the input to the last layer, for each encoder that has layers.
std::string changes_text(const ReportInput& input, const VariabilityTable& table) {
  std::string out;
  for (std::size_t first = 0; first < table.lines.size();) {
    std::size_t end = first + 1;
    while (end < table.lines.size() && table.lines[end].encoder == table.lines[first].encoder) {
      ++end;
    }
    const LayerLine& last = table.lines[end - 1];
    const Diagnosis* before = measure_of(table.lines[first], "cosine_centred");
    const Diagnosis* after = measure_of(last, "cosine_centred");
    if (end - first > 1 && before != nullptr && after != nullptr) {
      out += fmt::format("- {}: centred cosine {} after {}, {} after {} ({})\n",
                         input.name(last.encoder), score_text(before->value),
                         plain(table.lines[first].layer), score_text(after->value),
                         plain(last.layer), difference_text(after->value - before->value));
    }
    first = end;
  }
  return out.empty() ? "" : out + "\n";
}

std::string clips_text(const VariabilityTable& table) {
  std::string out = fmt::format("{}: {} clips", plain(table.dataset), table.n_clips);
  if (table.n_short > 0) {
    out += fmt::format("; {} of them {} one frame alone and {} left out where two are compared",
                       table.n_short, table.n_short == 1 ? "has" : "have",
                       table.n_short == 1 ? "is" : "are");
  }
  return out + ".\n\n";
}

std::string section(const ReportInput& input) {
  const std::vector<VariabilityTable> tables = variability_tables(input.results);
  if (tables.empty()) return "";
  std::string out =
      "## Variability and blur\n\nHow much the frames of a clip differ after each layer, and where "
      "attention looks. Numbers are means over clips and training seeds, the centred cosine with "
      "its "
      "95 % interval over both where it is known; diagnosis.csv has the intervals of all measures. "
      "Blur is what raises the centred cosine from one layer to the next.\n\n";
  bool any_attention = false;
  for (const VariabilityTable& table : tables) {
    out += clips_text(table) + table_text(input, table, false) + changes_text(input, table);
    const std::string attention = table_text(input, table, true);
    any_attention = any_attention || !attention.empty();
    out += attention;
    if (const auto file = input.figures.file("variability", table.dataset); !file.empty()) {
      out += fmt::format("![Cosines by layer on {}]({})\n\n", plain(table.dataset), file);
    }
  }
  return out + meanings_text(false) + (any_attention ? meanings_text(true) : "");
}

/// The values of every layer of every encoder, for the page to draw.
nlohmann::json layers_json(const VariabilityTable& table) {
  using nlohmann::json;
  const auto number = [](double v) { return std::isfinite(v) ? json(v) : json(); };
  json measures = json::array();
  for (const MeasureInfo& info : measure_infos()) {
    json points = json::array();
    for (const LayerLine& line : table.lines) {
      const Diagnosis* of = measure_of(line, info.name);
      if (of == nullptr || !std::isfinite(of->value)) continue;
      points.push_back({{"encoder", line.encoder},
                        {"layer", line.layer},
                        {"place", line.layer_index},
                        {"value", of->value},
                        {"low", number(of->low)},
                        {"high", number(of->high)}});
    }
    if (points.empty()) continue;
    measures.push_back({{"heading", info.heading}, {"points", std::move(points)}});
  }
  return {{"dataset", table.dataset}, {"measures", std::move(measures)}};
}

std::string page(const PageInput& input) {
  const std::string text = section(input.report);
  if (text.empty()) return "";
  nlohmann::json tables = nlohmann::json::array();
  for (const VariabilityTable& table : variability_tables(input.report.results)) {
    tables.push_back(layers_json(table));
  }
  const std::size_t below = text.find("\n\n") + 2;  // the heading
  return page_heading("Blur by layer") + page_block("layers", {{"tables", std::move(tables)}}) +
         page_details("All measures, and what they mean", html_of_markdown(text.substr(below)));
}

}  // namespace

extern const ReportSection variability_section = {.place = 800, .text = section, .page = page};

}  // namespace musicrep
