#include "report/csv.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <vector>

#include "formats/csv.h"
#include "store/results_table.h"

namespace musicrep {
namespace {

std::string field(const std::string& v) { return csv_field(v); }

std::string field(std::int64_t v) { return fmt::format("{}", v); }

std::string field(double v) { return std::isnan(v) ? "" : fmt::format("{}", v); }

std::string field(const std::optional<double>& v) {
  return v && !std::isnan(*v) ? fmt::format("{}", *v) : "";
}

/// A line of names, then one for each object.
template <typename T>
std::string csv_of(const std::vector<T>& lines) {
  std::vector<std::string> fields;
  const T names;
  visit_fields(names, [&](const char* name, const auto&) { fields.emplace_back(name); });
  std::string out = fmt::format("{}\n", fmt::join(fields, ","));
  for (const T& line : lines) {
    fields.clear();
    visit_fields(line, [&](const char*, const auto& v) { fields.push_back(field(v)); });
    out += fmt::format("{}\n", fmt::join(fields, ","));
  }
  return out;
}

}  // namespace

std::string csv_table(const Results& results) { return csv_of(table_lines(results)); }

std::string csv_diagnoses(const Results& results) { return csv_of(results.diagnoses); }

std::string csv_deformed(const Results& results) {
  if (results.deformed.empty()) return "";
  std::string out;
  const auto line_of = [](const Deformed& each, bool names) {
    std::vector<std::string> fields;
    visit_fields(each, [&](const char* name, const auto& v) {
      if constexpr (requires { field(v); }) fields.push_back(names ? name : field(v));
    });
    return fmt::format("{}\n", fmt::join(fields, ","));
  };
  out += line_of({}, true);
  for (const Deformed& each : results.deformed) out += line_of(each, false);
  return out;
}

std::string csv_retrievals(const Results& results) {
  if (results.retrievals.empty()) return "";
  std::string out =
      "encoder,encoder_kind,encoder_version,dataset,split,centring,n,n_items,n_seeds,direction,"
      "measure,value,ci_low,ci_high,chance,failure\n";
  for (const Retrieval& row : results.retrievals) {
    const std::string begin =
        fmt::format("{},{},{},{},{},{},{},{},{}", field(row.encoder), field(row.encoder_kind),
                    field(row.encoder_version), field(row.dataset), field(row.split),
                    field(row.centring), row.n, row.n_items, row.n_seeds);
    if (!row.failure.empty()) out += fmt::format("{},,,,,,,{}\n", begin, field(row.failure));
    for (const RetrievalMeasure& m : row.measures) {
      out += fmt::format("{},{},{},{},{},{},{},\n", begin, field(m.direction), field(m.name),
                         field(m.value), field(m.ci_low), field(m.ci_high), field(m.chance));
    }
  }
  return out;
}

}  // namespace musicrep
