#include "report/sweeps.h"

#include <algorithm>

namespace musicrep {

std::vector<SweepTable> sweep_tables(const Results& results) {
  std::vector<SweepTable> out;
  for (const SweepPoint& point : results.sweeps) {
    auto table = std::ranges::find_if(out, [&](const SweepTable& t) {
      return t.task == point.task && t.protocol == point.protocol;
    });
    if (table == out.end()) {
      table = out.insert(out.end(), {point.task, point.protocol, point.metric, {}, {}});
    }
    if (std::ranges::find(table->labels, point.labels) == table->labels.end()) {
      table->labels.push_back(point.labels);
    }
  }
  for (SweepTable& table : out) {
    // All of them, 0, is more than any number.
    std::ranges::sort(table.labels, {},
                      [](std::int64_t n) { return n - 1 + (n == 0 ? INT64_MAX : 0); });
    for (const SweepPoint& point : results.sweeps) {
      if (point.task != table.task || point.protocol != table.protocol) continue;
      auto line = std::ranges::find_if(table.lines, [&](const SweepLine& l) {
        return l.encoder == point.encoder && l.factor == point.factor && l.value == point.value;
      });
      if (line == table.lines.end()) {
        line = table.lines.insert(line,
                                  {point.encoder, point.factor, point.value,
                                   std::vector<const SweepPoint*>(table.labels.size(), nullptr)});
      }
      const auto at = std::ranges::find(table.labels, point.labels) - table.labels.begin();
      line->points[static_cast<std::size_t>(at)] = &point;
    }
  }
  return out;
}

}  // namespace musicrep
