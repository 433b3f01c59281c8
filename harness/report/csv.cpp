#include "report/csv.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <vector>

#include "formats/csv.h"
#include "store/results_fields.h"

namespace musicrep {
namespace {

std::string field(const std::string& v) { return csv_field(v); }

std::string field(std::int64_t v) { return fmt::format("{}", v); }

std::string field(const std::optional<double>& v) {
  return v && !std::isnan(*v) ? fmt::format("{}", *v) : "";
}

}  // namespace

std::string csv_table(const Results& results) {
  std::vector<std::string> fields;
  const TableLine names;
  visit_fields(names, [&](const char* name, const auto&) { fields.emplace_back(name); });
  std::string out = fmt::format("{}\n", fmt::join(fields, ","));
  for (const TableLine& line : table_lines(results)) {
    fields.clear();
    visit_fields(line, [&](const char*, const auto& v) { fields.push_back(field(v)); });
    out += fmt::format("{}\n", fmt::join(fields, ","));
  }
  return out;
}

}  // namespace musicrep
