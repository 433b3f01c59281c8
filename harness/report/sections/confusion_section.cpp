// What is taken for what.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "metrics/scores.h"
#include "report/html/page.h"
#include "report/html/page_clips.h"
#include "report/markdown_text.h"
#include "report/section.h"

namespace musicrep {
namespace {

std::string matrix_text(const TargetResult& target) {
  const std::size_t n = target.classes.size();
  std::vector<std::string> header = {"true \\ predicted"};
  for (const std::string& name : target.classes) header.push_back(">" + plain(name));
  MarkdownTable table(header);
  const std::vector<std::int64_t> counts = confusion(target.truth, target.predicted, n);
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<std::string> cells = {plain(target.classes[i])};
    for (std::size_t j = 0; j < n; ++j) cells.push_back(fmt::format("{}", counts[i * n + j]));
    table.add(cells);
  }
  return table.text();
}

std::string section(const ReportInput& input) {
  std::string out;
  for (const ScoreTable& table : input.tables) {
    for (const ResultRow* row : table.rows) {
      if (!row->failure.empty()) continue;
      for (const TargetResult& target : row->targets) {
        if (target.classes.empty() || target.truth.size() != target.predicted.size()) continue;
        std::string name = fmt::format("{}: {}", table.name(), input.name(row->encoder));
        if (row->targets.size() > 1) name += fmt::format(", {}", plain(target.name));
        out += row == table.rows.front()
                   ? fmt::format("### {}\n\n{}", name, matrix_text(target))
                   : fmt::format("<details><summary>{}</summary>\n\n{}</details>\n\n", name,
                                 matrix_text(target));
      }
    }
  }
  return out.empty() ? "" : "## Confusion\n\n" + out;
}

using nlohmann::json;

/// A list that many rows share, once.
std::size_t place_in(std::vector<json>& lists, json list) {
  const auto at = std::ranges::find(lists, list);
  if (at != lists.end()) return static_cast<std::size_t>(at - lists.begin());
  lists.push_back(std::move(list));
  return lists.size() - 1;
}

json whole_numbers(const std::vector<double>& values) {
  json out = json::array();
  for (const double value : values) out.push_back(static_cast<std::int64_t>(value));
  return out;
}

/// Predictions of one row: matrix, and for each prediction its item and true class.
json predictions_json(const ResultRow& row, const TargetResult& target, const ClipOrder& order,
                      std::vector<json>& lists) {
  json items = json::array();
  for (const std::string& id : row.item_ids) items.push_back(order.place.at(id));
  return {{"encoder", row.encoder},
          {"counts", confusion(target.truth, target.predicted, target.classes.size())},
          {"items", place_in(lists, std::move(items))},
          {"truth", place_in(lists, whole_numbers(target.truth))},
          {"predicted", whole_numbers(target.predicted)}};
}

std::string page(const PageInput& input) {
  const std::map<std::string, ClipOrder> orders = clip_orders(input.report.results);
  std::vector<json> lists;
  json views = json::array();
  for (const ScoreTable& table : input.report.tables) {
    // One view for each target: its classes, and the rows that predicted it.
    std::vector<std::pair<const TargetResult*, json>> targets;
    for (const ResultRow* row : table.rows) {
      if (!row->failure.empty()) continue;
      for (const TargetResult& target : row->targets) {
        if (target.classes.empty() || target.truth.size() != target.predicted.size() ||
            target.truth.size() != row->item_ids.size()) {
          continue;
        }
        auto at = std::ranges::find_if(targets, [&](const auto& each) {
          return each.first->name == target.name && each.first->classes == target.classes;
        });
        if (at == targets.end()) {
          at = targets.insert(targets.end(), {&target,
                                              {{"task", table.task},
                                               {"protocol", table.protocol},
                                               {"target", target.name},
                                               {"dataset", row->dataset},
                                               {"classes", target.classes},
                                               {"rows", json::array()}}});
        }
        at->second["rows"].push_back(
            predictions_json(*row, target, orders.at(row->dataset), lists));
      }
    }
    for (auto& [target, view] : targets) views.push_back(std::move(view));
  }
  if (views.empty()) return "";
  return page_heading("Confusion: hear what went wrong") +
         page_block("confusion", {{"lists", lists}, {"views", std::move(views)}});
}

}  // namespace

extern const ReportSection confusion_section = {
    .place = 1200, .text = section, .page = page, .page_place = 320};

}  // namespace musicrep
