#include "report/variability.h"

#include <algorithm>

#include "diagnose/measures.h"

namespace musicrep {
namespace {

std::size_t place_of(const std::string& measure) {
  const auto infos = measure_infos();
  const auto at = std::ranges::find(infos, measure, &MeasureInfo::name);
  return static_cast<std::size_t>(at - infos.begin());
}

VariabilityTable& table_of(std::vector<VariabilityTable>& tables, const std::string& dataset) {
  const auto at = std::ranges::find(tables, dataset, &VariabilityTable::dataset);
  if (at != tables.end()) return *at;
  tables.push_back({.dataset = dataset, .n_clips = 0, .n_short = 0, .lines = {}});
  return tables.back();
}

LayerLine& line_of(VariabilityTable& table, const Diagnosis& of) {
  const auto at = std::ranges::find_if(table.lines, [&](const LayerLine& line) {
    return line.encoder == of.encoder && line.layer == of.layer;
  });
  if (at != table.lines.end()) return *at;
  table.lines.push_back({of.encoder, of.layer, of.layer_index, of.n_seeds,
                         std::vector<const Diagnosis*>(measure_infos().size(), nullptr)});
  return table.lines.back();
}

}  // namespace

std::vector<VariabilityTable> variability_tables(const Results& results) {
  std::vector<VariabilityTable> tables;
  for (const Diagnosis& each : results.diagnoses) {
    const std::size_t place = place_of(each.measure);
    if (place == measure_infos().size()) continue;  // of another version of the program
    VariabilityTable& table = table_of(tables, each.dataset);
    line_of(table, each).measures[place] = &each;
    table.n_clips = std::max(table.n_clips, each.n_clips);
  }
  for (VariabilityTable& table : tables) {
    for (const LayerLine& line : table.lines) {
      if (const Diagnosis* cosine = measure_of(line, "cosine")) {
        table.n_short = std::max(table.n_short, table.n_clips - cosine->n_clips);
      }
    }
  }
  return tables;
}

const Diagnosis* measure_of(const LayerLine& line, const std::string& name) {
  const std::size_t place = place_of(name);
  return place < line.measures.size() ? line.measures[place] : nullptr;
}

}  // namespace musicrep
