// What deformed audio costs the rows.
#include <fmt/format.h>

#include <algorithm>

#include "metrics/multiple_tests.h"
#include "report/deformations.h"
#include "report/markdown_text.h"
#include "report/section.h"

namespace musicrep {
namespace {

const ResultRow* row_of(const Results& results, const DeformedTable& table,
                        const std::string& encoder) {
  const auto row = std::ranges::find_if(results.rows, [&](const ResultRow& r) {
    return r.encoder == encoder && r.task == table.task && r.protocol == table.protocol;
  });
  return row == results.rows.end() || !row->failure.empty() ? nullptr : &*row;
}

std::string table_text(const ReportInput& input, const DeformedTable& table) {
  MarkdownTable out(
      {"Encoder", "Deformation", ">score", ">drop", ">p, adjusted", ">distance", ">cosine"});
  for (std::size_t e = 0; e < table.encoders.size(); ++e) {
    const ResultRow* row = row_of(input.results, table, table.encoders[e]);
    if (row != nullptr) {
      out.add({input.name(table.encoders[e]), "none",
               with_interval(row->score, row->ci_low, row->ci_high), kNothing, kNothing, kNothing,
               kNothing});
    }
    for (std::size_t d = 0; d < table.deformations.size(); ++d) {
      const Deformed* each = table.at(d, e);
      if (each == nullptr) continue;
      if (!each->failure.empty()) {
        out.add({input.name(table.encoders[e]), plain(table.deformations[d]), kNothing,
                 plain(each->failure), kNothing, kNothing, kNothing});
        continue;
      }
      const bool differs = each->p_adjusted < kSignificanceLevel;
      out.add(
          {input.name(each->encoder), plain(each->deformation),
           with_interval(each->score, each->ci_low, each->ci_high),
           with_interval(each->drop, each->drop_low, each->drop_high) + (!differs         ? ""
                                                                         : each->drop > 0 ? " ▼"
                                                                                          : " ▲"),
           p_text(each->p_adjusted), score_text(each->distance), score_text(each->cosine)});
    }
  }
  return out.text();
}

std::string section(const ReportInput& input) {
  const std::vector<DeformedTable> tables = deformed_tables(input.results);
  if (tables.empty()) return "";
  std::string out =
      "## Robustness\n\nThe probes of the rows, chosen and fitted on clean audio, on deformed audio "
      "of the same test items. Drop: the row's score less that of deformed audio, paired. Square "
      "brackets: 95 % intervals over items (or artists) and training seeds. ▼ and ▲: a drop or a "
      "gain that is significant (paired t-test at 5 %, Holm over all lines of a table). Distance: "
      "norm of the difference of an item's deformed and clean vectors as a share of the clean "
      "one's, mean over items; cosine: that of the angle between them.\n\n";
  for (const DeformedTable& table : tables) {
    out += fmt::format("{}, {} ({})\n\n", plain(table.task), plain(table.protocol),
                       plain(table.metric)) +
           table_text(input, table);
    std::int64_t n_refit = 0;
    for (const Deformed* each : table.entries) n_refit += each != nullptr ? each->n_refit : 0;
    if (n_refit > 0) {
      out += fmt::format(
          "{} predictions of clean items differ between a row's fits and their "
          "repetition for deformed audio, by rounding.\n\n",
          n_refit);
    }
    if (const auto file = input.figures.file("deformations", table.name()); !file.empty()) {
      out += fmt::format("![Drops of {}]({})\n\n", plain(table.name()), file);
    }
  }
  return out;
}

}  // namespace

extern const ReportSection deformations_section = {.place = 510, .text = section};

}  // namespace musicrep
